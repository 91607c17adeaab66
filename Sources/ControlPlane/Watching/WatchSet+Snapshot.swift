import KubernetesAPI
import KubernetesClient
public import Translation

extension WatchSet {
  /// The kinds whose first full list has not come yet, by name and version; empty when all are synced.
  public var unsyncedKinds: [String] { unsynced.map(Self.name) }

  /// The same with why it has not come, as far as is known, and what to do about it.
  public var unsyncedReasons: [String] {
    unsynced.map { "\(Self.name($0)): \(problems[$0] ?? "the first full list has not come yet")" }
      + secrets.waiting + authorities.waiting + parameters.waiting
  }

  /// Those of the kinds without which nothing can be served that the server does not know, each with the command that installs it.
  public var missingDefinitions: [String] {
    [GatewayClass.type, Gateway.type, HTTPRoute.type].compactMap { problems.absence(of: $0) }
  }

  /// Watches what the Gateways of `state`, their ListenerSets and the policies name for TLS, and nothing else any more, and adds what
  /// is known of it.
  func completeCertificates(of state: inout ClusterState) {
    let references = state.certificateReferences
    state.secrets = secrets.follow(references.secrets)
    state.authorities = authorities.follow(references.authorities)
  }

  /// The same of the parameters of Gateways and of their classes.
  func completeParameters(of state: inout ClusterState) {
    state.gatewayParameters = parameters.follow(state.parameterReferences)
  }

  /// Adds what is known of the definitions of Gateway API. Nothing waits for them, and a gateway pod, which writes no status, does not
  /// ask for them.
  func completeDefinitions(of state: inout ClusterState) {
    if state.hosting == .pod { return }
    state.definitions = definitions.follow(GatewayAPIVersions.definitions)
  }

  private static func name(_ type: ResourceType) -> String { "\(type.kind) (\(type.apiVersion))" }

  private var unsynced: [ResourceType] {
    let refused = problems.refusals
    return unread.filter { refused[$0] == nil || Self.indispensable.contains($0) }
  }

  /// Kinds without which nothing can be served as it shall be; what hangs on any other kind is all that its absence costs.
  /// A policy that is not known could be the one that asks for TLS.
  private static let indispensable = [GatewayClass.type, Gateway.type, BackendTLSPolicy.type]

  /// The kinds of which no list has come yet.
  private var unread: [ResourceType] {
    func type<R: Resource>(_ store: Store<R>) -> ResourceType? { store.isSynced ? nil : R.type }
    return [
      type(gatewayClasses), type(gateways), type(listenerSets), type(httpRoutes), type(grpcRoutes), type(tlsRoutes),
      type(tcpRoutes), type(udpRoutes), type(referenceGrants),
      type(inferencePools), type(inferencePoolsV1Alpha2), type(inferenceModels), type(inferenceObjectives),
      type(inferenceObjectivesXK8s), type(inferenceModelRewrites), type(inferenceModelRewritesXK8s), type(services),
      type(endpointSlices),
      type(backendTLSPolicies), type(pods),
      type(nodes), type(namespaces), adapterMaps.compactMap(type).first,
    ].compactMap(\.self) + (provisioned?.unread ?? [])
  }

  /// What is not read though it is there: refused kinds, and objects that do not decode.
  var gaps: InputGaps {
    InputGaps(
      kinds: problems.refusals,
      objects: undecodable.map { InputGaps.Object(type: $0.type, key: $0.key, reason: $0.reason) })
  }

  /// What an operator has to mend though everything goes on, one line each.
  public var degradations: [String] {
    let gaps = gaps
    return gaps.kinds.sorted { $0.value < $1.value }.map { "\(Self.name($0.key)): \($0.value)" }
      + gaps.objects.map { "\($0.type.kind) \($0.key) does not decode: \($0.reason)" }
  }

  /// The objects whose newest state does not decode.
  var undecodable: [UndecodableObject] {
    gatewayClasses.undecodable + gateways.undecodable + listenerSets.undecodable + httpRoutes.undecodable
      + grpcRoutes.undecodable + tlsRoutes.undecodable + tcpRoutes.undecodable + udpRoutes.undecodable
      + referenceGrants.undecodable + backendTLSPolicies.undecodable
      + inferencePools.undecodable + inferencePoolsV1Alpha2.undecodable + inferenceModels.undecodable
      + inferenceObjectives.undecodable + inferenceObjectivesXK8s.undecodable + inferenceModelRewrites.undecodable
      + inferenceModelRewritesXK8s.undecodable + services.undecodable + endpointSlices.undecodable + pods.undecodable
      + nodes.undecodable
      + namespaces.undecodable + adapterMaps.flatMap(\.undecodable)
  }

