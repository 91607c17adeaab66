import KubernetesAPI
import KubernetesClient

/// The kinds that the suite makes objects of.
enum Kinds {
  static let all: [ResourceType] = [
    HTTPRoute.type, Gateway.type, GatewayClass.type, InferenceModel.type, InferencePool.type,
    InferencePoolV1Alpha2.type, InferenceObjective<LLMDGroup>.type, InferenceObjective<ExperimentalInferenceGroup>.type,
    InferenceModelRewrite<LLMDGroup>.type, InferenceModelRewrite<ExperimentalInferenceGroup>.type,
    KubernetesAPI.Service.type, Pod.type, Node.type, ConfigMap.type, Secret.type,
    KubernetesAPI.Event.type,
  ]

  /// The path of all objects of a kind.
  static func path(_ type: ResourceType, namespace: String? = nil) -> String {
    APIRequest.path(of: type, namespace: namespace)
  }
}
