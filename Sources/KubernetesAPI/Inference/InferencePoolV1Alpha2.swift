/// A pool in its first shape.
///
/// Source: <https://gateway-api-inference-extension.sigs.k8s.io/reference/x-spec/>
public struct InferencePoolV1Alpha2: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "inference.networking.x-k8s.io", version: "v1alpha2", kind: "InferencePool", plural: "inferencepools")

  /// Metadata.
  public var metadata: ObjectMeta
  /// Which pods, and who picks among them.
  public var spec: InferencePoolV1Alpha2Spec
  /// What controllers say.
  public var status: InferencePoolV1Alpha2Status?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: InferencePoolV1Alpha2Spec, status: InferencePoolV1Alpha2Status? = nil) {
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// Which pods a pool has, and who picks among them.
public struct InferencePoolV1Alpha2Spec: Codable, Sendable, Equatable {
  /// Labels, all of which a pod must have.
  @OrEmpty public var selector: [String: String]
  /// The pods' port.
  public var targetPortNumber: Int
  /// An external picker.
  public var extensionRef: ExtensionReference?

  /// Makes the value from its parts.
  public init(selector: [String: String] = [:], targetPortNumber: Int, extensionRef: ExtensionReference? = nil) {
    self.selector = selector
    self.targetPortNumber = targetPortNumber
    self.extensionRef = extensionRef
  }
}

/// Names an external endpoint picker.
public struct ExtensionReference: Codable, Sendable, Equatable {
  /// Its group; core when unset.
  public var group: String?
  /// Its kind; `Service` when unset.
  public var kind: String?
  /// Its name.
  @OrEmpty public var name: String
  /// Its Service port; 9002 when unset.
  public var portNumber: Int?
  /// `FailClose` when unset, or `FailOpen`.
  public var failureMode: String?

  /// Makes the value from its parts.
  public init(
    group: String? = nil, kind: String? = nil, name: String, portNumber: Int? = nil, failureMode: String? = nil
  ) {
    self.group = group
    self.kind = kind
    self.name = name
    self.portNumber = portNumber
    self.failureMode = failureMode
  }
}

/// What controllers say of a pool. The member's name is singular in this version.
public struct InferencePoolV1Alpha2Status: Codable, Sendable, Equatable {
  /// One entry a Gateway that routes to it.
  @OrEmpty public var parent: [PoolParentStatus]

  /// Makes the value from its parts.
  public init(parent: [PoolParentStatus] = []) {
    self.parent = parent
  }
}
