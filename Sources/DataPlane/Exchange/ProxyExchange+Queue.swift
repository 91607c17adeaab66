import Routing

// The wait for room in a pool.
extension ProxyExchange {
  /// The pool has no room for the request yet. Its body is read on only as far as one is kept.
  mutating func queue(_ request: WaitingRequest, into actions: inout ExchangeActions) {
    record.subject = request.binding.subject
    record.model = request.binding.model
    if let limit = request.requestTimeout { actions.append(.limitRequest(limit)) }
    wait(request, into: &actions)
  }

  /// Lets the request wait, which has a plan already where the pool's own picker has failed.
  mutating func wait(_ request: WaitingRequest, into actions: inout ExchangeActions) {
    waiting = request
    actions.append(.queue)
  }

  /// The request has been let in: where it goes.
  mutating func admitted(_ decision: RoutingDecision, into actions: inout ExchangeActions) {
    guard waiting != nil, !isFinished else { return }
    waiting = nil
    guard plan != nil else { return decided(decision, into: &actions) }
    // All but the endpoint stands already.
    switch decision {
    case .forward(let plan):
      self.plan?.candidates = plan.candidates
      dispatch(fresh: false, into: &actions)
    case .reject(let error): fail(error, into: &actions)
    case .respond(let answer): respond(answer, into: &actions)
    case .wait(let request): wait(request, into: &actions)
    }
  }

  /// The request is not let in: it has waited too long, or found no place.
  mutating func notAdmitted(_ error: GatewayError, into actions: inout ExchangeActions) {
    guard let request = waiting, !isFinished else { return }
    waiting = nil
    // A plan that exists brings its rule's headers itself.
    guard plan == nil else { return fail(error, into: &actions) }
    decided(.reject(request.answered(error, to: head)), into: &actions)
  }
}
