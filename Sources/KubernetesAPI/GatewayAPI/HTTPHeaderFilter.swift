/// Changes to headers; each header is named once.
///
/// Source: `HTTPHeaderFilter`, Gateway API v1.
public struct HTTPHeaderFilter: Codable, Sendable, Equatable {
  /// Headers that get this value instead of those they have.
  @OrEmpty public var set: [HTTPHeader]
  /// Headers that get this value besides those they have.
  @OrEmpty public var add: [HTTPHeader]
  /// Names of headers that are taken away.
  @OrEmpty public var remove: [String]

  /// Makes the value from its parts.
  public init(set: [HTTPHeader] = [], add: [HTTPHeader] = [], remove: [String] = []) {
    self.set = set
    self.add = add
    self.remove = remove
  }
}

/// A header and its value.
public struct HTTPHeader: Codable, Sendable, Equatable {
  /// Its name; letter case is not significant.
  @OrEmpty public var name: String
  /// Its value.
  @OrEmpty public var value: String

  /// Makes the value from its parts.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}
