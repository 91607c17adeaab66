// Kinds that are made for a Gateway and of which nothing but metadata is ever read back. What is written of them is JSON,
// made where the Gateway is planned.

/// Who a pod is when it talks to the API server.
public struct ServiceAccount: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(group: "", version: "v1", kind: "ServiceAccount", plural: "serviceaccounts")
  /// Metadata.
  public var metadata: ObjectMeta
  /// Makes the value from its parts.
  public init(metadata: ObjectMeta) { self.metadata = metadata }
}

/// How many pods may be taken away at once by those who empty nodes.
public struct PodDisruptionBudget: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "policy", version: "v1", kind: "PodDisruptionBudget", plural: "poddisruptionbudgets")
  /// Metadata.
  public var metadata: ObjectMeta
  /// Makes the value from its parts.
  public init(metadata: ObjectMeta) { self.metadata = metadata }
}

/// How many pods there shall be by how busy they are.
public struct HorizontalPodAutoscaler: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "autoscaling", version: "v2", kind: "HorizontalPodAutoscaler", plural: "horizontalpodautoscalers")
  /// Metadata.
  public var metadata: ObjectMeta
  /// Makes the value from its parts.
  public init(metadata: ObjectMeta) { self.metadata = metadata }
}

/// Rights in a namespace.
public struct Role: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "rbac.authorization.k8s.io", version: "v1", kind: "Role", plural: "roles")
  /// Metadata.
  public var metadata: ObjectMeta
  /// Makes the value from its parts.
  public init(metadata: ObjectMeta) { self.metadata = metadata }
}

/// Who has the rights of a Role.
public struct RoleBinding: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "rbac.authorization.k8s.io", version: "v1", kind: "RoleBinding", plural: "rolebindings")
  /// Metadata.
  public var metadata: ObjectMeta
  /// Makes the value from its parts.
  public init(metadata: ObjectMeta) { self.metadata = metadata }
}

/// Who has the rights of a ClusterRole, in all namespaces.
public struct ClusterRoleBinding: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "rbac.authorization.k8s.io", version: "v1", kind: "ClusterRoleBinding", plural: "clusterrolebindings",
    namespaced: false)
  /// Metadata.
  public var metadata: ObjectMeta
  /// Makes the value from its parts.
  public init(metadata: ObjectMeta) { self.metadata = metadata }
}
