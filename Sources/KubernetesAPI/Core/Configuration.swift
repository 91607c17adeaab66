/// A configuration.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/config-map-v1/>
public struct ConfigMap: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps")

  /// Metadata.
  public var metadata: ObjectMeta
  /// Values.
  @OrEmpty public var data: [String: String]

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, data: [String: String] = [:]) {
    self.metadata = metadata
    self.data = data
  }
}

/// A namespace.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/>
public struct Namespace: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "", version: "v1", kind: "Namespace", plural: "namespaces", namespaced: false)

  /// Metadata.
  public var metadata: ObjectMeta

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta) {
    self.metadata = metadata
  }
}
