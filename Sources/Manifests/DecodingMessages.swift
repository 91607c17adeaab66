import JSONText
import KubernetesAPI

/// What could not be decoded, for the author of the manifest: field, value and cure.
func describe(_ error: any Error, in object: JSONValue) -> String {
  guard let error = error as? DecodingError else { return String(describing: error) }
  switch error {
  case .keyNotFound(let key, let context):
    return "\(path(context.codingPath + [key])) is missing: add it"
  case .valueNotFound(let type, let context):
    return "\(path(context.codingPath)) is null: write \(name(of: type))"
  case .typeMismatch(let type, let context):
    let found = value(at: context.codingPath, in: object).map { " \(brief($0))" } ?? ""
    return "\(path(context.codingPath))\(found) is wrong: write \(name(of: type))"
  case .dataCorrupted(let context):
    let found = value(at: context.codingPath, in: object).map { " \(brief($0))" } ?? ""
    return "\(path(context.codingPath))\(found) is wrong: \(context.debugDescription)"
  @unknown default:
    return String(describing: error)
  }
}

private func path(_ keys: [any CodingKey]) -> String {
  keys.reduce("") { text, key in
    if let index = key.intValue { return text + "[\(index)]" }
    return text.isEmpty ? key.stringValue : text + "." + key.stringValue
  }
}

private func value(at keys: [any CodingKey], in object: JSONValue) -> JSONValue? {
  keys.reduce(Optional(object)) { value, key in
    if let index = key.intValue { return value?[index] }
    return value?[key.stringValue]
  }
}

private func brief(_ value: JSONValue) -> String {
  switch value {
  case .null: "null"
  case .bool(let flag): String(flag)
  case .integer(let number): String(number)
  case .number(let number): String(number)
  case .string(let text): "\"\(text.prefix(60))\""
  case .array: "(a list)"
  case .object: "(a map)"
  }
}

private func name(of type: any Any.Type) -> String {
  let text = String(describing: type)
  if text.hasPrefix("Int") || text.hasPrefix("UInt") { return "a whole number" }
  if text == "String" { return "a string (in quotes, if it looks like a number)" }
  if text == "Bool" { return "true or false" }
  if text == "Double" { return "a number" }
  return text.hasPrefix("Array") || text.contains("UnkeyedDecoding") ? "a list" : "a map"
}
