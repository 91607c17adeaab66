import SwiftProtobuf

@testable import ExternalProcessing

extension Replies {
  /// Streams the body back, as llm-d's picker does.
  static let streaming: ScriptedServer.Script = { request, stream in
    switch request.request {
    case .requestHeaders: stream.head()
    case .requestBody(let body):
      if body.endOfStream { try stream.send(Replies.head()) }
      guard body.endOfStream else { return }
      try stream.send(Replies.streamed("picked", ends: true))
    case .responseHeaders:
      let told = request.metadataContext.filterMetadata["envoy.lb"]?.fields["x-gateway-destination-endpoint-served"]
      try stream.send(Replies.response([Replies.option("x-served", told?.stringValue ?? "")]))
    default: break
    }
  }
}
