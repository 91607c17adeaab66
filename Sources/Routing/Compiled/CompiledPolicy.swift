/// A policy with the pools that its mirrors send copies to.
public final class CompiledPolicy: Sendable {
  /// Where copies of some requests go.
  struct Mirror: Sendable {
    var pool: CompiledPool
    var numerator: UInt64
    var denominator: UInt64
  }

  /// The policy as the table has it.
  public let policy: RulePolicy
  /// Mirrors whose targets resolve.
  let mirrors: [Mirror]

  /// `nil` for a policy that asks for nothing.
  init?(_ policy: RulePolicy?, pools: [PoolID: CompiledPool]) {
    guard let policy, !policy.isEmpty else { return nil }
    self.policy = policy
    mirrors = policy.mirrors.compactMap { mirror in
      guard case .pool(let id) = mirror.target, let pool = pools[id], mirror.numerator > 0, mirror.denominator > 0
      else { return nil }
      return Mirror(pool: pool, numerator: UInt64(mirror.numerator), denominator: UInt64(mirror.denominator))
    }
  }
}
