public import JSONText

/// A member that an object may have in a form that we do not know, of a newer API for example. It is then kept as it is
/// written, and `$member` says what about it cannot be read: the rest of the object is read all the same.
@propertyWrapper
public struct IfReadable<Value: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
  /// The value; `nil` without one, and for one that cannot be read.
  public var wrappedValue: Value?
  /// What cannot be read.
  public private(set) var projectedValue: UnreadableMember?

  /// Wraps a value; nothing without one.
  public init(wrappedValue: Value? = nil) { self.wrappedValue = wrappedValue }

  /// Reads the value, or notes why it cannot be read.
  public init(from decoder: any Decoder) throws {
    do {
      wrappedValue = try Value(from: decoder)
    } catch let error as DecodingError {
      let keys = error.keys.dropFirst(decoder.codingPath.count)
      projectedValue = UnreadableMember(value: try JSONValue(from: decoder), keys: Array(keys))
    }
  }

  /// Writes the value, or what could not be read as it was written.
  public func encode(to encoder: any Encoder) throws {
    if let projectedValue { return try projectedValue.value.encode(to: encoder) }
    try wrappedValue?.encode(to: encoder)
  }
}

/// A member of an object that cannot be read.
public struct UnreadableMember: Equatable, Sendable {
  /// The whole member as it is written.
  public let value: JSONValue
  /// What of it is wrong, for example `.backendRef.port`; empty for the member itself.
  public let path: String
  /// What is there instead of what we know, in words.
  public let found: String

  init(value: JSONValue, keys: [any CodingKey]) {
    self.value = value
    path = keys.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
    found = Self.words(
      keys.reduce(Optional(value)) { value, key in key.intValue.map { value?[$0] } ?? value?[key.stringValue] })
  }

  private static func words(_ value: JSONValue?) -> String {
    switch value {
    case nil: "missing"
    case .null: "null"
    case .bool(let flag): String(flag)
    case .integer(let number): String(number)
    case .number(let number): String(number)
    case .string(let text): JSONWriter.quoted(String(text.prefix(60)))
    case .array: "a list"
    case .object: "a map"
    }
  }
}

extension DecodingError {
  /// The way to what is wrong, from the outermost value.
  fileprivate var keys: [any CodingKey] {
    switch self {
    case .keyNotFound(let key, let context): context.codingPath + [key]
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): context.codingPath
    @unknown default: []
    }
  }
}

extension KeyedDecodingContainer {
  func decode<Value>(_ type: IfReadable<Value>.Type, forKey key: Key) throws -> IfReadable<Value> {
    try decodeIfPresent(type, forKey: key) ?? IfReadable()
  }
}

extension KeyedEncodingContainer {
  mutating func encode<Value>(_ value: IfReadable<Value>, forKey key: Key) throws {
    if let unreadable = value.projectedValue { return try encode(unreadable.value, forKey: key) }
    try encodeIfPresent(value.wrappedValue, forKey: key)
  }
}
