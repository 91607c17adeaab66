/// Sends through another transport and bounds each exchange, for requests that nobody should wait for long.
package struct TimeLimitedTransport: HTTPTransport {
  private let base: any HTTPTransport
  private let limit: Duration

  /// - Parameter limit: the longest time for an exchange, connecting included.
  package init(base: any HTTPTransport, limit: Duration) {
    self.base = base
    self.limit = limit
  }

  package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    var request = request
    request.timeout = min(request.timeout ?? limit, limit)
    request.connectTimeout = min(request.connectTimeout, limit)
    return try await base.send(request)
  }
}
