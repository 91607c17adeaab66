import Routing

// When a request is sent again, and how.
extension ProxyExchange {
  /// Whether the request can be sent once more: its bytes are kept, and neither the gateway's bound nor the route's is
  /// reached.
  var mayRepeat: Bool { !body.isReleased && triedEndpoints < maximumSends }

  /// Whether an endpoint may get the request twice. Source: RFC 9110, section 9.2.2.
  var isIdempotent: Bool {
    switch record.method {
    case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE": true
    default: false
    }
  }

  /// Whether the next candidate may be turned to: the endpoint before it has seen nothing of the request, or may see it
  /// twice, by its method or because the route says so.
  func maySendAgain(after failure: GatewayError, of attempt: Upstream) -> Bool {
    guard failure.mayRetry, mayRepeat else { return false }
    if case .connecting = attempt { return true }
    if failure.kind == .requestRefused || failure.kind == .tlsFailed { return true }
    return isIdempotent || plan?.treatment?.retry != nil
  }

  /// Turns to the next candidate. Where all had their turn, a route that asks for retries gets them from the last one.
  mutating func hasNextEndpoint() -> Bool {
    plan?.candidates.advance() == true || plan?.treatment?.retry != nil
  }

  /// Sends the request to the present candidate, after the pause that the route asks for.
  mutating func repeatRequest(into actions: inout ExchangeActions) {
    record.retries += 1
    guard let pause = plan?.treatment?.retry?.backOff, pause > 0 else { return dispatch(fresh: false, into: &actions) }
    upstream = .backingOff
    actions.append(.backOff(pause))
  }

  /// The pause before the request is sent again is over.
  mutating func backOffEnded(into actions: inout ExchangeActions) {
    guard !isFinished, upstream == .backingOff else { return }
    dispatch(fresh: false, into: &actions)
  }

  private var maximumSends: Int {
    guard let retry = plan?.treatment?.retry else { return min(Self.maximumAttempts, plan?.candidates.count ?? 0) }
    return 1 + (retry.attempts ?? Self.maximumAttempts - 1)
  }
}
