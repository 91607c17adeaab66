extension JSONValue {
  /// The member `name` of an object; `nil` for a missing member or another kind of value. Setting `nil` removes it, and
  /// setting a member of something that is no object makes it one.
  public subscript(name: String) -> JSONValue? {
    get {
      if case .object(let members) = self { return members[name] }
      return nil
    }
    set {
      var members = takeMembers()
      members[name] = newValue
      self = .object(members)
    }
  }

  /// The value at a path of member names, outermost first; `nil` if any step is no object or lacks the member. Setting
  /// makes the objects on the way; setting `nil` removes the last member and makes none.
  public subscript(first: String, second: String, rest: String...) -> JSONValue? {
    get { self[path: [first, second] + rest] }
    set { self[path: [first, second] + rest] = newValue }
  }

  /// The value at a path of member names, as above; an empty path is the value itself.
  public subscript(path path: [String]) -> JSONValue? {
    get {
      var value = self
      for name in path {
        guard let next = value[name] else { return nil }
        value = next
      }
      return value
    }
    set { set(newValue, at: path[...]) }
  }

  private mutating func set(_ value: JSONValue?, at path: ArraySlice<String>) {
    guard let name = path.first else {
      self = value ?? .null
      return
    }
    if path.count == 1 {
      self[name] = value
    } else if value != nil || self[name] != nil {
      var members = takeMembers()
      var child = members.removeValue(forKey: name) ?? .object([:])
      child.set(value, at: path.dropFirst())
      members[name] = child
      self = .object(members)
    }
  }

  /// The members, which this value no longer holds: so they are changed in place and not copied.
  private mutating func takeMembers() -> [String: JSONValue] {
    guard case .object(let members) = self else { return [:] }
    self = .null
    return members
  }

  /// The item at `index` of an array; `nil` outside it or for another kind of value.
  public subscript(index: Int) -> JSONValue? {
    guard case .array(let items) = self, items.indices.contains(index) else { return nil }
    return items[index]
  }

  /// The string, if this is one.
  public var stringValue: String? {
    if case .string(let value) = self { return value }
    return nil
  }

  /// The integer, if this is one, or a number without a fraction.
  public var integerValue: Int64? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int64(exactly: value)
    default: nil
    }
  }

  /// The number, whole or not.
  public var doubleValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The truth value, if this is one.
  public var boolValue: Bool? {
    if case .bool(let value) = self { return value }
    return nil
  }

  /// The items, if this is an array.
  public var arrayValue: [JSONValue]? {
    if case .array(let items) = self { return items }
    return nil
  }

  /// The strings of an array, other items left out; `nil` if this is no array.
  public var stringValues: [String]? { arrayValue?.compactMap(\.stringValue) }

  /// The members, if this is an object.
  public var objectValue: [String: JSONValue]? {
    if case .object(let members) = self { return members }
    return nil
  }

  /// Whether this is `null`.
  public var isNull: Bool { self == .null }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An integer.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object; of two equal names the later one stays.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { _, later in later }))
  }
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
}
