extension RequestRouter {
  /// Where a decided request goes: bound, admitted, picked for, and treated as the policies of rule and backend ask.
  ///
  /// - Throws: where it goes nowhere.
  public func plan(
    _ decided: DecidedRule, _ head: RequestHead, now: UInt64, using generator: inout some RandomNumberGenerator
  ) throws(GatewayError) -> ForwardPlan {
    var plan = try plan(try bind(decided, using: &generator), now: now, using: &generator)
    guard plan.binding.policy != nil || plan.binding.backendPolicy != nil else { return plan }
    let changed = plan.binding.changed(head, of: decided.rule.match.path)
    let mirrors = mirrors(of: plan.binding, decided, now: now, using: &generator).map { mirror in
      var mirror = mirror
      mirror.treatment = RequestTreatment(head: changed)
      return mirror
    }
    plan.treatment = plan.binding.treatment(of: head, changed: changed, mirrors: mirrors)
    return plan
  }

  private func plan(
    _ binding: PoolBinding, now: UInt64, using generator: inout some RandomNumberGenerator
  ) throws(GatewayError) -> ForwardPlan {
    if case .reject(let error) = admit(binding, now: now) { throw error }
    return ForwardPlan(binding, candidates: try pick(binding, now: now, using: &generator))
  }

  /// Where copies of the request go; a pool that would not take a request gets none.
  private func mirrors(
    of binding: PoolBinding, _ decided: DecidedRule, now: UInt64, using generator: inout some RandomNumberGenerator
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
        plans.append(try plan(copy, now: now, using: &generator))
      } catch {
        continue
      }
    }
    return plans
  }
}
