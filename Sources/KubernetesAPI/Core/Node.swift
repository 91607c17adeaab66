/// A node; its labels and capacity tell which accelerators it has.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/>
public struct Node: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(group: "", version: "v1", kind: "Node", plural: "nodes", namespaced: false)

  /// Metadata.
  public var metadata: ObjectMeta
  /// What it has.
  public var status: NodeStatus?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, status: NodeStatus? = nil) {
    self.metadata = metadata
    self.status = status
  }
}

/// What a node has.
public struct NodeStatus: Codable, Sendable, Equatable {
  /// All of it, by resource name.
  @OrEmpty public var capacity: [String: Quantity]
  /// What pods may use, by resource name.
  @OrEmpty public var allocatable: [String: Quantity]

  /// Makes the value from its parts.
  public init(capacity: [String: Quantity] = [:], allocatable: [String: Quantity] = [:]) {
    self.capacity = capacity
    self.allocatable = allocatable
  }
}
