import Routing
import Testing

@Suite("In which shape an error is told") struct ErrorShapeTests {
  private static let rows: [(path: String, type: String, shape: ErrorShape)] = [
    ("/v1/chat/completions", "application/json", .openAI), ("/team/v1/models", "", .openAI), ("", "", .openAI),
    ("/v1/messages", "application/json", .anthropic), ("/team/v1/messages", "", .anthropic),
    ("/v1/messages/count_tokens", "application/json", .anthropic), ("/v1/messages/batches", "", .openAI),
    ("/", "", .plain), ("/v1", "", .plain), ("/av1/x", "", .plain), ("/v10/x", "", .plain),
    ("/inference.Service/Infer", "application/grpc", .grpc), ("/v1/messages", "Application/gRPC+proto", .grpc),
  ]

  @Test("it goes by the content type, then by the path", arguments: rows)
  func shape(_ path: String, _ type: String, _ shape: ErrorShape) {
    #expect(ErrorShape(RequestHead(method: "POST", path: path, fields: [("Content-Type", type)])) == shape, "\(path)")
  }

  @Test("the bodies are those that each API's clients read") func bodies() {
    let error = GatewayError(.modelNotFound, "no 100 %\u{e9}")
    #expect(
      String(decoding: error.body(.anthropic), as: UTF8.self)
        == #"{"type":"error","error":{"type":"not_found_error","message":"no 100 %é"}}"#)
    #expect(error.body(.openAI) == error.openAIBody)
    #expect(String(decoding: error.body(.plain), as: UTF8.self) == "no 100 %é\n")
    #expect(error.body(.grpc).isEmpty && error.grpcStatus == 12)
    #expect(String(decoding: error.grpcMessage, as: UTF8.self) == "no 100 %25%C3%A9")
  }
}
