package import ControlPlane
package import DataPlane
package import KubernetesAPI
package import KubernetesClient
package import Logging
package import Observability
package import Routing
package import ServiceLifecycle
package import Translation

/// The operator and the gateways it hosts, wired together in one process.
///
/// Watches → reconciler → table → gateway server; metrics scraper → endpoint states → picker; failures to bind flow back from the
/// gateway server to the reconciler, which says so in the Gateway's status.
package struct GatewayProcess {
  package struct Options: Sendable {
    /// Where the addresses of Gateways that this process hosts come from; `nil` where it hosts none.
    package var addresses: AddressPolicy?
    package var admin: AdminServer.Configuration
    package var privilegedPortOffset = 0
    /// How long the gateway waits and how much it takes.
    package var proxy: ProxyConfiguration
    /// The controller whose GatewayClasses are ours.
    package var controllerName: String
    package var metricNames = Set(MetricFamily.allCases)
    /// The Lease whose holder alone binds listeners and writes; `nil` for a process without others beside it.
    package var lease: ObjectKey?
    /// Who serves the Gateways.
    package var hosting = GatewayHosting.hosted
    /// The only Gateway to serve; `nil` for all.
    package var gateway: ObjectKey?
    /// How long listeners stay open for those who have not heard yet that the process stops, before its streams are told to end.
    package var shutdownDelay = Duration.zero
    /// `nil` for none.
    package var accessLog: AccessLogConfiguration?

    /// Options of a process.
    package init(
      addresses: AddressPolicy?, admin: AdminServer.Configuration, privilegedPortOffset: Int = 0,
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
  /// `nil` in a process that only reads.
  package let writer: StatusWriter?
  package let scraper: MetricsScraper
  package let server: GatewayServer
  package let admin: AdminServer
  private let accessLog: AccessLog?
  private let lease: LeaderLease?
  private let provisioner: GatewayProvisioner?
  private let shutdownDelay: Duration
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
    shutdownDelay = options.shutdownDelay
    watches = WatchSet(
      client: client, gateway: options.gateway, provisions: options.provisions, instruments: control, logger: logger)
    writer =
      options.hosting == .pod
      ? nil
      : StatusWriter(
        client: client, watches: watches, leadership: leadership, instruments: control, logger: logger,
        controllerName: options.controllerName)
    provisioner =
      options.provisions
      ? GatewayProvisioner(client: client, watches: watches, leadership: leadership, logger: logger) : nil
    reconciler = Reconciler(
      watches: watches, table: table, certificates: certificates, writer: writer, provisioner: provisioner,
      instruments: control, logger: logger,
      configuration: Reconciler.Configuration(
        addresses: options.addresses, controllerName: options.controllerName, leadership: leadership,
        hosting: options.hosting, gateway: options.gateway))
    scraper = traffic.scraper(transport, control, logger)
    server = traffic.server(options, logger, onBindingsChanged: Self.follower(of: bindings, reconciler))
    admin = Self.adminServer(
      options.admin, registry,
      notReady: Self.readiness(of: options.gateway, reconciler, isDraining, table, bindings),
      degraded: { [watches, dangers = client.configuration.dangers] in dangers + watches.degradations }, table,
      adminAddress, logger)
    instruments.collect(traffic, reconciler)
    for danger in client.configuration.dangers { logger.critical("\(danger)") }
  }

  /// The parts to run: the access log first, then the lease and the writer, so that they stop last.
  package var services: [any ServiceLifecycle.Service] {
    let writing: [(any ServiceLifecycle.Service)?] = [
      accessLog.map { RunningService($0.run) }, provisioner == nil ? nil : lease?.service, writer, provisioner,
    ]
    let deciding: [any ServiceLifecycle.Service] = writing.compactMap(\.self) + [watches, reconciler]
    if provisioner != nil { return deciding + [RunningService(admin.run)] }
    // Who hosts gateways gives the lease back first: another opens the listeners while the streams here end.
    return deciding + [
      scraper, RunningService(admin.run), GatewayServing(server: server, isDraining: isDraining, delay: shutdownDelay),
    ] + (lease.map { [$0.service] } ?? [])
  }
}

extension GatewayProcess.Options {
  /// Whether objects are made for Gateways.
  fileprivate var provisions: Bool {
    if case .pods = hosting { true } else { false }
  }
}

extension GatewayProcess {
  /// What readiness waits for; empty when the process is ready.
  private static func readiness(
    of gateway: ObjectKey?, _ reconciler: Reconciler, _ isDraining: Published<Bool>, _ table: Published<RoutingTable>,
    _ bindings: Published<BindingsReport>
  ) -> @Sendable () -> [String] {
    {
      if isDraining.current { return ["the process is stopping: no new request is taken"] }
      let waiting = reconciler.notReady
      guard waiting.isEmpty, let gateway else { return waiting }
      return gaps(of: gateway, table.current, bindings.current) ?? []
    }
  }
}

/// Why a process that serves one Gateway takes no request yet; `nil` when it does.
private func gaps(of gateway: ObjectKey, _ table: RoutingTable, _ bindings: BindingsReport) -> [String]? {
  if table.listeners.isEmpty {
    return [
      "Gateway \(gateway) has no listener that is served: kubectl describe gateway -n \(gateway.namespace) \(gateway.name)"
    ]
  }
  if !bindings.open.isEmpty { return nil }
  return bindings.failures.isEmpty ? ["no listener is open yet"] : bindings.failures.map { "\($0)" }
}

extension GatewayProcess {
  /// How long streams have to end when the process is told to stop.
  package var drainSeconds: Int64 { server.configuration.drainTimeoutSeconds }
  /// What still hangs then does not hold the process.
  package var longestShutdown: Duration { .seconds(drainSeconds + 5) + shutdownDelay }
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
