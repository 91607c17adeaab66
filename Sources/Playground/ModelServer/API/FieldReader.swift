import JSONText

/// Reads fields of a request body and reports wrong types as vLLM's validation does.
struct FieldReader {
  let body: JSONValue

  func string(_ name: String) throws(ServiceError) -> String? {
    switch body[name] {
    case nil, .null: return nil
    case .string(let value): return value
    case .some(let value): throw wrong(name, "string_type", "Input should be a valid string", value)
    }
  }

  func integer(_ name: String) throws(ServiceError) -> Int? {
    switch body[name] {
    case nil, .null: return nil
    case .integer(let value): return Int(value)
    case .number(let value) where value == value.rounded() && abs(value) < 1e15: return Int(value)
    case .some(let value): throw wrong(name, "int_type", "Input should be a valid integer", value)
    }
  }

  func number(_ name: String) throws(ServiceError) -> Double? {
    switch body[name] {
    case nil, .null: return nil
    case .integer(let value): return Double(value)
    case .number(let value): return value
    case .some(let value): throw wrong(name, "float_type", "Input should be a valid number", value)
    }
  }

  func bool(_ name: String) throws(ServiceError) -> Bool {
    switch body[name] {
    case nil, .null: return false
    case .bool(let value): return value
    case .some(let value): throw wrong(name, "bool_type", "Input should be a valid boolean", value)
    }
  }

  /// One string or a list of them.
  func strings(_ name: String) throws(ServiceError) -> [String] {
    switch body[name] {
    case nil, .null: return []
    case .string(let value): return [value]
    case .array(let values):
      var strings: [String] = []
      for (index, value) in values.enumerated() {
        guard case .string(let string) = value else {
          throw wrong("\(name).\(index)", "string_type", "Input should be a valid string", value)
        }
        strings.append(string)
      }
      return strings
    case .some(let value):
      throw wrong(name, "list_type", "Input should be a valid list", value)
    }
  }

  func missing(_ name: String) -> ServiceError {
    .validation("missing", location: "body.\(name)", "Field required", input: Self.shown(body))
  }

  func wrong(_ name: String, _ type: String, _ message: String, _ value: JSONValue) -> ServiceError {
    .validation(type, location: "body.\(name)", message, input: Self.shown(value))
  }

  /// Long values are summed up, as vLLM does to keep prompts out of error messages and logs.
  static func shown(_ value: JSONValue) -> String {
    switch value {
    case .object(let members): return "'<dict of \(members.count) items>'"
    case .array(let values): return "'<list of \(values.count) items>'"
    case .string(let string):
      return string.count > 64 ? "'<string of \(string.count) characters>'" : "'\(string)'"
    case .null: return "None"
    case .bool(let value): return value ? "True" : "False"
    case .integer, .number: return JSONWriter.text(of: value)
    }
  }
}
