import JSONText

/// Turns chat messages into the text a model sees.
enum ChatTemplate {
  static func render(_ fields: FieldReader) throws(ServiceError) -> String {
    guard let messages = fields.body["messages"], !messages.isNull else { throw fields.missing("messages") }
    guard case .array(let list) = messages else {
      throw fields.wrong("messages", "list_type", "Input should be a valid list", messages)
    }
    var text = ""
    for (index, message) in list.enumerated() {
      let reader = FieldReader(body: message)
      guard case .object = message, case .string(let role) = message["role"] else {
        throw fields.wrong("messages.\(index).role", "missing", "Field required", message)
      }
      text += "<|im_start|>\(role)\n\(try content(reader, index: index, fields))<|im_end|>\n"
    }
    return text + "<|im_start|>assistant\n"
  }

  /// A text, or parts of which the text ones count.
  private static func content(_ message: FieldReader, index: Int, _ fields: FieldReader) throws(ServiceError) -> String
  {
    switch message.body["content"] {
    case nil, .null: return ""
    case .string(let text): return text
    case .array(let parts):
      return parts.compactMap { part in
        if case .string(let text) = part["text"] { return text }
        return nil
      }.joined(separator: "\n")
    case .some(let value):
      throw fields.wrong("messages.\(index).content", "string_type", "Input should be a valid string", value)
    }
  }
}
