/// A set of model server pods that answer for the same models.
///
/// Source: <https://gateway-api-inference-extension.sigs.k8s.io/reference/spec/>
public struct InferencePool: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "inference.networking.k8s.io", version: "v1", kind: "InferencePool", plural: "inferencepools")

  /// Metadata.
  public var metadata: ObjectMeta
  /// Which pods, and who picks among them.
  public var spec: InferencePoolSpec
  /// What controllers say.
  public var status: InferencePoolStatus?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: InferencePoolSpec, status: InferencePoolStatus? = nil) {
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// Which pods a pool has, and who picks among them.
public struct InferencePoolSpec: Codable, Sendable, Equatable {
  /// Labels of its pods.
  public var selector: PoolSelector
  /// Ports of each pod; every one is an endpoint.
  @OrEmpty public var targetPorts: [PoolPort]
  /// `http` when unset, or `kubernetes.io/h2c`.
  public var appProtocol: String?
  /// An external picker.
  public var endpointPickerRef: EndpointPickerReference?

  /// Makes the value from its parts.
  public init(
    selector: PoolSelector, targetPorts: [PoolPort] = [], appProtocol: String? = nil,
    endpointPickerRef: EndpointPickerReference? = nil
  ) {
    self.selector = selector
    self.targetPorts = targetPorts
    self.appProtocol = appProtocol
    self.endpointPickerRef = endpointPickerRef
  }
}

/// Labels of a pool's pods.
public struct PoolSelector: Codable, Sendable, Equatable {
  /// All of which a pod must have.
  @OrEmpty public var matchLabels: [String: String]

  /// Makes the value from its parts.
  public init(matchLabels: [String: String] = [:]) {
    self.matchLabels = matchLabels
  }
}

/// A port number.
public struct PoolPort: Codable, Sendable, Equatable {
  /// 1 to 65535.
  public var number: Int

  /// Makes the value from its parts.
  public init(number: Int) {
    self.number = number
  }
}

/// Names an external endpoint picker.
public struct EndpointPickerReference: Codable, Sendable, Equatable {
  /// Its group; core when unset.
  public var group: String?
  /// Its kind; `Service` when unset.
  public var kind: String?
  /// Its name.
  @OrEmpty public var name: String
  /// Its Service port.
  public var port: PoolPort?
  /// `FailClose` when unset, or `FailOpen`.
  public var failureMode: String?

  /// Makes the value from its parts.
  public init(
    group: String? = nil, kind: String? = nil, name: String, port: PoolPort? = nil, failureMode: String? = nil
  ) {
    self.group = group
    self.kind = kind
    self.name = name
    self.port = port
    self.failureMode = failureMode
  }
}

/// What controllers say of a pool.
public struct InferencePoolStatus: Codable, Sendable, Equatable {
  /// One entry a Gateway that routes to it.
  @OrEmpty public var parents: [PoolParentStatus]

  /// Makes the value from its parts.
  public init(parents: [PoolParentStatus] = []) {
    self.parents = parents
  }
}

/// What one controller says of a pool at one parent.
public struct PoolParentStatus: Codable, Sendable, Equatable {
  /// The Gateway.
  public var parentRef: ParentReference
  /// The controller.
  public var controllerName: String?
  /// Conditions by type.
  @OrEmpty public var conditions: [Condition]

  /// Makes the value from its parts.
  public init(parentRef: ParentReference, controllerName: String? = nil, conditions: [Condition] = []) {
    self.parentRef = parentRef
    self.controllerName = controllerName
    self.conditions = conditions
  }
}
