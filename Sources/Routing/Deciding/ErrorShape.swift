import JSONText

/// In which of the shapes that clients read an error is told; it goes by the request.
public enum ErrorShape: Sendable, Equatable {
  /// `{"error":{"message","type","param","code"}}`, for paths with a segment `v1` and those of ``EngineRoutes``, and where no head could be read.
  case openAI
  /// `{"type":"error","error":{"type","message"}}`, for the Messages API.
  case anthropic
  /// A status in the head, for content types that begin with `application/grpc`.
  case grpc
  /// The message as a line of text.
  case plain

  /// The shape for a request; an empty head is one that could not be read.
  public init(_ head: RequestHead) {
    if let type = head.block.first(.contentType),
      head.block.withBytes(type.value, { ASCIIBytes.hasPrefix($0, "application/grpc") })
    {
      self = .grpc
      return
    }
    guard head.path.count > 0 else {
      self = .openAI
      return
    }
    self = head.block.withBytes(head.path.range) { path in
      if ASCIIBytes.hasSuffix(path, "/v1/messages") || ASCIIBytes.hasSuffix(path, "/v1/messages/count_tokens") {
        return .anthropic
      }
      if RefusedEngineRoutes.everyone.find(path) != nil { return .openAI }
      let last = path.count - 4
      guard last >= 0 else { return .plain }
      let isOpenAI = (0...last).contains { start in
        ASCIIBytes.hasPrefix(UnsafeRawBufferPointer(rebasing: path[start...]), "/v1/")
      }
      return isOpenAI ? .openAI : .plain
    }
  }

  /// The value of `Content-Type`.
  public var contentType: StaticString {
    switch self {
    case .openAI, .anthropic: "application/json"
    case .grpc: "application/grpc"
    case .plain: "text/plain; charset=utf-8"
    }
  }
}

extension GatewayError {
  /// The error as the body of an answer in this shape; empty where the head tells all.
  public func body(_ shape: ErrorShape) -> [UInt8] {
    switch shape {
    case .openAI: openAIBody
    case .anthropic: anthropicBody
    case .grpc: []
    case .plain: Array(message.utf8) + [UInt8(ascii: "\n")]
    }
  }

  /// Source: Anthropic API reference, "Errors".
  private var anthropicBody: [UInt8] {
    let error: OrderedJSON = ["type": .string(anthropicType), "message": .string(message)]
    return JSONWriter.bytes(of: ["type": .string("error"), "error": error] as OrderedJSON)
  }

  private var anthropicType: String {
    switch status {
    case 401: "authentication_error"
    case 403: "permission_error"
    case 404: "not_found_error"
    case 413: "request_too_large"
    case 429: "rate_limit_error"
    case 503: "overloaded_error"
    case 504: "timeout_error"
    case 400..<500: "invalid_request_error"
    default: "api_error"
    }
  }

  /// The value of `grpc-status`. Source: gRPC, "Status codes and their use in gRPC".
  public var grpcStatus: Int {
    switch status {
    case 404, 501: 12  // UNIMPLEMENTED
    case 408, 504: 4  // DEADLINE_EXCEEDED
    case 413, 414, 429, 431: 8  // RESOURCE_EXHAUSTED
    case 499: 1  // CANCELLED
    case 502, 503: 14  // UNAVAILABLE
    case 400..<500: 3  // INVALID_ARGUMENT
    default: 13  // INTERNAL
    }
  }

  /// The value of `grpc-message`, percent-encoded. Source: gRPC over HTTP/2, "Status-Message".
  public var grpcMessage: [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return message.utf8.flatMap { byte -> [UInt8] in
      let isPlain = (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "%")
      return isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
}
