/// Pods that are replaced when their template changes; here only what is read back of one that we made.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/>
public struct Deployment: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")

  /// Metadata.
  public var metadata: ObjectMeta
  /// What it should do.
  public var spec: DeploymentSpec?
  /// What it does.
  public var status: DeploymentStatus?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: DeploymentSpec? = nil, status: DeploymentStatus? = nil) {
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// How many pods a Deployment should have.
public struct DeploymentSpec: Codable, Sendable, Equatable {
  /// One when unset.
  public var replicas: Int?

  /// Makes the value from its parts.
  public init(replicas: Int? = nil) { self.replicas = replicas }
}

/// How many pods a Deployment has.
public struct DeploymentStatus: Codable, Sendable, Equatable {
  /// Those that are ready.
  public var readyReplicas: Int?
  /// What its controller says of it.
  @OrEmpty public var conditions: [PodCondition]

  /// Makes the value from its parts.
  public init(readyReplicas: Int? = nil, conditions: [PodCondition] = []) {
    self.readyReplicas = readyReplicas
    self.conditions = conditions
  }
}
