/// Decides where each request goes: the one piece of code that every front end asks.
///
/// In steps, so that a front end can wait between them: ``route(_:at:in:)`` by the head alone,
/// ``resolve(_:_:facts:)`` when the body has said what the rules ask of it, ``bind(_:using:)`` to a pool and a model,
/// ``admit(_:now:)``, and ``pick(_:now:using:)``; ``enqueue(_:_:)`` for those that are to wait. ``plan(_:_:now:using:)`` is the last three, and ``decide(_:at:facts:now:using:)``
/// all of them at once.
public final class RequestRouter: Sendable {
  /// The tables that requests are decided by.
  public let tables: CompiledTables
  let configuration: Configuration

  /// A router for the tables that `tables` follows.
  public init(_ tables: CompiledTables, configuration: Configuration = Configuration()) {
    self.tables = tables
    self.configuration = configuration
  }

  /// Where the request goes, by the newest table.
  ///
  /// - Parameters:
  ///   - facts: what the body says.
  ///   - now: nanoseconds of the monotonic clock that ``EndpointLoad/scrapedAt`` is of.
  ///   - generator: draws by weight and breaks ties.
  public func decide(
    _ head: RequestHead, at arrival: Arrival, facts: BodyFacts, now: UInt64,
    using generator: inout some RandomNumberGenerator
  ) -> RoutingDecision {
    do throws(GatewayError) {
      let open = try route(head, at: arrival, in: tables.current)
      return decide(open, open.head ?? head, at: arrival, facts: facts, now: now, using: &generator)
    } catch {
      return .reject(error)
    }
  }

  /// Where the request goes, as ``route(_:at:in:)`` left it open.
  public func decide(
    _ open: OpenRoute, _ head: RequestHead, at arrival: Arrival, facts: BodyFacts, now: UInt64,
    using generator: inout some RandomNumberGenerator
  ) -> RoutingDecision {
    do throws(GatewayError) {
      if let catalogue = open.catalogue { return .respond(try catalogue.answer(to: head)) }
      let decided = try resolve(open, head, facts: facts)
      if let answer = decided.answer(to: head, at: arrival) { return .respond(answer) }
      do throws(GatewayError) {
        return try plan(decided, head, now: now, using: &generator)
      } catch {
        throw error.answered(by: decided, to: head)
      }
    } catch {
      return .reject(error)
    }
  }

  /// The rules that may take the request, and what they ask of its body. Where the result has a head (``OpenRoute/head``), that
  /// is the request's from then on.
  ///
  /// - Parameter table: of the event loop's ``RoutingReader``.
  /// - Throws: where the head alone says that the request goes nowhere.
  public func route(
    _ head: RequestHead, at arrival: Arrival, in table: CompiledTable
  ) throws(GatewayError) -> OpenRoute {
    guard let listener = table.listener(for: head, at: arrival) else { throw .noListener(head, at: arrival) }
    if let shown = arrival.secureListener, shown != listener.listener.id { throw .misdirected(head) }
    guard head.block.holdsClaims || !listener.listener.trustedCallers.isEmpty else {
      return try route(head, on: listener)
    }
    let settled = SettledRequest(head, from: arrival.caller, listener.listener.trustedCallers)
    var open = try route(settled.head, on: listener)
    open.settled = settled
    return open
  }

  private func route(_ head: RequestHead, on listener: CompiledListener) throws(GatewayError) -> OpenRoute {
    if let question = PreflightQuestion(head), let rule = listener.rule(for: question, head) {
      return OpenRoute(listener: listener, plain: rule, mayAskForModel: false, question: question)
    }
    let (plain, mayAskForModel) = listener.candidates(for: head)
    // The question first: a class that fails to be made has been allocated.
    if let question = ModelQuestion(head),
      let catalogue = ModelCatalogue(question, head, plain: plain, on: listener)
    {
      return OpenRoute(listener: listener, plain: nil, mayAskForModel: false, catalogue: catalogue)
    }
    guard plain != nil || mayAskForModel else { throw .noRule(of: listener, for: head, model: nil) }
    if mayAskForModel, let coding = BodyInspection.unknownCoding(head) { throw .unknownCoding(coding) }
    return OpenRoute(listener: listener, plain: plain, mayAskForModel: mayAskForModel)
  }