  /// All objects of all stores; `nil` until every store is synced, but for the kinds that are refused to this account and
  /// can be done without: of those the state says that they are not known.
  ///
  /// The stores are read one after the other: an object that changes meanwhile rings the bell again, and the next
  /// snapshot has it.
  public func snapshot() -> ClusterState? {
    guard unsynced.isEmpty else { return nil }
    func all<R: Resource>(_ store: Store<R>) -> [R] { store.snapshot.map { Array($0.values) } ?? [] }
    var state = ClusterState(
      gatewayClasses: all(gatewayClasses), gateways: all(gateways), listenerSets: all(listenerSets),
      httpRoutes: all(httpRoutes), grpcRoutes: all(grpcRoutes), tlsRoutes: all(tlsRoutes),
      referenceGrants: all(referenceGrants), backendTLSPolicies: all(backendTLSPolicies),
      inferencePools: all(inferencePools), inferencePoolsV1Alpha2: all(inferencePoolsV1Alpha2),
      inferenceModels: all(inferenceModels), services: all(services), endpointSlices: all(endpointSlices),
      pods: all(pods), nodes: all(nodes), namespaces: all(namespaces), configMaps: Array(configMaps.values))
    state.tcpRoutes = all(tcpRoutes)
    state.udpRoutes = all(udpRoutes)
    state.inferenceObjectives = all(inferenceObjectives)
    state.inferenceObjectivesXK8s = all(inferenceObjectivesXK8s)
    state.inferenceModelRewrites = all(inferenceModelRewrites)
    state.inferenceModelRewritesXK8s = all(inferenceModelRewritesXK8s)
    state.gaps = gaps
    if let provisioned {
      state.gatewayDeployments = all(provisioned.deployments)
      state.gatewayPods = all(provisioned.pods)
    }
    return state
  }

  /// The ConfigMaps that tell of adapters, as far as they are known.
  var configMaps: [ObjectKey: ConfigMap] {
    var all: [ObjectKey: ConfigMap] = [:]
    for store in adapterMaps {
      // One that has both labels is in both stores, and may be newer in one for a moment.
      all.merge(store.snapshot ?? [:]) { first, _ in first }
    }
    return all
  }

  /// The versions of the objects whose statuses we write, as the stores have them now; `nil` for those that are not
  /// there.
  func storedVersions() -> (StatusKey) -> String? {
    let (classes, gateways, routes) = (gatewayClasses.snapshot, gateways.snapshot, httpRoutes.snapshot)
    let (grpcRoutes, tlsRoutes, listenerSets) = (grpcRoutes.snapshot, tlsRoutes.snapshot, listenerSets.snapshot)
    let (tcpRoutes, udpRoutes) = (tcpRoutes.snapshot, udpRoutes.snapshot)
    let (pools, oldPools) = (inferencePools.snapshot, inferencePoolsV1Alpha2.snapshot)
    let (models, policies) = (inferenceModels.snapshot, backendTLSPolicies.snapshot)
    let (objectives, objectivesXK8s) = (inferenceObjectives.snapshot, inferenceObjectivesXK8s.snapshot)
    let (rewrites, rewritesXK8s) = (inferenceModelRewrites.snapshot, inferenceModelRewritesXK8s.snapshot)
    return { key in
      switch key.kind {
      case .gatewayClass: classes?[key.object]?.metadata.resourceVersion
      case .gateway: gateways?[key.object]?.metadata.resourceVersion
      case .listenerSet: listenerSets?[key.object]?.metadata.resourceVersion
      case .httpRoute: routes?[key.object]?.metadata.resourceVersion
      case .grpcRoute: grpcRoutes?[key.object]?.metadata.resourceVersion
      case .tlsRoute: tlsRoutes?[key.object]?.metadata.resourceVersion
      case .tcpRoute: tcpRoutes?[key.object]?.metadata.resourceVersion
      case .udpRoute: udpRoutes?[key.object]?.metadata.resourceVersion
      case .inferencePool: pools?[key.object]?.metadata.resourceVersion
      case .inferencePoolV1Alpha2: oldPools?[key.object]?.metadata.resourceVersion
      case .inferenceModel: models?[key.object]?.metadata.resourceVersion
      case .inferenceObjective: objectives?[key.object]?.metadata.resourceVersion
      case .inferenceObjectiveXK8s: objectivesXK8s?[key.object]?.metadata.resourceVersion
      case .inferenceModelRewrite: rewrites?[key.object]?.metadata.resourceVersion
      case .inferenceModelRewriteXK8s: rewritesXK8s?[key.object]?.metadata.resourceVersion
      case .backendTLSPolicy: policies?[key.object]?.metadata.resourceVersion
      }
    }
  }
}
