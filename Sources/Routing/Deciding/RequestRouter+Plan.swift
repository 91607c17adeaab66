extension RequestRouter {
  /// Where a decided request goes: bound, admitted, picked for, and treated as the policies of rule and backend ask.
  ///
  /// - Throws: where it goes nowhere.
  public func plan(
    _ decided: DecidedRule, _ head: RequestHead, now: UInt64, using generator: inout some RandomNumberGenerator
  ) throws(GatewayError) -> RoutingDecision {
    var binding = try bind(decided, using: &generator)
    let hasPolicy = binding.policy != nil || binding.backendPolicy != nil
    let sent = hasPolicy ? binding.changed(head, of: decided.rule.match.path) ?? head : head
    try judge(sent, to: binding)
    binding.heed(sent, using: &generator)
    switch admit(binding, now: now) {
    case .now: return .forward(try forward(decided, binding, head, now: now, using: &generator))
    case .later: return .wait(WaitingRequest(decided, binding, by: configuration))
    case .reject(let error): throw error
    }
  }

  /// The same of a request that was bound and let in.
  func forward(
    _ decided: DecidedRule, _ binding: PoolBinding, _ head: RequestHead, now: UInt64,
    using generator: inout some RandomNumberGenerator
  ) throws(GatewayError) -> ForwardPlan {
    var plan = ForwardPlan(binding, candidates: try pick(binding, now: now, using: &generator))
    plan.fallback = binding.pickedInPlace.map { WaitingRequest(decided, $0, by: configuration) }
    guard binding.policy != nil || binding.backendPolicy != nil else { return plan }
    let changed = binding.changed(head, of: decided.rule.match.path)
    let mirrors = mirrors(of: binding, decided, changed ?? head, now: now, using: &generator).map { mirror in
      var mirror = mirror
      mirror.treatment = RequestTreatment(head: changed)
      return mirror
    }
    plan.treatment = plan.binding.treatment(of: head, changed: changed, mirrors: mirrors)
    return plan
  }

  /// Refuses what the pool does not let clients call. `head` is the one that endpoints get.
  private func judge(_ head: RequestHead, to binding: PoolBinding) throws(GatewayError) {
    guard let refused = binding.pool.refusedRoutes,
      let route = head.block.withBytes(head.path.range, { refused.find($0) })
    else { return }
    throw .engineRoute(route, of: binding.pool.id).about(binding.subject)
  }

  /// Where copies of the request go; a pool that would not take a request gets none. `head` is the one that endpoints get.
  private func mirrors(
    of binding: PoolBinding, _ decided: DecidedRule, _ head: RequestHead, now: UInt64,
    using generator: inout some RandomNumberGenerator
  ) -> [ForwardPlan] {
    var plans: [ForwardPlan] = []
    for mirror in binding.policies.flatMap(\.mirrors) {
      guard
        mirror.numerator >= mirror.denominator
          || UInt64.random(in: 0..<mirror.denominator, using: &generator) < mirror.numerator
      else { continue }
      do throws(GatewayError) {
        var copy = PoolBinding(decided, pool: mirror.pool)
        try copy.bindModel(using: &generator)
        try judge(head, to: copy)
        copy.heed(head, using: &generator)
        guard admit(copy, now: now) == .now else { continue }
        plans.append(ForwardPlan(copy, candidates: try pick(copy, now: now, using: &generator)))
      } catch {
        continue
      }
    }
    return plans
  }
}
