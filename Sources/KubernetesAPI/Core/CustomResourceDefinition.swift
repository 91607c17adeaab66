/// A definition of a kind, of which only the metadata is read: its annotations say which release it is of.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/>
public struct CustomResourceDefinition: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition", plural: "customresourcedefinitions",
    namespaced: false)

  /// Metadata; the name is `PLURAL.GROUP`.
  public var metadata: ObjectMeta

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta) { self.metadata = metadata }
}
