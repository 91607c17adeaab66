import Logging
import NIOCore
import Routing

extension GatewayError {
  /// The error as the last event of a stream of server-sent events.
  func event(_ shape: ErrorShape) -> ByteBuffer {
    let isAnthropic = shape == .anthropic
    var buffer = ByteBuffer(string: isAnthropic ? "event: error\ndata: " : "data: ")
    buffer.writeBytes(isAnthropic ? body(shape) : openAIBody)
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
