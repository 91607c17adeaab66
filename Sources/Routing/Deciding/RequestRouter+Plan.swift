extension RequestRouter {
  /// Where a decided request goes: bound, admitted, picked for, and treated as the policies of rule and backend ask.
  ///
  /// - Throws: where it goes nowhere.
  public func plan(
    _ decided: DecidedRule, _ head: RequestHead, now: UInt64, using generator: inout some RandomNumberGenerator
  ) throws(GatewayError) -> ForwardPlan {
    let binding = try bind(decided, using: &generator)
    guard binding.policy != nil || binding.backendPolicy != nil else {
      try judge(head, to: binding)
      return try plan(binding, now: now, using: &generator)
    }
    let changed = binding.changed(head, of: decided.rule.match.path)
    try judge(changed ?? head, to: binding)
    var plan = try plan(binding, now: now, using: &generator)
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

  private func plan(
    _ binding: PoolBinding, now: UInt64, using generator: inout some RandomNumberGenerator
  ) throws(GatewayError) -> ForwardPlan {
    if case .reject(let error) = admit(binding, now: now) { throw error }
    return ForwardPlan(binding, candidates: try pick(binding, now: now, using: &generator))
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
        plans.append(try plan(copy, now: now, using: &generator))
      } catch {
        continue
      }
    }
    return plans
  }
}
