import NIOCore
import Routing

/// What the proxy itself finds wrong, each said in one place.
extension GatewayError {
  static func bodyTooLarge(limit: Int) -> GatewayError {
    GatewayError(
      .requestTooLarge,
      "The request body is larger than the \(limit) bytes that this gateway takes. Send a shorter prompt.")
  }

  static let bodyTimeout = GatewayError(
    .bodyTimeout,
    "The request body came too slowly, or stopped before it was complete. Send it without long pauses.")

  static let headTimeout = GatewayError(
    .headTimeout, "The request's head did not come whole in time. Send it at once.")

  static let duplicateModel = GatewayError(
    .duplicateModel,
    "The request body names its 'model' more than once, in whatever letter case. Send it once.", param: "model")

  static let missingHost = GatewayError(.missingHost, "The request has no Host header. HTTP/1.1 requires one.")

  static let severalHosts = GatewayError(.severalHosts, "The request has more than one Host header. Send one.")

  static let invalidHost = GatewayError(
    .invalidTarget,
    "The request's Host header is no host name or address, with or without a port. Send the name of a host.")

  static let invalidTarget = GatewayError(
    .invalidTarget,
    "The request's target is neither a path that begins with '/', nor an http URL without user and password, or has a '%' that is "
      + "not before two hexadecimal digits, or encodes NUL.")

  static let codingOfOldVersion = GatewayError(
    .invalidHTTP,
    "The request is of HTTP/1.0, which knows no Transfer-Encoding. Send a Content-Length, or HTTP/1.1.")

  static let unknownCoding = GatewayError(
    .transferCodingNotSupported,
    "The only Transfer-Encoding that this gateway takes is 'chunked'. Send the body without further codings.")

  static let version = GatewayError(
    .versionNotSupported,
    "The request is of a version of HTTP that this listener does not speak. Send HTTP/1.1.")

  static let unknownExpectation = GatewayError(
    .expectationFailed,
    "The only expectation that this gateway can meet is '100-continue'. Send the request without another 'Expect'.")

  static let connectMethod = GatewayError(
    .methodNotSupported,
    "The method CONNECT is not served: this is a gateway to model servers, not a tunnel.")

  static let lastForward = GatewayError(
    .methodNotSupported,
    "Max-Forwards lets this request go no further, and the gateway itself serves neither OPTIONS nor TRACE.")

  static func malformed(_ reason: String) -> GatewayError {
    GatewayError(.invalidHTTP, "The request is not valid HTTP/1.1: \(reason).")
  }

  static func malformedHTTP2(_ reason: String) -> GatewayError {
    GatewayError(.invalidHTTP, "The request is not valid HTTP/2: \(reason).")
  }

  static func headTooLarge(_ limits: HTTP1Limits) -> GatewayError {
    GatewayError(
      .headersTooLarge,
      "The request's headers are more than the \(limits.headBytes) bytes, or the \(limits.fields) fields, that this gateway takes. "
        + "Send less in them.")
  }

  static func targetTooLong(limit: Int) -> GatewayError {
    GatewayError(
      .targetTooLong,
      "The request's target is longer than the \(limit) bytes that this gateway takes. Send a shorter one.")
  }

  static let clientClosed = GatewayError(.clientClosed, "the client closed the connection")

  static let clientStalled = GatewayError(.clientStalled, "the client stopped reading the response")

  /// The gateway itself may open no further connection.
  static let overloaded = GatewayError(
    .overloaded, "This gateway has as many connections open as it may. Try again shortly.", retryAfterSeconds: 1)

  /// The plan has no endpoint to turn to.
  static let noCandidate = GatewayError(
    .noReadyEndpoint, "No endpoint is ready. Try again shortly.", retryAfterSeconds: 1)

  /// Every candidate was tried and none answered. An endpoint that may have begun to work on the request is told from
  /// those that never had it: only the latter invite the client to try again.
  static func noEndpointAnswered(
    pool: PoolID, tried: Int, last: EndpointID, failure: GatewayError
  ) -> GatewayError {
    let message = "No endpoint of \(pool) answered: \(tried) tried; the last, \(last): \(failure.message)."
    if failure.kind == .noResponse { return GatewayError(.noResponse, message) }
    return GatewayError(.noEndpointAnswered, message + " Try again shortly.", retryAfterSeconds: 1)
  }

  /// The endpoint answered what cannot be relayed.
  static func invalidResponse(_ endpoint: EndpointID, _ reason: String) -> GatewayError {
    GatewayError(
      .invalidResponse, "The model server at \(endpoint) sent a response that is not valid: \(reason).")
  }

  /// The endpoint has not looked at the request, and said so.
  static func requestRefused(_ reason: String) -> GatewayError { GatewayError(.requestRefused, reason) }

  /// No connection stood in time, or none became free.
  static func connectTimeout(_ time: TimeAmount) -> GatewayError {
    GatewayError(.connectTimeout, "no connection within \(time.nanoseconds / 1_000_000) ms")
  }

  /// The endpoint has stopped taking the request.
  static func uploadStalled(_ endpoint: EndpointID) -> GatewayError {
    GatewayError(
      .uploadStalled,
      "The model server at \(endpoint) stopped taking the request before it had all of it. Try again.")
  }

  /// The endpoint did not begin to answer in time.
  static func responseTimeout(_ endpoint: EndpointID) -> GatewayError {
    GatewayError(
      .responseTimeout,
      "The model server at \(endpoint) did not begin to answer in time. Ask for less, or for a stream.")
  }

  /// The attempt took longer than the route lets one take.
  static func attemptTimeout(_ endpoint: EndpointID) -> GatewayError {
    GatewayError(
      .attemptTimeout,
      "The model server at \(endpoint) did not answer within the route's timeouts.backendRequest. Ask for less.")
  }

  /// The whole request took longer than the route lets one take.
  static let routeDeadlineExceeded = GatewayError(
    .deadlineExceeded, "The request took longer than the route's timeouts.request. Ask for less.")

  /// The whole request took longer than the gateway's operator allows.
  static let deadlineExceeded = GatewayError(
    .deadlineExceeded, "The request took longer than this gateway lets a request take. Ask for less.")

  /// The endpoint has begun to answer and sends nothing.
  static let responseStalled = GatewayError(.responseStalled, "it sent nothing for too long")

  /// Neither side of a tunnel has sent anything for as long as it may rest.
  static let tunnelIdle = GatewayError(.tunnelIdle, "nothing has passed in either direction for too long")

  /// The endpoint was lost in the middle of its response, or is as good as lost: a wait for it is over.
  static func lostMidStream(_ endpoint: EndpointID, _ failure: GatewayError) -> GatewayError {
    GatewayError(
      failure.kind == .responseStalled ? .responseStalled : .endpointLost,
      "The model server at \(endpoint) was lost in the middle of the response: \(failure.message).")
  }
}
