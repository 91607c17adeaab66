package import JSONText

/// How values are named and shown in the API server's messages.
extension JSONValue {
  /// The type's name in "must be of type" messages.
  package var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .integer: "integer"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  /// Compact JSON with sorted members; a double without a fraction is shown as a whole number.
  package var display: String {
    if case .number(let number) = self, let whole = Int64(exactly: number) { return String(whole) }
    return JSONWriter.text(of: self)
  }
}
