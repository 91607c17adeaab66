/// A rule of a listener, with what each request would else have to work out.
public final class CompiledRule: Sendable {
  /// A backend with its share.
  struct Share: Sendable {
    var weight: UInt64
    var target: Target
    var policy: CompiledPolicy?
  }

  /// Where a share goes.
  enum Target: Sendable {
    case pool(CompiledPool)
    /// The table does not hold the pool.
    case missing(PoolID)
    case invalid(reason: String)
  }

  /// The rule as the table has it.
  public let rule: RouteRule
  /// The rule's place in its listener, counted from 0: the lower one takes a request that both could take.
  let place: Int
  let dependsOnModel: Bool
  let namesModel: Bool
  let shares: [Share]
  /// What the rule asks beyond where its requests go.
  let policy: CompiledPolicy?
  /// What the rule asks of the bodies of its requests.
  let need: BodyNeed

  init(_ rule: RouteRule, place: Int, pools: [PoolID: CompiledPool]) {
    self.rule = rule
    self.place = place
    dependsOnModel = rule.match.dependsOnModel
    namesModel = rule.match.namesModel
    policy = CompiledPolicy(rule.policy, pools: pools)
    shares = rule.backends.map { backend in
      let target: Target =
        switch backend.target {
        case .pool(let id): pools[id].map { .pool($0) } ?? .missing(id)
        case .invalid(let reason): .invalid(reason: reason)
        }
      return Share(
        weight: UInt64(max(backend.weight, 0)), target: target, policy: CompiledPolicy(backend.policy, pools: pools))
    }
    // An InferencePool needs the model for criticality, rewriting and labels, whatever the rule matches.
    let hasInferencePool = shares.contains { share in
      guard share.weight > 0, case .pool(let pool) = share.target else { return false }
      return pool.id.kind != .service
    }
    need = dependsOnModel || rule.dropped == nil && hasInferencePool ? .model : .none
  }

  /// The name that a header of the gateway's own must be, if the rule asks for one.
  func exactValue(of header: String) -> String? {
    for match in rule.match.headers where match.name == header {
      if case .exact(let name) = match.value { return name }
    }
    return nil
  }
}
