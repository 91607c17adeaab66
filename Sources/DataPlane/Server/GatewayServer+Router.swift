public import Descriptors
public import Logging
public import NIOCore
public import Routing

extension GatewayServer {
  /// Makes, for an event loop, who asks external pickers; gets what TLS needs with those whose certificates are asked for.
  public typealias PickerMaker = @Sendable (any EventLoop, UpstreamTLSContexts) -> PickSessionMaker

  /// A server whose requests are decided by `router`.
  ///
  /// - Parameters:
  ///   - table: names the listeners to bind; the same that the router reads.
  ///   - certificates: what the table's listeners of TLS name. They are exchanged without a connection that ends.
  ///   - pickers: asks external pickers; without it, pools that name one cannot be picked for.
  ///   - budget: the descriptors that connections are counted against.
  ///   - onBindingsChanged: called after the first table was applied and whenever sockets were bound or closed since, or
  ///     certificates became usable or unusable.
  public convenience init(
    configuration: ProxyConfiguration, table: Published<RoutingTable>,
    certificates: Published<CertificateStore> = Published(CertificateStore()), router: RequestRouter,
    pickers: PickerMaker? = nil,
    logger: Logger, observer: ProxyObserver = ProxyObserver(),
    budget: DescriptorBudget = .process,
    onBindingsChanged: @escaping @Sendable (BindingsReport) -> Void = { _ in }
  ) {
    self.init(
      configuration: configuration, table: table, certificates: certificates, steps: { RouterSteps(router) },
      pickers: pickers,
      logger: logger,
      observer: observer, budget: budget, onBindingsChanged: onBindingsChanged)
  }
}
