/// Reading a JSON tree of which nothing is known yet: each accessor is `nil` when the value is of another type.
extension JSONValue {
  package var members: [String: JSONValue]? {
    if case .object(let members) = self { members } else { nil }
  }

  package var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  package var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  package var flag: Bool? {
    if case .bool(let flag) = self { flag } else { nil }
  }

  package var wholeNumber: Int64? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int64(exactly: value)
    default: nil
    }
  }

  package var decimal: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The member at a path of names, `nil` if any step is missing.
  package func member(_ path: String...) -> JSONValue? {
    var current = self
    for name in path {
      guard let next = current.members?[name] else { return nil }
      current = next
    }
    return current
  }

  /// A list's strings; elements of other types are left out.
  package var texts: [String] { elements?.compactMap(\.text) ?? [] }
}
