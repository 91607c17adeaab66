/// A pool with the states of its endpoints.
public final class CompiledPool: Sendable {
  /// The pool as the table has it.
  public let pool: Pool
  /// The states of the pool's endpoints, in their order.
  let states: [EndpointState]
  /// What clients may not call; `nil` where they may call everything.
  let refusedRoutes: RefusedEngineRoutes?
  /// What is spoken with the endpoints; lives on across tables.
  public let transport: CompiledTransport
  /// The same without HTTP: what carries bytes that are not looked into.
  let transportOfBytes: CompiledTransport
  /// How many of its requests may be sent again; lives on across tables.
  public let retries: RetryBudget
  /// The requests that wait for room; lives on across tables.
  public let queue: PoolQueue

  /// A pool with its endpoints' states.
  ///
  /// - Parameter certificate: what the Gateway whose requests go there shows endpoints that ask for one.
  public init(_ pool: Pool, states: EndpointStates, showing certificate: ObjectName? = nil) {
    let spoken = pool.transport.showing(certificate)
    self.pool = pool
    self.states = states.states(of: pool.endpoints)
    refusedRoutes = RefusedEngineRoutes(pool)
    transport = states.transport(spoken)
    transportOfBytes = states.transport(spoken.ofBytes)
    retries = states.budget(of: pool.id)
    queue = states.queue(of: pool.id)
  }

  /// What names the pool.
  public var id: PoolID { pool.id }

  /// A connection to an endpoint failed, or was lost before a response. One that fails again and again is ejected, but never
  /// more than half of the pool, and never its only endpoint.
  ///
  /// - Parameter now: nanoseconds of the monotonic clock that ``RequestRouter`` is given.
  public func fail(_ endpoint: EndpointID, now: UInt64) {
    guard let state = states.first(where: { $0.id == endpoint }) else { return }
    let ejected = states.count { $0.isEjected(now: now) }
    state.fail(now: now, mayEject: ejected + 1 <= states.count / 2)
  }

  /// The place of an endpoint; `nil` if it is not of the pool, or not ready. The pool's endpoints are sorted.
  func place(of endpoint: EndpointID) -> Int? {
    var (lower, upper) = (0, states.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if states[middle].id < endpoint { lower = middle + 1 } else { upper = middle }
    }
    return lower < states.count && states[lower].id == endpoint ? lower : nil
  }

  /// An endpoint as picking sees it.
  func candidate(at place: Int, now: UInt64, belief: LoadBelief) -> PickCandidate {
    let state = states[place]
    let inFlight = state.inFlight
    var candidate = PickCandidate(
      place: place, inFlight: inFlight,
      signals: state.signals(now: now, limit: inFlight > 0 ? belief.staleAfter : belief.idleStaleAfter),
      hasFailedLately: state.hasFailedLately(now: now))
    candidate.share = Float(state.share(now: now, slowStart: belief.slowStart))
    return candidate
  }
}

/// How what is known of endpoints is read: ages in nanoseconds.
struct LoadBelief: Sendable {
  /// Beyond which metrics of endpoints that work for us are no longer believed.
  var staleAfter: UInt64
  /// The same of others.
  var idleStaleAfter: UInt64
  /// Beyond which an endpoint is not new.
  var slowStart: UInt64 = 0
}
