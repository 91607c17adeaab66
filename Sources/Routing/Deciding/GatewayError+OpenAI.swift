extension GatewayError {
  /// The error as a body in the shape that OpenAI's clients read, `application/json` in UTF-8.
  ///
  /// Source: OpenAI API reference, "Error codes": `{"error":{"message","type","param","code"}}`.
  public var openAIBody: [UInt8] {
    let fields: JSONText = .object([
      ("message", .string(message)), ("type", .string(kind.treatment.type)),
      ("param", param.map { .string($0) } ?? .null), ("code", .string(kind.rawValue)),
    ])
    var bytes: [UInt8] = []
    JSONText.object([("error", fields)]).appendCompact(to: &bytes)
    return bytes
  }
}
