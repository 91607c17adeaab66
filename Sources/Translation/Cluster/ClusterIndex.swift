import KubernetesAPI
import Routing

/// A ``ClusterState`` in the orders and under the keys in which the translation asks for its objects.
///
/// Everything is sorted here, so that nothing later depends on the order in which objects came.
struct ClusterIndex {
  let controllerName: String
  /// The GatewayClasses that name our controller, accepted or not, by name.
  let gatewayClasses: [GatewayClass]
  let listenerSets: ListenerSetRules
  /// Those that say that we accept them, while their Gateway is none of ours.
  let leftListenerSets: [ListenerSet]
  /// The Gateways that are ours to serve, the oldest first.
  let gateways: [Gateway]
  /// Those that went to another controller, and whose status still says that we serve them.
  let leftGateways: [Gateway]
  let ownership: GatewayOwnership
  /// The oldest first.
  let routes: [RouteSource]
  let grants: ReferenceGrants
  /// The oldest first.
  let backendTLSPolicies: [BackendTLSPolicy]
  /// What our Gateways, and policies for backends, name for TLS.
  let certificateReferences: CertificateReferences
  let secrets: NamedObjects<Secret>
  let authorities: NamedObjects<ConfigMap>
  let definitions: NamedObjects<CustomResourceDefinition>?
  let moment: Int64?
  let pools: [ObjectKey: InferencePool]
  let poolsV1Alpha2: [ObjectKey: InferencePoolV1Alpha2]
  /// The oldest first, after them those that are being deleted.
  let models: [InferenceModel]
  /// Those of `llm-d.ai` before those of the group that it was before, each by name.
  let objectives: [GroupedObject<InferenceObjectiveSpec>]
  /// The oldest first, after them those that are being deleted.
  let rewrites: [GroupedObject<InferenceModelRewriteSpec>]
  /// The oldest first.
  let adapterMaps: [ConfigMap]
  let services: [ObjectKey: Service]
  /// The slices of each Service, by name.
  let slices: [ObjectKey: [EndpointSlice]]
  /// All Pods, in any order.
  let pods: [Pod]
  let podPlaces: PodPlaces
  let nodes: [String: Node]
  let namespaceLabels: NamespaceLabels
  let gatewayAddresses: [ObjectKey: [String]]
  let listenerFailures: [ListenerSocket: String]
  let certificateFailures: [CertificateFailure]
  let gaps: InputGaps
  let hosting: GatewayHosting
  /// What our classes say of the pods of their Gateways, by their names.
  let classParameters: [String: ParameterReading]
  /// What our Gateways say themselves.
  let gatewayParameters: [ObjectKey: ParameterReading]
  let gatewayDeployments: [ObjectKey: Deployment]
  let gatewayPods: [GatewayOwner: [Pod]]
  let provisioningFailures: [ObjectKey: String]

  init(_ state: ClusterState) {
    controllerName = state.controllerName
    gatewayClasses = state.gatewayClasses.filter { $0.spec.controllerName == state.controllerName }.byKey()
    let ownership = GatewayOwnership(state)
    self.ownership = ownership
    gateways = state.gateways.filter(ownership.isOurs).oldestFirst()
    leftGateways = state.gateways.filter(ownership.hasLeft)
    listenerSets = ListenerSetRules(state)
    let ours = Set(gateways.map(\.key))
    leftListenerSets = state.listenerSets.filter { set in
      ownership.isSigned(set) && set.gateway.map(ours.contains) != true
    }
    routes = RouteSource.all(state)
    grants = ReferenceGrants(grants: state.referenceGrants.byKey())
    backendTLSPolicies = state.backendTLSPolicies.oldestFirst()
    certificateReferences = state.certificateReferences
    secrets = state.secrets
    authorities = state.authorities
    definitions = state.definitions
    moment = state.moment
    pools = state.inferencePools.keyed()
    poolsV1Alpha2 = state.inferencePoolsV1Alpha2.keyed()
    let models = state.inferenceModels.oldestFirst()
    self.models = models.filter { !Self.isTerminating($0) } + models.filter(Self.isTerminating)
    objectives = GroupedObject.objectives(state)
    rewrites = GroupedObject.rewrites(state)
    adapterMaps = state.configMaps.filter { AdapterMap.isOne($0) && !Self.isTerminating($0) }.oldestFirst()
    services = state.services.keyed()
    slices = Dictionary(grouping: state.endpointSlices.byKey(), by: Self.serviceKey)
    pods = state.pods
    podPlaces = PodPlaces(state.pods)
    nodes = Dictionary(state.nodes.byKey().map { ($0.metadata.name, $0) }, uniquingKeysWith: { first, _ in first })
    namespaceLabels = NamespaceLabels(state.namespaces)
    gatewayAddresses = state.gatewayAddresses
    listenerFailures = state.listenerFailures
    certificateFailures = state.certificateFailures
    gaps = state.gaps
    hosting = state.hosting
    classParameters = Dictionary(
      gatewayClasses.map { ($0.metadata.name, state.parameters(of: $0)) }, uniquingKeysWith: { first, _ in first })
    gatewayParameters = Dictionary(
      gateways.map { ($0.key, state.parameters(of: $0)) }, uniquingKeysWith: { first, _ in first })
    gatewayDeployments = state.gatewayDeployments.keyed()
    gatewayPods = state.gatewayPods.reduce(into: [:]) { pods, pod in
      if let owner = GatewayOwner(pod.metadata) { pods[owner, default: []].append(pod) }
    }
    provisioningFailures = state.provisioningFailures
  }

  private static func serviceKey(_ slice: EndpointSlice) -> ObjectKey {
    let name = slice.metadata.labels[EndpointSlice.serviceNameLabel] ?? ""
    return ObjectKey(namespace: slice.metadata.namespace, name: name)
  }

  private static func isTerminating(_ object: some Resource) -> Bool { object.metadata.deletionTimestamp != nil }
}

/// The places of Pods in their list by name, once somebody asks: only backends that are Services do.
final class PodPlaces {
  private let pods: [Pod]
  private lazy var places = Dictionary(
    pods.indices.map { (pods[$0].key, $0) }, uniquingKeysWith: { first, _ in first })

  init(_ pods: [Pod]) { self.pods = pods }

  subscript(_ key: ObjectKey) -> Int? { places[key] }
}

extension Array where Element: Resource {
  /// Sorted by namespace and name.
  fileprivate func byKey() -> [Element] { sorted { $0.key < $1.key } }

  fileprivate func keyed() -> [ObjectKey: Element] {
    Dictionary(map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

extension ObjectKey {
  /// The name in the routing table's terms.
  var objectName: ObjectName { ObjectName(namespace: namespace, name: name) }
}

extension ObjectName {
  /// The key in the API's terms.
  var key: ObjectKey { ObjectKey(namespace: namespace, name: name) }
}
