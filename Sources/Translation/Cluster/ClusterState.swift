public import KubernetesAPI

/// All objects that decide what is served, as seen at one moment; the input of ``translate(_:)``.
///
/// The order of the objects in the arrays means nothing.
public struct ClusterState: Sendable {
  /// The name that a GatewayClass gives in `spec.controllerName` to be served by this program, if nothing else is said.
  public static let defaultControllerName = "switchyard.dev/gateway-controller"

  /// The name by which GatewayClasses choose this controller.
  public var controllerName: String
  /// All GatewayClasses, ours or not.
  public var gatewayClasses: [GatewayClass]
  /// All Gateways, ours or not.
  public var gateways: [Gateway]
  /// All ListenerSets, of our Gateways or not.
  public var listenerSets: [ListenerSet]
  /// All HTTPRoutes.
  public var httpRoutes: [HTTPRoute]
  /// All GRPCRoutes.
  public var grpcRoutes: [GRPCRoute]
  /// All TLSRoutes.
  public var tlsRoutes: [TLSRoute]
  /// All TCPRoutes.
  public var tcpRoutes: [TCPRoute] = []
  /// All UDPRoutes.
  public var udpRoutes: [UDPRoute] = []
  /// All ReferenceGrants.
  public var referenceGrants: [ReferenceGrant]
  /// All BackendTLSPolicies.
  public var backendTLSPolicies: [BackendTLSPolicy]
  /// All InferencePools of `inference.networking.k8s.io/v1`.
  public var inferencePools: [InferencePool]
  /// All InferencePools of `inference.networking.x-k8s.io/v1alpha2`.
  public var inferencePoolsV1Alpha2: [InferencePoolV1Alpha2]
  /// All InferenceModels.
  public var inferenceModels: [InferenceModel]
  /// All InferenceObjectives of `llm-d.ai`.
  public var inferenceObjectives: [InferenceObjective<LLMDGroup>] = []
  /// All InferenceObjectives of `inference.networking.x-k8s.io`.
  public var inferenceObjectivesXK8s: [InferenceObjective<ExperimentalInferenceGroup>] = []
  /// All InferenceModelRewrites of `llm-d.ai`.
  public var inferenceModelRewrites: [InferenceModelRewrite<LLMDGroup>] = []
  /// All InferenceModelRewrites of `inference.networking.x-k8s.io`.
  public var inferenceModelRewritesXK8s: [InferenceModelRewrite<ExperimentalInferenceGroup>] = []
  /// All Services.
  public var services: [Service]
  /// All EndpointSlices.
  public var endpointSlices: [EndpointSlice]
  /// All Pods.
  public var pods: [Pod]
  /// All Nodes.
  public var nodes: [Node]
  /// All Namespaces.
  public var namespaces: [Namespace]
  /// The ConfigMaps that tell of adapters; others may be among them, and mean nothing.
  public var configMaps: [ConfigMap]
  /// What is known of the Secrets of ``certificateReferences``.
  public var secrets: NamedObjects<Secret>
  /// What is known of its ConfigMaps.
  public var authorities: NamedObjects<ConfigMap>
  /// What is known of ``GatewayAPIVersions/definitions``; `nil` where objects come from no cluster.
  public var definitions: NamedObjects<CustomResourceDefinition>?
  /// When all this was so, in seconds since 1970: whether certificates are valid then is told. `nil` asks nothing of the
  /// kind.
  public var moment: Int64?
  /// The addresses assigned to each Gateway; none or empty while there is none.
  public var gatewayAddresses: [ObjectKey: [String]]
  /// The sockets that the data plane could not bind, with the reason.
  public var listenerFailures: [ListenerSocket: String]
  /// Who serves the Gateways.
  public var hosting = GatewayHosting.hosted
  /// What is known of the ConfigMaps of ``parameterReferences``.
  public var gatewayParameters = NamedObjects<ConfigMap>()
  /// The Deployments that were made for Gateways.
  public var gatewayDeployments: [Deployment] = []
  /// The pods of those Deployments.
  public var gatewayPods: [Pod] = []
  /// Why objects of a Gateway could not be made or brought up to date.
  public var provisioningFailures: [ObjectKey: String] = [:]
  /// What listeners name for TLS and the data plane could not use.
  public var certificateFailures: [CertificateFailure] = []
  /// What is there and could not be read: of it, empty does not mean absent.
  public var gaps = InputGaps()

  /// A state; without arguments, an empty cluster.
  public init(
    controllerName: String = ClusterState.defaultControllerName, gatewayClasses: [GatewayClass] = [],
    gateways: [Gateway] = [], listenerSets: [ListenerSet] = [], httpRoutes: [HTTPRoute] = [],
    grpcRoutes: [GRPCRoute] = [], tlsRoutes: [TLSRoute] = [],
    referenceGrants: [ReferenceGrant] = [],
    backendTLSPolicies: [BackendTLSPolicy] = [],
    inferencePools: [InferencePool] = [], inferencePoolsV1Alpha2: [InferencePoolV1Alpha2] = [],
    inferenceModels: [InferenceModel] = [], services: [Service] = [], endpointSlices: [EndpointSlice] = [],
    pods: [Pod] = [], nodes: [Node] = [], namespaces: [Namespace] = [], configMaps: [ConfigMap] = [],
    secrets: NamedObjects<Secret> = NamedObjects(), authorities: NamedObjects<ConfigMap> = NamedObjects(),
    moment: Int64? = nil,
    gatewayAddresses: [ObjectKey: [String]] = [:], listenerFailures: [ListenerSocket: String] = [:]
  ) {
    self.controllerName = controllerName
    self.gatewayClasses = gatewayClasses
    self.gateways = gateways
    self.listenerSets = listenerSets
    self.httpRoutes = httpRoutes
    self.grpcRoutes = grpcRoutes
    self.tlsRoutes = tlsRoutes
    self.referenceGrants = referenceGrants
    self.backendTLSPolicies = backendTLSPolicies
    self.inferencePools = inferencePools
    self.inferencePoolsV1Alpha2 = inferencePoolsV1Alpha2
    self.inferenceModels = inferenceModels
    self.services = services
    self.endpointSlices = endpointSlices
    self.pods = pods
    self.nodes = nodes
    self.namespaces = namespaces
    self.configMaps = configMaps
    self.secrets = secrets
    self.authorities = authorities
    self.moment = moment
    self.gatewayAddresses = gatewayAddresses
    self.listenerFailures = listenerFailures
  }
}
