/// Names a parent of a route, or of a pool.
public struct ParentReference: Codable, Sendable, Equatable {
  /// Its group; the Gateway API's when unset.
  public var group: String?
  /// Its kind; `Gateway` when unset.
  public var kind: String?
  /// Its namespace; the referrer's when unset.
  public var namespace: String?
  /// Its name.
  @OrEmpty public var name: String
  /// One listener of it.
  public var sectionName: String?
  /// The listeners at one port of it.
  public var port: Int?

  /// Makes the value from its parts.
  public init(
    group: String? = nil, kind: String? = nil, namespace: String? = nil, name: String, sectionName: String? = nil,
    port: Int? = nil
  ) {
    self.group = group
    self.kind = kind
    self.namespace = namespace
    self.name = name
    self.sectionName = sectionName
    self.port = port
  }
}
