package import ControlPlane
package import DataPlane
package import KubernetesAPI
package import KubernetesClient
package import Logging
package import Observability
package import Routing
package import ServiceLifecycle
import Translation

/// The operator and the gateways it hosts, wired together in one process.
///
/// Watches → reconciler → table → gateway server; metrics scraper → endpoint states → picker; failures to bind flow back from the
/// gateway server to the reconciler, which says so in the Gateway's status.
package struct GatewayProcess {
  package struct Options: Sendable {
    package var addresses: AddressPolicy
    package var admin: AdminServer.Configuration
    package var privilegedPortOffset = 0
    /// How long the gateway waits and how much it takes.
    package var proxy: ProxyConfiguration
    /// The controller whose GatewayClasses are ours.
    package var controllerName: String
    package var metricNames = Set(MetricFamily.allCases)
    /// The Lease whose holder alone binds listeners and writes; `nil` for a process without others beside it.
    package var lease: ObjectKey?
    /// `nil` for none.
    package var accessLog: AccessLogConfiguration?

    /// Options of a process.
    package init(
      addresses: AddressPolicy, admin: AdminServer.Configuration, privilegedPortOffset: Int = 0,
      proxy: ProxyConfiguration = ProxyConfiguration(),
      controllerName: String = ClusterState.defaultControllerName,
      metricNames: Set<MetricFamily> = Set(MetricFamily.allCases), lease: ObjectKey? = nil,
      accessLog: AccessLogConfiguration? = nil
    ) {
      self.addresses = addresses
      self.admin = admin
      self.privilegedPortOffset = privilegedPortOffset
      self.proxy = proxy
      self.controllerName = controllerName
      self.metricNames = metricNames
      self.lease = lease
      self.accessLog = accessLog
    }
  }

  package let client: APIClient
  /// Every instrument of the process.
  package let registry: MetricsRegistry
  package let watches: WatchSet
  package let table = Published(RoutingTable())
  /// The certificates that the table names.
  package let certificates = Published(CertificateStore())
  package let reconciler: Reconciler
  package let writer: StatusWriter
  package let scraper: MetricsScraper
  package let server: GatewayServer
  package let admin: AdminServer
  private let accessLog: AccessLog?
  private let lease: LeaderLease?
  /// Which listeners are open.
  package let bindings = Published(BindingsReport())
  /// Whether the process was told to stop: its streams end, and it is not ready for more.
  package let isDraining = Published(false)
  /// Where the admin server answers; empty until it listens.
  package let adminAddress = Published("")

  package init(client: APIClient, transport: any HTTPTransport, options: Options, logger: Logger) {
    let instruments = Instruments(names: options.metricNames)
    let control = instruments.control
    let traffic = Traffic(
      table: table, certificates: certificates, instruments: instruments.gateway, accessLog: options.accessLog)
    accessLog = traffic.accessLog
    self.client = client
    let lease = options.lease.map { LeaderLease(client: client, key: $0, logger: logger) }
    let leadership = lease?.leadership ?? .alone
    self.lease = lease
    registry = instruments.registry
    watches = WatchSet(client: client, instruments: control, logger: logger)
    writer = StatusWriter(
      client: client, watches: watches, leadership: leadership, instruments: control, logger: logger,
      controllerName: options.controllerName)
    reconciler = Reconciler(
      watches: watches, table: table, certificates: certificates, writer: writer, instruments: control, logger: logger,
      configuration: Reconciler.Configuration(
        addresses: options.addresses, controllerName: options.controllerName, leadership: leadership))
    scraper = traffic.scraper(transport, control, logger)
    server = traffic.server(options, logger, onBindingsChanged: Self.follower(of: bindings, reconciler))
    admin = Self.adminServer(
      options.admin, registry,
      notReady: { [reconciler, isDraining] in
        isDraining.current ? ["the process is stopping: no new request is taken"] : reconciler.notReady
      }, degraded: { [watches, dangers = client.configuration.dangers] in dangers + watches.degradations }, table,
      adminAddress, logger)
    instruments.collect(traffic, reconciler)
    for danger in client.configuration.dangers { logger.critical("\(danger)") }
  }

  /// The parts to run: the access log first, then the lease and the writer, so that they stop last.
  package var services: [any ServiceLifecycle.Service] {
    (accessLog.map { [RunningService($0.run)] } ?? []) + (lease.map { [$0.service] } ?? []) + [
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
  package var drainSeconds: Int64 { server.configuration.drainTimeoutSeconds }
  /// What still hangs then does not hold the process.
  package var longestShutdown: Duration { .seconds(drainSeconds + 5) }
}

/// A function that runs until cancelled or gracefully shut down, as a service.
package struct RunningService: ServiceLifecycle.Service {
  private let body: @Sendable () async throws -> Void

  package init(_ body: @escaping @Sendable () async throws -> Void) { self.body = body }

  package func run() async throws { try await body() }
}

extension LeaderLease {
  /// The lease as a service: it is given back when the process stops, after all who write have stopped.
  fileprivate var service: any ServiceLifecycle.Service {
    RunningService {
      await withGracefulShutdownHandler {
        await self.run()
      } onGracefulShutdown: {
        self.stop()
      }
    }
  }
}
