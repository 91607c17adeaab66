/// Reading and planting fields of untyped objects.
///
/// The store keeps objects as JSON, since a custom resource has no type.
extension JSONValue {
  /// The value at a path of field names, if every step is an object that has it.
  package func dig(_ path: String...) -> JSONValue? { dig(path) }

  /// The value at a path of field names, if every step is an object that has it.
  package func dig(_ path: [String]) -> JSONValue? {
    var value = self
    for name in path {
      guard case .object(let fields) = value, let next = fields[name] else { return nil }
      value = next
    }
    return value
  }

  /// The text at a path, if there is a string.
  package func digText(_ path: String...) -> String? {
    if case .string(let text) = dig(path) { text } else { nil }
  }

  /// The fields of an object; empty for anything else.
  package var fieldMap: [String: JSONValue] {
    if case .object(let fields) = self { fields } else { [:] }
  }

  /// The items of an array; empty for anything else.
  package var itemList: [JSONValue] {
    if case .array(let items) = self { items } else { [] }
  }

  /// The text of a string.
  package var textValue: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// Roughly the bytes of the value when it is written.
  package var roughSize: Int {
    switch self {
    case .null, .bool, .integer, .number: 8
    case .string(let text): text.utf8.count + 4
    case .array(let items): items.reduce(2) { $0 + $1.roughSize + 1 }
    case .object(let fields): fields.reduce(2) { $0 + $1.key.utf8.count + 4 + $1.value.roughSize }
    }
  }

  /// Whether this is a JSON object.
  package var isObjectValue: Bool {
    if case .object = self { true } else { false }
  }

  /// Puts a value at a path, making the objects on the way; `nil` removes the field.
  package mutating func plant(_ value: JSONValue?, _ path: String...) { plant(value, at: path[...]) }

  private mutating func plant(_ value: JSONValue?, at path: ArraySlice<String>) {
    guard let name = path.first else { return }
    var fields = fieldMap
    if path.count == 1 {
      fields[name] = value
    } else if value != nil || fields[name] != nil {
      var child = fields[name] ?? .object([:])
      child.plant(value, at: path.dropFirst())
      fields[name] = child
    }
    self = .object(fields)
  }
}
