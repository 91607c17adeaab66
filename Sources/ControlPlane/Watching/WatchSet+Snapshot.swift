import KubernetesAPI
import KubernetesClient
public import Translation

extension WatchSet {
  /// The kinds whose first full list has not come yet, by name and version; empty when all are synced.
  public var unsyncedKinds: [String] { unsynced.map(Self.name) }

  /// The same with why it has not come, as far as is known, and what to do about it.
  public var unsyncedReasons: [String] {
    unsynced.map { "\(Self.name($0)): \(problems[$0] ?? "the first full list has not come yet")" }
      + secrets.waiting + authorities.waiting
  }

  /// Watches what the Gateways of `state`, their ListenerSets and the policies name for TLS, and nothing else any more, and adds what
  /// is known of it.
  func completeCertificates(of state: inout ClusterState) {
    let references = state.certificateReferences
    state.secrets = secrets.follow(references.secrets)
    state.authorities = authorities.follow(references.authorities)
  }

  private static func name(_ type: ResourceType) -> String { "\(type.kind) (\(type.apiVersion))" }

  private var unsynced: [ResourceType] {
    func type<R: Resource>(_ store: Store<R>) -> ResourceType? { store.isSynced ? nil : R.type }
    return [
      type(gatewayClasses), type(gateways), type(listenerSets), type(httpRoutes), type(grpcRoutes), type(tlsRoutes),
      type(referenceGrants),
      type(inferencePools), type(inferencePoolsV1Alpha2), type(inferenceModels), type(services), type(endpointSlices),
      type(backendTLSPolicies), type(pods),
      type(nodes), type(namespaces), adapterMaps.compactMap(type).first,
    ].compactMap(\.self)
  }

  /// All objects of all stores; `nil` until every store is synced.
  ///
  /// The stores are read one after the other: an object that changes meanwhile rings the bell again, and the next
  /// snapshot has it.
  public func snapshot() -> ClusterState? {
    guard
      let gatewayClasses = gatewayClasses.snapshot, let gateways = gateways.snapshot,
      let listenerSets = listenerSets.snapshot, let httpRoutes = httpRoutes.snapshot,
      let grpcRoutes = grpcRoutes.snapshot, let tlsRoutes = tlsRoutes.snapshot,
      let referenceGrants = referenceGrants.snapshot,
      let backendTLSPolicies = backendTLSPolicies.snapshot,
      let inferencePools = inferencePools.snapshot, let inferencePoolsV1Alpha2 = inferencePoolsV1Alpha2.snapshot,
      let inferenceModels = inferenceModels.snapshot, let services = services.snapshot,
      let endpointSlices = endpointSlices.snapshot, let pods = pods.snapshot, let nodes = nodes.snapshot,
      let namespaces = namespaces.snapshot, let configMaps = configMaps
    else { return nil }
    return ClusterState(
      gatewayClasses: Array(gatewayClasses.values), gateways: Array(gateways.values),
      listenerSets: Array(listenerSets.values), httpRoutes: Array(httpRoutes.values),
      grpcRoutes: Array(grpcRoutes.values), tlsRoutes: Array(tlsRoutes.values),
      referenceGrants: Array(referenceGrants.values),
      backendTLSPolicies: Array(backendTLSPolicies.values),
      inferencePools: Array(inferencePools.values), inferencePoolsV1Alpha2: Array(inferencePoolsV1Alpha2.values),
      inferenceModels: Array(inferenceModels.values), services: Array(services.values),
      endpointSlices: Array(endpointSlices.values), pods: Array(pods.values), nodes: Array(nodes.values),
      namespaces: Array(namespaces.values), configMaps: Array(configMaps.values))
  }

  /// The ConfigMaps that tell of adapters; `nil` until every store of them is synced.
  var configMaps: [ObjectKey: ConfigMap]? {
    var all: [ObjectKey: ConfigMap] = [:]
    for store in adapterMaps {
      guard let maps = store.snapshot else { return nil }
      // One that has both labels is in both stores, and may be newer in one for a moment.
      all.merge(maps) { first, _ in first }
    }
    return all
  }

  /// The versions of the objects whose statuses we write, as the stores have them now; `nil` for those that are not
  /// there.
  func storedVersions() -> (StatusKey) -> String? {
    let (classes, gateways, routes) = (gatewayClasses.snapshot, gateways.snapshot, httpRoutes.snapshot)
    let (grpcRoutes, tlsRoutes, listenerSets) = (grpcRoutes.snapshot, tlsRoutes.snapshot, listenerSets.snapshot)
    let (pools, oldPools) = (inferencePools.snapshot, inferencePoolsV1Alpha2.snapshot)
    let (models, policies) = (inferenceModels.snapshot, backendTLSPolicies.snapshot)
    return { key in
      switch key.kind {
      case .gatewayClass: classes?[key.object]?.metadata.resourceVersion
      case .gateway: gateways?[key.object]?.metadata.resourceVersion
      case .listenerSet: listenerSets?[key.object]?.metadata.resourceVersion
      case .httpRoute: routes?[key.object]?.metadata.resourceVersion
      case .grpcRoute: grpcRoutes?[key.object]?.metadata.resourceVersion
      case .tlsRoute: tlsRoutes?[key.object]?.metadata.resourceVersion
      case .inferencePool: pools?[key.object]?.metadata.resourceVersion
      case .inferencePoolV1Alpha2: oldPools?[key.object]?.metadata.resourceVersion
      case .inferenceModel: models?[key.object]?.metadata.resourceVersion
      case .backendTLSPolicy: policies?[key.object]?.metadata.resourceVersion
      }
    }
  }
}
