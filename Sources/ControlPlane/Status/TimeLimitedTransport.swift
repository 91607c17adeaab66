import KubernetesClient

/// Sends through another transport and bounds each exchange, for requests that nobody should wait for long.
struct TimeLimitedTransport: HTTPTransport {
  let base: any HTTPTransport
  /// The longest time for an exchange, connecting included.
  let limit: Duration

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    var request = request
    request.timeout = min(request.timeout ?? limit, limit)
    request.connectTimeout = min(request.connectTimeout, limit)
    return try await base.send(request)
  }
}
