import Routing

// The wait for room in a pool.
extension ProxyExchange {
  /// The pool has no room for the request yet. Its body is read on only as far as one is kept.
  mutating func queue(_ request: WaitingRequest, into actions: inout ExchangeActions) {
    waiting = request
    record.subject = request.binding.subject
    record.model = request.binding.model
    if let limit = request.requestTimeout { actions.append(.limitRequest(limit)) }
    actions.append(.queue)
  }

  /// The request has been let in: where it goes.
  mutating func admitted(_ decision: RoutingDecision, into actions: inout ExchangeActions) {
    guard waiting != nil, !isFinished else { return }
    waiting = nil
    decided(decision, into: &actions)
  }

  /// The request is not let in: it has waited too long, or found no place.
  mutating func notAdmitted(_ error: GatewayError, into actions: inout ExchangeActions) {
    guard let request = waiting, !isFinished else { return }
    waiting = nil
    decided(.reject(request.answered(error, to: head)), into: &actions)
  }
}
