/// Sends writes only while the process leads, and gives up those that are under way when it does not any longer.
public struct FencedTransport: HTTPTransport {
  private let base: any HTTPTransport
  private let leadership: Leadership

  /// Fences what `base` sends.
  public init(_ base: any HTTPTransport, _ leadership: Leadership) {
    self.base = base
    self.leadership = leadership
  }

  /// - Throws: `HTTPTransportError.notLeading` for a write that is none of ours.
  public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    if request.method == "GET" || request.method == "HEAD" { return try await base.send(request) }
    guard let remaining = leadership.remaining else { throw HTTPTransportError.notLeading }
    // The most that a write can outlive our time is what the network takes to bring it.
    return try await TimeLimitedTransport(base: base, limit: remaining).send(request)
  }
}
