/// A list, map or string that is empty when the JSON lacks it or says `null`, and is left out when empty.
///
/// Kubernetes treats "absent", `null` and "empty" alike for these, so code that reads an object should not have to tell
/// them apart.
@propertyWrapper
public struct OrEmpty<Value: Codable & Equatable & Sendable & EmptyValue>: Codable, Equatable, Sendable {
  /// The value itself.
  public var wrappedValue: Value

  /// Wraps a value; empty without one.
  public init(wrappedValue: Value = Value()) { self.wrappedValue = wrappedValue }

  /// Reads the value, or nothing from `null`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? Value() : try container.decode(Value.self)
  }

  /// Writes the value.
  public func encode(to encoder: any Encoder) throws { try wrappedValue.encode(to: encoder) }
}

/// A type with an empty value.
public protocol EmptyValue {
  /// The empty value.
  init()
  /// Whether this value is the empty one.
  var isEmpty: Bool { get }
}

extension Array: EmptyValue {}
extension Dictionary: EmptyValue {}
extension String: EmptyValue {}

extension KeyedDecodingContainer {
  func decode<Value>(_ type: OrEmpty<Value>.Type, forKey key: Key) throws -> OrEmpty<Value> {
    try decodeIfPresent(type, forKey: key) ?? OrEmpty()
  }
}

extension KeyedEncodingContainer {
  mutating func encode<Value>(_ value: OrEmpty<Value>, forKey key: Key) throws {
    if !value.wrappedValue.isEmpty { try encode(value.wrappedValue, forKey: key) }
  }
}
