import ControlPlane
import DataPlane
import KubernetesAPI
import KubernetesClient
import Logging
import ModelServer
import Observability
import Routing
import ServiceLifecycle
import TestSupport
import Translation

/// The operator and its gateway, in this process, against the cluster under test; only for objects of this run.
struct Operator: Sendable {
  let cluster: Cluster
  let table = Published(RoutingTable())
  private let watches: WatchSet
  private let writer: StatusWriter
  private let reconciler: Reconciler
  private let server: GatewayServer

  /// Named after the run, so that another operator on the same server leaves our objects alone, and we its.
  static func controllerName(_ cluster: Cluster) -> String { "switchyard.dev/cluster-test-\(cluster.run)" }

  init(cluster: Cluster, address: String) {
    self.cluster = cluster
    let control = ControlInstruments(registry: MetricsRegistry())
    let name = Self.controllerName(cluster)
    watches = WatchSet(client: cluster.client, logger: cluster.logger)
    writer = StatusWriter(
      client: cluster.client, watches: watches, instruments: control, logger: cluster.logger, controllerName: name)
    let reconciler = Reconciler(
      watches: watches, table: table, writer: writer, instruments: control, logger: cluster.logger,
      configuration: Reconciler.Configuration(addresses: .shared(address), controllerName: name))
    let inFlight = InFlightCounts()
    let router = RequestRouter(table: table, loads: Published(LoadSnapshot()), inFlight: inFlight)
    server = GatewayServer(
      configuration: ProxyConfiguration(), table: table, router: router, inFlight: inFlight, logger: cluster.logger,
      onBindingsChanged: { report in
        let pairs = report.failures.map { (ListenerSocket(address: $0.address, port: $0.listenerPort), $0.reason) }
        reconciler.bindingsChanged(Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
      })
    self.reconciler = reconciler
  }

  /// Runs the operator and `servers` while `story` is told.
  func run(
    servers: [SimulatedModelServer], during story: @Sendable () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for server in servers { group.addTask { try await server.run() } }
      group.addTask { try await watches.run() }
      group.addTask { try await writer.run() }
      group.addTask { try await reconciler.run() }
      group.addTask { try await server.run() }
      do {
        try await eventually("the first table is there") { reconciler.isReady }
        try await story()
      } catch {
        server.shutdownGracefully()
        group.cancelAll()
        throw error
      }
      server.shutdownGracefully()
      group.cancelAll()
    }
  }
}
