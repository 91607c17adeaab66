import DataPlane
import NIOCore
import Routing
import Synchronization
import TestSupport

/// The gateway under test: a pool for each ``SoakRequest/Pool``, and short waits.
final class SoakGateway: Sendable {
  let server: GatewayServer
  let address: String
  let states = EndpointStates()
  let tally = Tally()
  private let endpoints: [EndpointID]
  private let isOpen: AsyncStream<Void>

  static let port = 18090

  init(address: String, endpoints: [SoakRequest.Pool: [EndpointID]], waitSeconds: Int64) {
    self.address = address
    self.endpoints = endpoints.values.flatMap(\.self)
    let table = Published(Self.table(address, endpoints))
    let (isOpen, open) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.isOpen = isOpen
    server = GatewayServer(
      configuration: Self.configuration(waitSeconds), table: table,
      router: RequestRouter(CompiledTables(table, states: states)),
      logger: quietLogger,
      observer: ProxyObserver(
        requestStarted: { [tally] in tally.started.add(1, ordering: .relaxed) },
        requestFinished: { [tally] in tally.finished($0) }),
      onBindingsChanged: { if $0.failures.isEmpty { open.yield() } })
  }

  /// Requests that are being sent to any endpoint.
  var uploading: Int { endpoints.reduce(0) { $0 + states.state(of: $1).uploading } }

  /// Waits until it listens.
  func opened() async { for await _ in isOpen { return } }

  private static func configuration(_ waitSeconds: Int64) -> ProxyConfiguration {
    var configuration = ProxyConfiguration()
    configuration.eventLoops = 2
    configuration.firstByteTimeoutSeconds = waitSeconds
    configuration.responseIdleTimeoutSeconds = waitSeconds
    configuration.bodyIdleTimeoutSeconds = waitSeconds
    configuration.drainTimeoutSeconds = 10
    return configuration
  }

  static func poolID(_ pool: SoakRequest.Pool) -> PoolID {
    switch pool {
    case .main, .abort: PoolID(.inferencePool, ObjectName(namespace: "soak", name: "main"))
    case .doomed: PoolID(.inferencePool, ObjectName(namespace: "soak", name: "doomed"))
    case .flaky: PoolID(.service, ObjectName(namespace: "soak", name: "flaky"), port: 80)
    }
  }

  private static func table(_ address: String, _ endpoints: [SoakRequest.Pool: [EndpointID]]) -> RoutingTable {
    let object = ObjectName(namespace: "soak", name: "alias")
    let models = [
      "alias": Model(name: "alias", targets: [WeightedTarget(name: SoakRequest.targetModel)], object: object)
    ]
    var pools: [PoolID: Pool] = [:]
    for (pool, ids) in endpoints {
      let each = ids.sorted().map { Endpoint(id: $0, pod: ObjectName(namespace: "soak", name: "\($0)")) }
      pools[poolID(pool)] = Pool(id: poolID(pool), endpoints: each, models: models)
    }
    let rules = SoakRequest.Pool.allCases.map { pool in
      RouteRule(
        route: ObjectName(namespace: "soak", name: pool.rawValue), index: 0,
        match: RequestMatch(path: .prefix("/\(pool)")), backends: [WeightedBackend(target: .pool(poolID(pool)))])
    }
    let listener = Listener(
      gateway: ObjectName(namespace: "soak", name: "gateway"), name: "http", addresses: [address], port: port,
      rules: rules)
    return RoutingTable(listeners: [listener], pools: pools)
  }
}

/// What the gateway reported of its requests.
final class Tally: Sendable {
  /// What one pool's requests came to.
  struct PoolCounts {
    var requests = 0
    var retries = 0
  }

  private struct State {
    var finished = 0
    var statuses: [Int: Int] = [:]
    var pools: [PoolID: PoolCounts] = [:]
  }

  let started = Atomic<Int>(0)
  private let state = Mutex(State())

  func finished(_ record: ProxyRecord) {
    state.withLock { state in
      state.finished += 1
      if let pool = record.pool {
        state.pools[pool, default: PoolCounts()].requests += 1
        state.pools[pool, default: PoolCounts()].retries += record.retries
      }
      let isOfOneThatLeaves = record.subject.route?.name == SoakRequest.Pool.abort.rawValue
      if !isOfOneThatLeaves, record.error?.kind != .clientClosed { state.statuses[record.status, default: 0] += 1 }
    }
  }

  var finishedCount: Int { state.withLock { $0.finished } }
  /// Of requests whose clients stay.
  var statuses: [Int: Int] { state.withLock { $0.statuses } }
  var pools: [PoolID: PoolCounts] { state.withLock { $0.pools } }
}
