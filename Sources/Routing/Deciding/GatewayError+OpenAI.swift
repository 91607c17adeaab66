import JSONText

extension GatewayError {
  /// The error as a body in the shape that OpenAI's clients read, `application/json` in UTF-8.
  ///
  /// Source: OpenAI API reference, "Error codes": `{"error":{"message","type","param","code"}}`.
  public var openAIBody: [UInt8] {
    let error: OrderedJSON = [
      "message": .string(message), "type": .string(kind.treatment.type), "param": .string(orNull: param),
      "code": .string(kind.rawValue),
    ]
    return JSONWriter.bytes(of: ["error": error] as OrderedJSON)
  }
}