  /// The rule that takes the request. Its model is the one that a trusted caller names, else that of the body, else the one of
  /// ``HeadModel``.
  ///
  /// - Parameters:
  ///   - open: of ``route(_:at:in:)``, for the same head.
  ///   - facts: what the body says, of ``OpenRoute/need``.
  public func resolve(
    _ open: OpenRoute, _ head: RequestHead, facts: BodyFacts
  ) throws(GatewayError) -> DecidedRule {
    var rule = open.plain
    var model = open.settled?.model ?? facts.model
    if model == nil && open.need != .none { model = try HeadModel.find(head)?.name }
    if open.mayAskForModel, let model {
      rule = open.listener.rule(for: head, model: model, else: rule)
    }
    guard let rule else { throw .noRule(of: open.listener, for: head, model: model) }
    if let why = rule.rule.dropped {
      throw .ruleDropped(why, route: rule.rule.route).about(RequestSubject(route: rule.rule.route))
    }
    return DecidedRule(listener: open.listener, compiled: rule, model: model, question: open.question)
  }

  /// The pool that one of the rule's backends stands for, and the model as that pool has it; both drawn by weight.
  ///
  /// - Throws: where objects say that the request goes nowhere.
  public func bind(
    _ decided: DecidedRule, using generator: inout some RandomNumberGenerator
  ) throws(GatewayError) -> PoolBinding {
    let rule = decided.compiled
    let shares = rule.shares
    let subject = { RequestSubject(route: rule.rule.route) }
    guard let drawn = WeightedDraw.index(shares.count, weight: { shares[$0].weight }, using: &generator) else {
      throw .noBackend(route: rule.rule.route).about(subject())
    }
    switch shares[drawn].target {
    case .invalid(let reason): throw .invalidBackend(reason, route: rule.rule.route).about(subject())
    case .missing(let id):
      throw .poolMissing(id, route: rule.rule.route).about(RequestSubject(route: rule.rule.route, pool: id))
    case .pool(let pool):
      var binding = PoolBinding(decided, pool: pool)
      binding.backendPolicy = shares[drawn].policy
      try binding.bindModel(using: &generator)
      return binding
    }
  }

  /// Whether the pool takes the request.
  public func admit(_ binding: PoolBinding, now: UInt64) -> Admission {
    let pool = binding.pool
    let count = pool.states.count
    guard count > 0 else {
      return .reject(
        .noReadyEndpoint(pool.pool, retryAfter: configuration.retryAfterNoEndpoint).about(binding.subject))
    }
    // An external picker turns requests away itself.
    if pool.id.kind == .service || binding.externalPicker != nil { return .now }
    let criticality = binding.priority.criticality
    // Nobody overtakes those that wait but Critical requests, which never do.
    guard isSaturated(pool, for: criticality, now: now) || criticality != .critical && pool.queue.count > 0 else {
      return .now
    }
    if criticality == .standard, configuration.queue.isOpen { return .later }
    return .reject(saturated(binding))
  }

  /// Whether every endpoint of the pool is too busy for requests of a criticality.
  func isSaturated(_ pool: CompiledPool, for criticality: Criticality, now: UInt64) -> Bool {
    let count = pool.states.count
    if count == 0 { return false }
    // The first endpoint with room is enough: requests begin to look for it at different ones.
    let start = Int(now % UInt64(count))
    let belief = configuration.belief
    let candidates = (0..<count).lazy.map { pool.candidate(at: (start + $0) % count, now: now, belief: belief) }
    return configuration.saturation.sheds(criticality, from: candidates)
  }

  func saturated(_ binding: PoolBinding) -> GatewayError {
    .saturated(binding.pool.id, binding.priority.criticality, retryAfter: configuration.retryAfterSaturation)
      .about(binding.subject)
  }

  /// The endpoints to try, the best first. Where ``PoolBinding/externalPicker`` is to be asked, they are for when it fails.
  ///
  /// - Throws: where no endpoint is ready, which ``admit(_:now:)`` says before.
  public func pick(
    _ binding: PoolBinding, now: UInt64, using generator: inout some RandomNumberGenerator
  ) throws(GatewayError) -> Candidates {
    let request = PickRequest(model: binding.rewriteModel ?? binding.model, priority: binding.priority)
    let picker = binding.pool.id.kind == .service ? EndpointPicker.leastInFlight : configuration.picker
    let candidates = Candidates(
      of: binding.pool, by: picker, for: request, now: now, belief: configuration.belief, seed: generator.next())
    guard let candidates else {
      throw .noReadyEndpoint(binding.pool.pool, retryAfter: configuration.retryAfterNoEndpoint).about(binding.subject)
    }
    return candidates
  }
}
