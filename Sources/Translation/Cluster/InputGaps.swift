public import KubernetesAPI

/// What of a cluster is there and could not be read.
public struct InputGaps: Equatable, Sendable {
  /// An object whose newest state does not decode; what was last known of it stays in force.
  public struct Object: Equatable, Sendable {
    /// Its kind.
    public var type: ResourceType
    /// Which one.
    public var key: ObjectKey
    /// What does not decode, and where.
    public var reason: String

    /// A report of an object.
    public init(type: ResourceType, key: ObjectKey, reason: String) {
      self.type = type
      self.key = key
      self.reason = reason
    }
  }

  /// The kinds that this account may not list or watch, with why and what to do.
  public var kinds: [ResourceType: String]
  /// The objects that do not decode.
  public var objects: [Object]

  /// Gaps; by default none.
  public init(kinds: [ResourceType: String] = [:], objects: [Object] = []) {
    self.kinds = kinds
    self.objects = objects
  }

  /// What a Gateway says of them; `nil` where there are none.
  func condition(of metadata: ObjectMeta) -> Condition? {
    let refused = kinds.sorted { $0.value < $1.value }.map { "\($0.key.kind): \($0.value)" }
    let broken = objects.map { "\($0.type.kind) \($0.key) does not decode and stays as it was before: \($0.reason)" }
    let lines = refused + broken.sorted()
    guard !lines.isEmpty else { return nil }
    let rest = lines.count > 5 ? "; and \(lines.count - 5) more" : ""
    return Condition(
      .inputsReadable, .false, refused.isEmpty ? .objectUndecodable : .forbidden,
      lines.prefix(5).joined(separator: "; ") + rest, of: metadata)
  }

  /// A condition that cannot be told without a kind; `nil` where the kind can be read.
  func unknown(
    _ condition: ConditionType, without type: ResourceType, _ reason: ConditionReason, of metadata: ObjectMeta
  ) -> Condition? {
    kinds[type].map { Condition(condition, .unknown, reason, $0, of: metadata) }
  }
}
