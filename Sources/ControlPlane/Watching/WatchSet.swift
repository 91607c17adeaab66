public import KubernetesAPI
public import KubernetesClient
public import Logging
public import Observability
public import ServiceLifecycle
import Translation

/// The watches that decide what is served: a store for each kind, and one bell for all of them.
public struct WatchSet: ServiceLifecycle.Service {
  /// Rings when any watched object changed.
  public let signal: ChangeSignal
  /// GatewayClasses.
  public let gatewayClasses: Store<GatewayClass>
  /// Gateways.
  public let gateways: Store<Gateway>
  /// ListenerSets.
  public let listenerSets: Store<ListenerSet>
  /// HTTPRoutes.
  public let httpRoutes: Store<HTTPRoute>
  /// GRPCRoutes.
  public let grpcRoutes: Store<GRPCRoute>
  /// TLSRoutes.
  public let tlsRoutes: Store<TLSRoute>
  /// TCPRoutes.
  public let tcpRoutes: Store<TCPRoute>
  /// UDPRoutes.
  public let udpRoutes: Store<UDPRoute>
  /// ReferenceGrants.
  public let referenceGrants: Store<ReferenceGrant>
  /// BackendTLSPolicies.
  public let backendTLSPolicies: Store<BackendTLSPolicy>
  /// InferencePools of `inference.networking.k8s.io/v1`.
  public let inferencePools: Store<InferencePool>
  /// InferencePools of `inference.networking.x-k8s.io/v1alpha2`.
  public let inferencePoolsV1Alpha2: Store<InferencePoolV1Alpha2>
  /// InferenceModels.
  public let inferenceModels: Store<InferenceModel>
  /// InferenceObjectives of `llm-d.ai`.
  public let inferenceObjectives: Store<InferenceObjective<LLMDGroup>>
  /// InferenceObjectives of `inference.networking.x-k8s.io`.
  public let inferenceObjectivesXK8s: Store<InferenceObjective<ExperimentalInferenceGroup>>
  /// InferenceModelRewrites of `llm-d.ai`.
  public let inferenceModelRewrites: Store<InferenceModelRewrite<LLMDGroup>>
  /// InferenceModelRewrites of `inference.networking.x-k8s.io`.
  public let inferenceModelRewritesXK8s: Store<InferenceModelRewrite<ExperimentalInferenceGroup>>
  /// Services.
  public let services: Store<KubernetesAPI.Service>
  /// EndpointSlices.
  public let endpointSlices: Store<EndpointSlice>
  /// Pods.
  public let pods: Store<Pod>
  /// Nodes, as metadata only: their labels name accelerators, and their statuses change all the time.
  public let nodes: Store<Node>
  /// Namespaces.
  public let namespaces: Store<Namespace>
  /// The ConfigMaps that tell of adapters, one store for each label of ``AdapterMap/labels``: a selector has no "or".
  public let adapterMaps: [Store<ConfigMap>]

  /// The Secrets that Gateways and ListenerSets name for TLS: one watch a Secret, and no other is read.
  let secrets: NamedWatches<Secret>
  /// The ConfigMaps that Gateways and BackendTLSPolicies name for authorities, in the same way.
  let authorities: NamedWatches<ConfigMap>

  /// The ConfigMaps with parameters of Gateways and of GatewayClasses, in the same way.
  let parameters: NamedWatches<ConfigMap>
  /// What was made for Gateways; `nil` where nothing is.
  let provisioned: ProvisionedStores?
  /// The definitions of Gateway API, as metadata only: their annotations say which release they are of.
  let definitions: NamedWatches<CustomResourceDefinition>

  private let client: APIClient
  private let gateway: ObjectKey?
  private let instruments: ControlInstruments?
  private let logger: Logger
  private let retryPause: Duration
  let problems: KindProblems

  /// Watches over all namespaces.
  ///
  /// - Parameters:
  ///   - gateway: the only Gateway to watch; `nil` for all.
  ///   - provisions: whether to watch the objects that are made for Gateways.
  ///   - instruments: count the watches' events and restarts.
  ///   - retryPause: the pause between two looks at a kind whose definition is not installed.
  public init(
    client: APIClient, gateway: ObjectKey? = nil, provisions: Bool = false, instruments: ControlInstruments? = nil,
    logger: Logger, retryPause: Duration = .seconds(3)
  ) {
    // A watch tries again by itself.
    self.client = client.withoutRetries()
    self.gateway = gateway
    self.instruments = instruments
    self.logger = logger
    self.retryPause = retryPause
    let signal = ChangeSignal()
    self.signal = signal
    problems = KindProblems(onChange: { if $0 { signal.ring() } })
    gatewayClasses = Store(signal: signal)
    gateways = Store(signal: signal)
    listenerSets = Store(signal: signal)
    httpRoutes = Store(signal: signal)
    grpcRoutes = Store(signal: signal)
    tlsRoutes = Store(signal: signal)
    tcpRoutes = Store(signal: signal)
    udpRoutes = Store(signal: signal)
    referenceGrants = Store(signal: signal)
    backendTLSPolicies = Store(signal: signal)
    inferencePools = Store(signal: signal)
    inferencePoolsV1Alpha2 = Store(signal: signal)
    inferenceModels = Store(signal: signal)
    inferenceObjectives = Store(signal: signal)
    inferenceObjectivesXK8s = Store(signal: signal)
    inferenceModelRewrites = Store(signal: signal)
    inferenceModelRewritesXK8s = Store(signal: signal)
    services = Store(signal: signal)
    endpointSlices = Store(signal: signal)
    pods = Store(signal: signal)
    nodes = Store(signal: signal)
    namespaces = Store(signal: signal)
    adapterMaps = AdapterMap.labels.map { _ in Store(signal: signal) }
    secrets = NamedWatches(signal: signal)
    authorities = NamedWatches(signal: signal)
    parameters = NamedWatches(signal: signal)
    provisioned = provisions ? ProvisionedStores(signal: signal) : nil
    definitions = NamedWatches(signal: signal, metadataOnly: true)
  }

