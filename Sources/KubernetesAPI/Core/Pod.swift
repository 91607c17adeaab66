/// A pod, as far as finding and judging model servers needs it.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/>
public struct Pod: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(group: "", version: "v1", kind: "Pod", plural: "pods")

  /// Metadata.
  public var metadata: ObjectMeta
  /// What should run.
  public var spec: PodSpec?
  /// What does run.
  public var status: PodStatus?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: PodSpec? = nil, status: PodStatus? = nil) {
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// What a pod should run.
public struct PodSpec: Codable, Sendable, Equatable {
  /// The node it is bound to.
  public var nodeName: String?
  /// Its containers.
  @OrEmpty public var containers: [Container]
  /// What runs before them; with `restartPolicy: Always` beside them, as a sidecar.
  @OrEmpty public var initContainers: [Container]
  /// Labels that its node must have.
  @OrEmpty public var nodeSelector: [String: String]

  /// Makes the value from its parts.
  public init(
    nodeName: String? = nil, containers: [Container] = [], initContainers: [Container] = [],
    nodeSelector: [String: String] = [:]
  ) {
    self.nodeName = nodeName
    self.containers = containers
    self.initContainers = initContainers
    self.nodeSelector = nodeSelector
  }
}

/// One container of a pod.
public struct Container: Codable, Sendable, Equatable {
  /// Its name.
  @OrEmpty public var name: String
  /// Its image.
  public var image: String?
  /// The ports it says it opens.
  @OrEmpty public var ports: [ContainerPort]
  /// What it needs.
  public var resources: ResourceRequirements?
  /// Of an init container: `Always` makes it a sidecar.
  public var restartPolicy: String?

  /// Makes the value from its parts.
  public init(
    name: String, image: String? = nil, ports: [ContainerPort] = [], resources: ResourceRequirements? = nil,
    restartPolicy: String? = nil
  ) {
    self.name = name
    self.image = image
    self.ports = ports
    self.resources = resources
    self.restartPolicy = restartPolicy
  }
}

/// A port of a container.
public struct ContainerPort: Codable, Sendable, Equatable {
  /// Its name, which a Service may point to.
  public var name: String?
  /// Its number.
  public var containerPort: Int
  /// `TCP` when unset.
  public var `protocol`: String?

  /// Makes the value from its parts.
  public init(name: String? = nil, containerPort: Int, `protocol`: String? = nil) {
    self.name = name
    self.containerPort = containerPort
    self.`protocol` = `protocol`
  }
}

/// What a container needs.
public struct ResourceRequirements: Codable, Sendable, Equatable {
  /// The most it gets, by resource name.
  @OrEmpty public var limits: [String: Quantity]
  /// The least it gets, by resource name.
  @OrEmpty public var requests: [String: Quantity]
  /// Devices it gets by claims of its pod.
  @OrEmpty public var claims: [ClaimReference]

  /// Makes the value from its parts.
  public init(
    limits: [String: Quantity] = [:], requests: [String: Quantity] = [:], claims: [ClaimReference] = []
  ) {
    self.limits = limits
    self.requests = requests
    self.claims = claims
  }
}

/// Names one of a pod's `resourceClaims`.
public struct ClaimReference: Codable, Sendable, Equatable {
  /// The claim's name in the pod.
  @OrEmpty public var name: String

  /// Makes the value from its parts.
  public init(name: String) {
    self.name = name
  }
}

/// What a pod does.
public struct PodStatus: Codable, Sendable, Equatable {
  /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
  public var phase: String?
  /// Its address.
  public var podIP: String?
  /// Its node's address.
  public var hostIP: String?
  /// Its state, aspect by aspect.
  @OrEmpty public var conditions: [PodCondition]

  /// Makes the value from its parts.
  public init(phase: String? = nil, podIP: String? = nil, hostIP: String? = nil, conditions: [PodCondition] = []) {
    self.phase = phase
    self.podIP = podIP
    self.hostIP = hostIP
    self.conditions = conditions
  }
}

/// One aspect of a pod's state.
public struct PodCondition: Codable, Sendable, Equatable {
  /// `Ready`, `PodScheduled`, ….
  @OrEmpty public var type: String
  /// `True`, `False` or `Unknown`.
  @OrEmpty public var status: String
  /// Why, in one word.
  public var reason: String?
  /// Why, for a person.
  public var message: String?
  /// When it last changed.
  public var lastTransitionTime: Timestamp?

  /// Makes the value from its parts.
  public init(
    type: String, status: String, reason: String? = nil, message: String? = nil, lastTransitionTime: Timestamp? = nil
  ) {
    self.type = type
    self.status = status
    self.reason = reason
    self.message = message
    self.lastTransitionTime = lastTransitionTime
  }
}
