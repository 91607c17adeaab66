import Synchronization

/// The states of all endpoints, by address and port: the same endpoint has the same state in every table.
///
/// A request finds its endpoint's state in the compiled table; only those who have nothing but an identifier ask here.
public final class EndpointStates: Sendable {
  private let states = Mutex<[EndpointID: EndpointState]>([:])
  private let budgets = Mutex<[PoolID: RetryBudget]>([:])
  private let poolQueues = Mutex<[PoolID: PoolQueue]>([:])
  /// Changes when an endpoint serves other models.
  let discoveries = DiscoveryCount()
  private let transports = Mutex([UpstreamTransport(): CompiledTransport.plain])

  /// Starts without any.
  public init() {}

  /// The state of an endpoint, made at first sight.
  public func state(of endpoint: EndpointID) -> EndpointState {
    states.withLock { state(of: endpoint, in: &$0) }
  }

  /// The states of these endpoints, in their order.
  func states(of endpoints: [Endpoint]) -> [EndpointState] {
    states.withLock { states in endpoints.map { state(of: $0.id, in: &states) } }
  }

  /// The state of an endpoint that has one.
  public func known(_ endpoint: EndpointID) -> EndpointState? { states.withLock { $0[endpoint] } }

  /// The retry budget of a pool, made at first sight.
  func budget(of pool: PoolID) -> RetryBudget {
    budgets.withLock { budgets in
      let budget = budgets[pool] ?? RetryBudget()
      budgets[pool] = budget
      return budget
    }
  }

  /// The requests that wait for a pool; made at first sight.
  func queue(of pool: PoolID) -> PoolQueue {
    poolQueues.withLock { queues in
      let queue = queues[pool] ?? PoolQueue()
      queues[pool] = queue
      return queue
    }
  }

  /// The queues of all pools.
  public var queues: [PoolID: PoolQueue] { poolQueues.withLock { $0 } }

  /// The one object that stands for a transport, made at first sight.
  func transport(_ transport: UpstreamTransport) -> CompiledTransport {
    transports.withLock { transports in
      let known = transports[transport] ?? CompiledTransport(transport)
      transports[transport] = known
      return known
    }
  }

  /// Forgets the transports that are not among these.
  func keep(_ transports: Set<UpstreamTransport>) {
    self.transports.withLock { known in
      known = known.filter { transports.contains($0.key) || $0.value === CompiledTransport.plain }
    }
  }

  /// Forgets budgets and queues of pools that are not among these.
  func keep(_ pools: Set<PoolID>) {
    budgets.withLock { $0 = $0.filter { pools.contains($0.key) } }
    poolQueues.withLock { $0 = $0.filter { pools.contains($0.key) } }
  }

  /// The endpoints that work on requests of this process.
  public var busy: Set<EndpointID> {
    states.withLock { states in Set(states.values.lazy.filter { $0.inFlight > 0 }.map(\.id)) }
  }

  /// Requests in flight to all endpoints together.
  public var inFlight: Int { states.withLock { $0.values.reduce(0) { $0 + $1.inFlight } } }

  /// Forgets endpoints that are not among these, unless requests are under way to them.
  func keep(_ endpoints: Set<EndpointID>) {
    states.withLock { states in
      states = states.filter { endpoints.contains($0.key) || $0.value.inFlight > 0 || $0.value.uploading > 0 }
    }
  }

  private func state(of id: EndpointID, in states: inout [EndpointID: EndpointState]) -> EndpointState {
    if let known = states[id] { return known }
    let made = EndpointState(id, discoveries: discoveries)
    states[id] = made
    return made
  }
}
