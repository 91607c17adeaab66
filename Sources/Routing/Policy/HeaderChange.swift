/// What becomes of the headers of a message: first values are set, then added, then headers are removed.
///
/// Source: `HTTPHeaderFilter`, Gateway API v1.
public struct HeaderChange: Sendable, Equatable {
  /// A header and its value.
  public struct Field: Sendable, Equatable {
    /// The name; letter case is not significant.
    public var name: String
    /// The value, fit for a head.
    public var value: String

    /// A field.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Headers that have this value only.
  public var set: [Field]
  /// Values added to those that are there.
  public var add: [Field]
  /// Names, in lower case, of headers that are taken away.
  public var remove: [String]

  /// A change; by default none.
  public init(set: [Field] = [], add: [Field] = [], remove: [String] = []) {
    self.set = set
    self.add = add
    self.remove = remove
  }

  /// Whether nothing is changed.
  public var isEmpty: Bool { self.set.isEmpty && add.isEmpty && remove.isEmpty }
}
