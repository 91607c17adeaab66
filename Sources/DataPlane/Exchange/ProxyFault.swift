import NIOCore
import NIOHTTP1
import Routing

/// An answer that the gateway gives itself.
struct ProxyFault: Equatable {
  /// The HTTP status.
  var status: Int
  /// The body's error.
  var error: OpenAIError
  /// For the `Retry-After` header, in seconds.
  var retryAfterSeconds: Int?

  /// A fault; the error's type follows from the status.
  init(status: Int, code: String, message: String, param: String? = nil, retryAfterSeconds: Int? = nil) {
    self.status = status
    self.retryAfterSeconds = retryAfterSeconds
    error = OpenAIError(message: message, type: OpenAIError.type(status: status), param: param, code: code)
  }

  /// The fault that tells of a router's rejection.
  init(_ rejection: Rejection) {
    status = rejection.status
    error = OpenAIError(rejection)
    retryAfterSeconds = rejection.retryAfterSeconds
  }

  /// The head and body of the answer.
  func response(keepAlive: Bool, clientVersion: HTTPVersion) -> (head: HTTPResponseHead, body: ByteBuffer) {
    let body = ByteBuffer(bytes: error.encoded())
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
    buffer.writeBytes(error.encoded())
    buffer.writeStaticString("\n\n")
    return buffer
  }

  static func bodyTooLarge(limit: Int) -> ProxyFault {
    ProxyFault(
      status: 413, code: "request_too_large",
      message: "The request body is larger than the \(limit) bytes that this gateway takes. Send a shorter prompt.")
  }

  static let bodyTimeout = ProxyFault(
    status: 408, code: "request_timeout",
    message: "The request body came too slowly, or stopped before it was complete. Send it without long pauses.")

  static let headTimeout = ProxyFault(
    status: 408, code: "request_timeout",
    message: "The request's head did not come whole in time. Send it at once.")

  static let duplicateModel = ProxyFault(
    status: 400, code: "duplicate_model",
    message: "The request body has the member 'model' more than once. Send it once.", param: "model")

  static let missingHost = ProxyFault(
    status: 400, code: "missing_host", message: "The request has no Host header. HTTP/1.1 requires one.")

  static let severalHosts = ProxyFault(
    status: 400, code: "several_hosts", message: "The request has more than one Host header. Send one.")

  static let invalidTarget = ProxyFault(
    status: 400, code: "invalid_target",
    message: "The request's target is neither a path that begins with '/', nor an http URL without user and password.")

  static let codingOfOldVersion = ProxyFault(
    status: 400, code: "invalid_http",
    message: "The request is of HTTP/1.0, which knows no Transfer-Encoding. Send a Content-Length, or HTTP/1.1.")

  static let unknownCoding = ProxyFault(
    status: 501, code: "transfer_coding_not_supported",
    message: "The only Transfer-Encoding that this gateway takes is 'chunked'. Send the body without further codings.")

  static let connectMethod = ProxyFault(
    status: 501, code: "method_not_supported",
    message: "The method CONNECT is not served: this is a gateway to model servers, not a tunnel.")

  static func malformed(_ reason: String) -> ProxyFault {
    ProxyFault(status: 400, code: "invalid_http", message: "The request is not valid HTTP/1.1: \(reason).")
  }

  static func headTooLarge(limit: Int) -> ProxyFault {
    ProxyFault(
      status: 431, code: "headers_too_large",
      message: "The request's headers are more than the \(limit) bytes, or the 256 fields, that this gateway takes. "
        + "Send less in them.")
  }

  static func targetTooLong(limit: Int) -> ProxyFault {
    ProxyFault(
      status: 414, code: "target_too_long",
      message: "The request's target is longer than the \(limit) bytes that this gateway takes. Send a shorter one.")
  }

  /// Every candidate was tried and none answered.
  static func noEndpointAnswered(pool: PoolID, tried: Int, last: EndpointID, failure: UpstreamFailure) -> ProxyFault {
    let message = "No endpoint of \(pool) answered: \(tried) tried; the last, \(last): \(failure.text)."
    if case .closed = failure { return ProxyFault(status: 502, code: "no_endpoint_answered", message: message) }
    return ProxyFault(
      status: 503, code: "no_endpoint_answered", message: message + " Try again shortly.", retryAfterSeconds: 1)
  }

  /// The endpoint answered what cannot be relayed.
  static func invalidResponse(_ endpoint: EndpointID, _ reason: String) -> ProxyFault {
    ProxyFault(
      status: 502, code: "invalid_response",
      message: "The model server at \(endpoint) sent a response that is not valid: \(reason).")
  }

  /// The endpoint was lost in the middle of its response.
  static func lostMidStream(_ endpoint: EndpointID, _ failure: UpstreamFailure) -> ProxyFault {
    ProxyFault(
      status: 502, code: "endpoint_lost",
      message: "The model server at \(endpoint) was lost in the middle of the response: \(failure.text).")
  }
}
