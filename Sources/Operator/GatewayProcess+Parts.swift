import ControlPlane
import DataPlane
import ExternalProcessing
import KubernetesClient
import Logging
import NIOCore
import Observability
import Routing
import Translation

extension GatewayProcess {
  /// Everything that the process counts and measures.
  struct Instruments {
    let registry: MetricsRegistry
    let control: ControlInstruments
    let gateway: GatewayInstruments
    private let pools: PoolInstruments

    init(names: Set<MetricFamily>) {
      registry = MetricsRegistry(families: names)
      control = ControlInstruments(registry: registry)
      gateway = GatewayInstruments(registry: registry)
      pools = PoolInstruments(registry: registry)
      ProcessInstruments.register(in: registry)
      BuildInstruments.register(in: registry)
      DescriptorInstruments.register(in: registry)
    }

    /// Has what is not counted as it happens computed before each scrape.
    func collect(_ traffic: Traffic, _ reconciler: Reconciler) {
      let collectors = ScrapeCollectors(
        gateway: gateway, pools: pools, control: control, counts: traffic.counts,
        states: traffic.tables.states)
      registry.beforeRender { [table = traffic.table] in
        collectors.collect(table, reconciler.statuses)
      }
    }
  }

  /// What the gateway server and the scraper of model servers share.
  struct Traffic {
    let table: Published<RoutingTable>
    let certificates: Published<CertificateStore>
    let tables: CompiledTables
    let counts: RequestCounts
    let accessLog: AccessLog?

    init(
      table: Published<RoutingTable>, certificates: Published<CertificateStore>, instruments: GatewayInstruments,
      accessLog: AccessLogConfiguration?
    ) {
      self.table = table
      self.certificates = certificates
      tables = CompiledTables(table)
      counts = RequestCounts(instruments, table: table)
      self.accessLog = accessLog.map { AccessLog($0, lines: instruments.accessLogLines) }
    }

    func scraper(_ transport: any HTTPTransport, _ control: ControlInstruments, _ logger: Logger) -> MetricsScraper {
      MetricsScraper(
        table: table, states: tables.states, transport: transport, control: control, logger: logger)
    }

    func server(
      _ options: Options, _ logger: Logger, onBindingsChanged: @escaping @Sendable (BindingsReport) -> Void
    ) -> GatewayServer {
      var proxy = options.proxy
      proxy.privilegedPortOffset = options.privilegedPortOffset
      let router = RequestRouter(tables, configuration: RequestRouter.Configuration(queue: proxy.queue))
      return GatewayServer(
        configuration: proxy, table: table, certificates: certificates, router: router,
        pickers: Self.pickers(proxy, logger), logger: logger,
        observer: ProxyObserver(counts, accessLog), onBindingsChanged: onBindingsChanged)
    }

    /// Who asks external pickers, for each event loop.
    private static func pickers(_ proxy: ProxyConfiguration, _ logger: Logger) -> GatewayServer.PickerMaker {
      var configuration = PickerConfiguration()
      configuration.connectTimeoutSeconds = proxy.connectTimeoutSeconds
      configuration.maximumBodyBytes = proxy.maximumRequestBodyBytes
      return { [configuration] loop, tls in
        let clients = PickerClients(on: loop, configuration: configuration, tls: tls, logger: logger)
        return { clients.session(with: $0, onEvent: $1) }
      }
    }
  }

  /// Publishes which listeners are open, and has statuses say why others are not.
  static func follower(
    of bindings: Published<BindingsReport>, _ reconciler: Reconciler
  ) -> @Sendable (BindingsReport) -> Void {
    { report in
      bindings.publish(report)
      let pairs = report.failures.map { (ListenerSocket(address: $0.address, port: $0.listenerPort), $0.explanation) }
      reconciler.bindingsChanged(
        Dictionary(pairs, uniquingKeysWith: { first, _ in first }),
        certificates: report.certificateProblems.map(CertificateFailure.init))
    }
  }

  static func adminServer(
    _ configuration: AdminServer.Configuration, _ registry: MetricsRegistry,
    notReady: @escaping @Sendable () -> [String], degraded: @escaping @Sendable () -> [String],
    _ table: Published<RoutingTable>, _ address: Published<String>,
    _ logger: Logger
  ) -> AdminServer {
    AdminServer(
      configuration: configuration, registry: registry, notReady: notReady,
      degraded: degraded, routes: ["/routes": { table.current.jsonDescription() }], logger: logger,
      onListening: { address.publish("http://\(EndpointID(address: configuration.host, port: $0))") })
  }
}

extension CertificateFailure {
  fileprivate init(_ problem: CertificateProblem) {
    self.init(
      listener: problem.listener, object: problem.certificate, reason: problem.reason, endsAll: problem.endsAll)
  }
}

extension BindFailure {
  /// Why, and what to do; names the port that was tried where it is not the listener's.
  fileprivate var explanation: String {
    (port == listenerPort ? "" : "port \(port), tried in its place: ") + "\(reason). \(cure)"
  }
}
