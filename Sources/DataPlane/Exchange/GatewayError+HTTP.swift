import Logging
import NIOCore
import NIOHTTP1
import Routing

/// An error as this front end sends it.
extension GatewayError {
  /// The head and body of the answer.
  func response(keepAlive: Bool, clientVersion: HTTPVersion) -> (head: HTTPResponseHead, body: ByteBuffer) {
    let body = ByteBuffer(bytes: openAIBody)
    var headers: HTTPHeaders = [
      "content-type": "application/json", "content-length": String(body.readableBytes),
    ]
    if let retryAfterSeconds { headers.add(name: "retry-after", value: String(retryAfterSeconds)) }
    MessageRewriter.addConnection(to: &headers, keepAlive: keepAlive, clientVersion: clientVersion)
    return (HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers), body)
  }

  /// The error as the last event of a stream of server-sent events.
  var event: ByteBuffer {
    var buffer = ByteBuffer(string: "data: ")
    buffer.writeBytes(openAIBody)
    buffer.writeStaticString("\n\n")
    return buffer
  }
}

extension Logger.Level {
  /// The level that an error asks for.
  init(_ level: GatewayError.Kind.LogLevel) {
    switch level {
    case .debug: self = .debug
    case .info: self = .info
    case .error: self = .error
    }
  }
}
