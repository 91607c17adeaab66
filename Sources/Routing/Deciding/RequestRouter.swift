/// Decides where each request goes: the one piece of code that every front end asks.
public final class RequestRouter: Sendable {
  /// What an operator of the gateway may tune.
  public struct Configuration: Sendable {
    /// The age, in nanoseconds, beyond which the metrics of an endpoint that works for us are no longer believed.
    /// Reference: 2 s.
    public var staleAfter: UInt64
    /// The same for an endpoint that has no request of ours: its metrics change less and are read less often. Must be
    /// longer than the scraper's pause for idle endpoints.
    public var idleStaleAfter: UInt64
    /// How endpoints of inference pools are picked.
    public var picker: EndpointPicker
    /// When requests are turned away.
    public var saturation: Saturation
    /// Seconds after which to try again when a pool is saturated.
    public var retryAfterSaturation: Int
    /// Seconds after which to try again when no endpoint is ready; loading a model takes longer than a queue.
    public var retryAfterNoEndpoint: Int

    /// Defaults that suit vLLM.
    public init(
      staleAfter: UInt64 = 2_000_000_000, idleStaleAfter: UInt64 = 7_000_000_000, picker: EndpointPicker = .standard,
      saturation: Saturation = Saturation(), retryAfterSaturation: Int = 1, retryAfterNoEndpoint: Int = 5
    ) {
      self.staleAfter = staleAfter
      self.idleStaleAfter = idleStaleAfter
      self.picker = picker
      self.saturation = saturation
      self.retryAfterSaturation = retryAfterSaturation
      self.retryAfterNoEndpoint = retryAfterNoEndpoint
    }
  }

  private let table: Published<RoutingTable>
  private let loads: Published<LoadSnapshot>
  private let inFlight: InFlightCounts
  private let configuration: Configuration

  /// A router that always reads the newest table and loads.
  public init(
    table: Published<RoutingTable>, loads: Published<LoadSnapshot>, inFlight: InFlightCounts,
    configuration: Configuration = Configuration()
  ) {
    self.table = table
    self.loads = loads
    self.inFlight = inFlight
    self.configuration = configuration
  }

  /// Where the request goes.
  ///
  /// - Parameters:
  ///   - now: nanoseconds of the monotonic clock that ``EndpointLoad/scrapedAt`` is of.
  ///   - generator: draws by weight and breaks ties.
  public func decide<Headers>(
    _ request: RequestView<Headers>, now: UInt64, using generator: inout some RandomNumberGenerator
  ) -> RoutingDecision {
    let table = table.current
    guard let listener = table.listener(address: request.address, port: request.port, host: request.host) else {
      return .reject(.noListener(request))
    }
    guard let rule = listener.rule(for: request) else { return .reject(.noRule(of: listener, for: request)) }
    if let why = rule.dropped {
      return .reject(.ruleDropped(why, route: rule.route).about(RequestSubject(route: rule.route)))
    }
    switch Self.target(of: rule, using: &generator) {
    case .failure(let error): return .reject(error.about(RequestSubject(route: rule.route)))
    case .success(let id):
      guard let pool = table.pools[id] else {
        return .reject(.poolMissing(id, route: rule.route).about(RequestSubject(route: rule.route, pool: id)))
      }
      let baseModel = request.model.map { listener.baseModel(of: $0, for: rule.route) }
      return forward(request.model, baseModel, by: rule, to: pool, now: now, using: &generator)
    }
  }

  /// The pool that one of the rule's backends stands for, drawn by weight.
  private static func target(
    of rule: RouteRule, using generator: inout some RandomNumberGenerator
  ) -> Result<PoolID, GatewayError> {
    guard let drawn = WeightedDraw.index(rule.backends.map(\.weight), using: &generator) else {
      return .failure(.noBackend(route: rule.route))
    }
    switch rule.backends[drawn].target {
    case .pool(let id): return .success(id)
    case .invalid(let reason): return .failure(.invalidBackend(reason, route: rule.route))
    }
  }

  private func forward(
    _ model: String?, _ baseModel: String?, by rule: RouteRule, to pool: Pool, now: UInt64,
    using generator: inout some RandomNumberGenerator
  ) -> RoutingDecision {
    var plan = ForwardPlan(
      route: rule.route, ruleIndex: rule.index, pool: pool.id, candidates: [], model: model, baseModel: baseModel,
      isModelDeclared: rule.match.namesModel, criticality: pool.models.isEmpty ? .standard : .sheddable)
    if let bound = model.flatMap({ pool.models[$0] }) {
      plan.criticality = bound.criticality
      plan.isModelDeclared = true
      switch Self.rewrite(to: bound, using: &generator) {
      case .failure(let error): return .reject(error.about(plan.subject))
      case .success(let name): plan.rewriteModel = name
      }
    }
    guard !pool.endpoints.isEmpty else {
      return .reject(
        .noReadyEndpoint(pool, retryAfter: configuration.retryAfterNoEndpoint).about(plan.subject))
    }
    let candidates = candidates(of: pool, now: now)
    let isService = pool.id.kind == .service
    if !isService, configuration.saturation.sheds(plan.criticality, from: candidates) {
      return .reject(
        .saturated(pool.id, plan.criticality, retryAfter: configuration.retryAfterSaturation).about(plan.subject))
    }
    let request = PickRequest(model: plan.rewriteModel ?? model, criticality: plan.criticality)
    let picker = isService ? EndpointPicker.leastInFlight : configuration.picker
    plan.candidates = picker.ordered(candidates, for: request, using: &generator)
    return .forward(plan)
  }

  /// The name to write into the body, drawn by weight; `nil` where the client's own name is right.
  private static func rewrite(
    to model: Model, using generator: inout some RandomNumberGenerator
  ) -> Result<String?, GatewayError> {
    guard !model.targets.isEmpty else { return .success(nil) }
    guard let drawn = WeightedDraw.index(model.targets.map(\.weight), using: &generator) else {
      return .failure(.noModelTarget(model))
    }
    let name = model.targets[drawn].name
    return .success(name == model.name ? nil : name)
  }

  private func candidates(of pool: Pool, now: UInt64) -> [PickCandidate] {
    let loads = loads.current.loads
    return zip(pool.endpoints, inFlight.standings(pool.endpoints, now: now)).map { endpoint, standing in
      let limit = standing.inFlight > 0 ? configuration.staleAfter : configuration.idleStaleAfter
      let load = loads[endpoint.id].flatMap { load in
        // A reading may be a little newer than `now`: it was taken on another thread.
        load.scrapedAt >= now || now - load.scrapedAt <= limit ? load : nil
      }
      return PickCandidate(
        endpoint: endpoint, load: load, inFlight: standing.inFlight, hasFailedLately: standing.hasFailedLately)
    }
  }
}

/// Draws one of several by weight.
enum WeightedDraw {
  /// An index, each with the probability of its weight over the sum; weights below zero count as zero. `nil` if all
  /// weights are zero or there are none.
  static func index(_ weights: [Int], using generator: inout some RandomNumberGenerator) -> Int? {
    let shares = weights.map { UInt64(max($0, 0)) }
    // Weights come from Kubernetes, where they are at most 1,000,000; a sum past 64 bits would need 2^44 of them.
    let sum = shares.reduce(0, &+)
    guard sum > 0 else { return nil }
    var drawn = shares.count == 1 ? 0 : UInt64.random(in: 0..<sum, using: &generator)
    for (index, share) in shares.enumerated() {
      if drawn < share { return index }
      drawn -= share
    }
    return nil
  }
}
