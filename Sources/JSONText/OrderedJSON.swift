/// A JSON value on its way out whose objects keep the order of their members: for answers that people read or that are
/// compared with recorded ones. What is read or stored is a ``JSONValue``.
package indirect enum OrderedJSON: Hashable, Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// Any other number; `null` if it is infinite or not a number.
  case number(Double)
  /// A string.
  case string(String)
  /// An array.
  case array([OrderedJSON])
  /// An object, its members in this order.
  case object([Member])

  /// One member of an object.
  package struct Member: Hashable, Sendable {
    /// The name.
    package var name: String
    /// The value.
    package var value: OrderedJSON

    /// A member.
    package init(_ name: String, _ value: OrderedJSON) {
      self.name = name
      self.value = value
    }
  }

  /// The string, or `null` for none.
  package static func string(orNull text: String?) -> OrderedJSON { text.map(OrderedJSON.string) ?? .null }
}

extension OrderedJSON: JSONWritable {
  /// Members are written in their order.
  package func write(to writer: inout JSONWriter) {
    switch self {
    case .null: writer.writeBare("null")
    case .bool(let flag): writer.writeBare(flag ? "true" : "false")
    case .integer(let number): writer.writeBare(String(number))
    case .number(let number): writer.write(number)
    case .string(let text): writer.write(text)
    case .array(let items): writer.write(items)
    case .object(let members): writer.write(members: members, name: \.name, value: \.value)
    }
  }
}

extension OrderedJSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  /// A string.
  package init(stringLiteral value: String) { self = .string(value) }
  /// A whole number.
  package init(integerLiteral value: Int) { self = .integer(value) }
  /// A truth value.
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An array.
  package init(arrayLiteral elements: OrderedJSON...) { self = .array(elements) }
  /// An object, its members in the order of the literal.
  package init(dictionaryLiteral elements: (String, OrderedJSON)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
  /// `null`.
  package init(nilLiteral: ()) { self = .null }
}
