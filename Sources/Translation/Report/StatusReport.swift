public import KubernetesAPI

/// What the status of every object of ours ought to say.
///
/// No condition has a `lastTransitionTime`: whoever writes a status knows what it said before, and sets the times.
/// An object of ours that nothing uses has an empty list, so that a writer removes what we said of it earlier; an object
/// that is missing here is none of our business.
public struct StatusReport: Sendable, Equatable {
  /// The statuses of the GatewayClasses that name our controller.
  public var gatewayClasses: [ObjectKey: GatewayClassStatus]
  /// Those of them that a Gateway names: they carry ``GatewayClass/usedFinalizer``.
  public var usedGatewayClasses: Set<ObjectKey> = []
  /// The statuses of the Gateways of our classes, accepted or not, and of those that we served when their class went.
  ///
  /// A Gateway that went to another controller is here as long as its status still says that we serve it: the status to
  /// be written takes that back, and the Gateway is gone from the next report. One whose status says nothing of us, and
  /// whose class does not exist, is not here: nobody can tell whose it is.
  public var gateways: [ObjectKey: GatewayStatus]
  /// Those of ``gateways`` that went to another controller.
  public var leftGateways: Set<ObjectKey> = []
  /// The statuses of the ListenerSets that name one of our Gateways, allowed or not; and of those of which we said so earlier, to
  /// take it back.
  public var listenerSets: [ObjectKey: ListenerSetStatus] = [:]
  /// Our entries of `status.parents` of every route, by its kind.
  public var routes: [RouteKind: [ObjectKey: [RouteParentStatus]]]
  /// Our entries of `status.parents` of every InferencePool v1.
  public var inferencePools: [ObjectKey: [PoolParentStatus]]
  /// Our entries of `status.parent` of every InferencePool v1alpha2.
  public var inferencePoolsV1Alpha2: [ObjectKey: [PoolParentStatus]]
  /// The conditions of every InferenceModel, InferenceObjective and InferenceModelRewrite, by its kind.
  public var plain: [ResourceType: [ObjectKey: [Condition]]]
  /// Our entries of `status.ancestors` of every BackendTLSPolicy but those that wait for what they name.
  public var backendTLSPolicies: [ObjectKey: [PolicyAncestorStatus]] = [:]
  /// What is wrong with every ConfigMap that tells of adapters, one text a mistake, none if nothing is. A ConfigMap has
  /// no status: mistakes become Events.
  public var configMaps: [ObjectKey: [String]]

  /// The kinds of ``plain``, each as reports name it, in their order.
  package static let plainKinds: [(type: ResourceType, name: String)] = [
    (InferenceModel.type, "inferenceModels"),
    (InferenceObjective<LLMDGroup>.type, "inferenceObjectives"),
    (InferenceObjective<ExperimentalInferenceGroup>.type, "inferenceObjectivesXK8s"),
    (InferenceModelRewrite<LLMDGroup>.type, "inferenceModelRewrites"),
    (InferenceModelRewrite<ExperimentalInferenceGroup>.type, "inferenceModelRewritesXK8s"),
  ]
  /// How many entries the API takes in `status.parents`; for one more it refuses the whole status.
  public static let maximumParents = 32
  /// The same of `status.ancestors`.
  public static let maximumAncestors = 16

  /// A report.
  public init(
    gatewayClasses: [ObjectKey: GatewayClassStatus] = [:], gateways: [ObjectKey: GatewayStatus] = [:],
    routes: [RouteKind: [ObjectKey: [RouteParentStatus]]] = [:], inferencePools: [ObjectKey: [PoolParentStatus]] = [:],
    inferencePoolsV1Alpha2: [ObjectKey: [PoolParentStatus]] = [:],
    plain: [ResourceType: [ObjectKey: [Condition]]] = [:],
    configMaps: [ObjectKey: [String]] = [:]
  ) {
    self.gatewayClasses = gatewayClasses
    self.gateways = gateways
    self.routes = routes
    self.inferencePools = inferencePools
    self.inferencePoolsV1Alpha2 = inferencePoolsV1Alpha2
    self.plain = plain
    self.configMaps = configMaps
  }
}
