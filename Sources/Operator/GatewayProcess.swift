package import ControlPlane
package import DataPlane
package import KubernetesClient
package import Logging
package import Observability
package import Routing
package import ServiceLifecycle
import Translation

/// The operator and the gateways it hosts, wired together in one process.
///
/// Watches → reconciler → table → gateway server; metrics scraper → loads → picker; failures to bind flow back from the
/// gateway server to the reconciler, which says so in the Gateway's status.
package struct GatewayProcess {
  package struct Options: Sendable {
    package var addresses: AddressPolicy
    package var admin: AdminServer.Configuration
    package var privilegedPortOffset = 0
    /// The controller whose GatewayClasses are ours.
    package var controllerName: String
    package var metricNames = Set(MetricFamily.allCases)

    /// Options of a process.
    package init(
      addresses: AddressPolicy, admin: AdminServer.Configuration, privilegedPortOffset: Int = 0,
      controllerName: String = ClusterState.defaultControllerName,
      metricNames: Set<MetricFamily> = Set(MetricFamily.allCases)
    ) {
      self.addresses = addresses
      self.admin = admin
      self.privilegedPortOffset = privilegedPortOffset
      self.controllerName = controllerName
      self.metricNames = metricNames
    }
  }

  package let client: APIClient
  /// Every instrument of the process.
  package let registry: MetricsRegistry
  package let watches: WatchSet
  package let table = Published(RoutingTable())
  package let reconciler: Reconciler
  package let writer: StatusWriter
  package let scraper: MetricsScraper
  package let server: GatewayServer
  package let admin: AdminServer
  /// Which listeners are open.
  package let bindings = Published(BindingsReport())
  /// Whether the process was told to stop: its streams end, and it is not ready for more.
  package let isDraining = Published(false)
  /// Where the admin server answers; empty until it listens.
  package let adminAddress = Published("")

  package init(client: APIClient, transport: any HTTPTransport, options: Options, logger: Logger) {
    let registry = MetricsRegistry(families: options.metricNames)
    let control = ControlInstruments(registry: registry)
    let gateway = GatewayInstruments(registry: registry)
    let pools = PoolInstruments(registry: registry)
    ProcessInstruments.register(in: registry)
    BuildInstruments.register(in: registry)
    DescriptorInstruments.register(in: registry)
    let loads = Published(LoadSnapshot())
    let inFlight = InFlightCounts()
    let counts = RequestCounts(gateway, table: table)
    self.client = client
    self.registry = registry
    let watches = WatchSet(client: client, instruments: control, logger: logger)
    let writer = StatusWriter(
      client: client, watches: watches, instruments: control, logger: logger, controllerName: options.controllerName)
    let reconciler = Reconciler(
      watches: watches, table: table, writer: writer, instruments: control, logger: logger,
      configuration: Reconciler.Configuration(
        addresses: options.addresses, controllerName: options.controllerName))
    var proxy = ProxyConfiguration()
    proxy.privilegedPortOffset = options.privilegedPortOffset
    server = GatewayServer(
      configuration: proxy, table: table, router: RequestRouter(table: table, loads: loads, inFlight: inFlight),
      inFlight: inFlight, logger: logger, observer: ProxyObserver(counts),
      onBindingsChanged: { [bindings] report in
        bindings.publish(report)
        let pairs = report.failures.map { (ListenerSocket(address: $0.address, port: $0.listenerPort), $0.explanation) }
        reconciler.bindingsChanged(Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
      })
    scraper = MetricsScraper(
      table: table, loads: loads, inFlight: inFlight, transport: transport, control: control, logger: logger)
    admin = AdminServer(
      configuration: options.admin, registry: registry,
      notReady: { [isDraining] in
        isDraining.current ? ["the process is stopping: no new request is taken"] : reconciler.notReady
      },
      routes: ["/routes": { [table] in table.current.jsonDescription() }], logger: logger,
      onListening: { [adminAddress] in
        adminAddress.publish("http://\(EndpointID(address: options.admin.host, port: $0))")
      })
    let collectors = ScrapeCollectors(
      gateway: gateway, pools: pools, control: control, counts: counts, inFlight: inFlight)
    registry.beforeRender { [table] in collectors.collect(table, loads.current, reconciler.statuses) }
    self.watches = watches
    self.writer = writer
    self.reconciler = reconciler
  }

  /// The parts to run, the writer first so that it stops last.
  package var services: [any Service] {
    [
      writer, watches, reconciler, scraper, RunningService(admin.run),
      RunningService { [server, isDraining] in
        try await withGracefulShutdownHandler {
          try await server.run()
        } onGracefulShutdown: {
          isDraining.publish(true)
          server.shutdownGracefully()
        }
      },
    ]
  }
}

extension GatewayProcess {
  /// How long streams have to end when the process is told to stop.
  package static let drainSeconds = ProxyConfiguration().drainTimeoutSeconds
  /// What still hangs then does not hold the process.
  package static let longestShutdown = Duration.seconds(drainSeconds + 5)
}

extension BindFailure {
  /// Why, and what to do; names the port that was tried where it is not the listener's.
  fileprivate var explanation: String {
    (port == listenerPort ? "" : "port \(port), tried in its place: ") + "\(reason). \(cure)"
  }
}

/// A function that runs until cancelled or gracefully shut down, as a service.
package struct RunningService: Service {
  private let body: @Sendable () async throws -> Void

  package init(_ body: @escaping @Sendable () async throws -> Void) { self.body = body }

  package func run() async throws { try await body() }
}