  /// Watches until cancelled or gracefully shut down.
  public func run() async throws {
    try await cancelWhenGracefulShutdown {
      do {
        try await withThrowingDiscardingTaskGroup { group in
          watchGatewayKinds(in: &group)
          watchInferenceKinds(in: &group)
          watchCoreKinds(in: &group)
          group.addTask { try await watch(secrets) }
          group.addTask { try await watch(authorities) }
          group.addTask { try await watch(parameters) }
          if let provisioned { watchObjects(in: &group, provisioned) }
          group.addTask { try await watch(definitions) }
        }
      } catch is CancellationError {
        return
      }
    }
  }

  private func watchGatewayKinds(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    group.addTask { try await watch(gatewayClasses) }
    group.addTask { try await watch(gateways, in: gateway.map(WatchScope.init) ?? .all) }
    group.addTask { try await watch(listenerSets) }
    group.addTask { try await watch(httpRoutes) }
    group.addTask { try await watch(grpcRoutes) }
    group.addTask { try await watch(tlsRoutes) }
    group.addTask { try await watch(tcpRoutes) }
    group.addTask { try await watch(udpRoutes) }
    group.addTask { try await watch(referenceGrants) }
    group.addTask { try await watch(backendTLSPolicies) }
  }

  private func watchInferenceKinds(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    group.addTask { try await watch(inferencePools) }
    group.addTask { try await watch(inferencePoolsV1Alpha2) }
    group.addTask { try await watch(inferenceModels) }
    group.addTask { try await watch(inferenceObjectives) }
    group.addTask { try await watch(inferenceObjectivesXK8s) }
    group.addTask { try await watch(inferenceModelRewrites) }
    group.addTask { try await watch(inferenceModelRewritesXK8s) }
  }

  private func watchCoreKinds(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    group.addTask { try await watch(services) }
    group.addTask { try await watch(endpointSlices) }
    group.addTask { try await watch(pods) }
    group.addTask { try await watch(nodes, in: WatchScope(metadataOnly: true)) }
    group.addTask { try await watch(namespaces) }
    for (label, store) in zip(AdapterMap.labels, adapterMaps) {
      group.addTask { try await watch(store, in: WatchScope(labelSelector: "\(label)=true")) }
    }
  }

  private func watchObjects(in group: inout ThrowingDiscardingTaskGroup<any Error>, _ stores: ProvisionedStores) {
    let whole = WatchScope(labelSelector: GatewayNames.Label.selector)
    let metadata = WatchScope(labelSelector: GatewayNames.Label.selector, metadataOnly: true)
    group.addTask { try await watch(stores.deployments, in: whole) }
    group.addTask { try await watch(stores.pods, in: whole) }
    group.addTask { try await watch(stores.serviceAccounts, in: metadata) }
    group.addTask { try await watch(stores.podDisruptionBudgets, in: metadata) }
    group.addTask { try await watch(stores.autoscalers, in: metadata) }
    group.addTask { try await watch(stores.roles, in: metadata) }
    group.addTask { try await watch(stores.roleBindings, in: metadata) }
    group.addTask { try await watch(stores.clusterRoleBindings, in: metadata) }
  }

  private func watch<R: Resource>(_ objects: NamedWatches<R>) async throws {
    try await objects.run { try await watch($0.store, in: $0.scope, problems: $0.problems) }
  }

  private func watch<R: Resource>(_ store: Store<R>, in scope: WatchScope = .all) async throws {
    try await watch(store, in: scope, problems: problems)
  }

  private func watch<R: Resource>(_ store: Store<R>, in scope: WatchScope, problems: KindProblems) async throws {
    try await KindWatch(
      client: client, store: store, scope: scope, logger: logger, retryPause: retryPause, problems: problems,
      observer: observer(of: R.type),
      onUndecodable: { _ in instruments?.watchEvents.increment([R.type.kind, "UNDECODABLE"]) }
    ).run()
  }

  private func observer(of type: ResourceType) -> WatchObserver {
    WatchObserver(
      event: { instruments?.watchEvents.increment([type.kind, $0.rawValue]) },
      restart: { instruments?.watchRestarts.increment([type.kind, $0.rawValue]) })
  }
}
