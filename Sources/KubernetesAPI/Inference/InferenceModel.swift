/// A model name that clients send, bound to a pool, with its criticality.
///
/// Source: <https://gateway-api-inference-extension.sigs.k8s.io/reference/x-spec/>
public struct InferenceModel: ConditionBearing {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "inference.networking.x-k8s.io", version: "v1alpha2", kind: "InferenceModel", plural: "inferencemodels")

  /// Metadata.
  public var metadata: ObjectMeta
  /// What is bound to what.
  public var spec: InferenceModelSpec
  /// What controllers say.
  public var status: PlainStatus?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: InferenceModelSpec, status: PlainStatus? = nil) {
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// Which name is bound to which pool.
public struct InferenceModelSpec: Codable, Sendable, Equatable {
  /// The name clients send.
  @OrEmpty public var modelName: String
  /// `Critical`, `Standard` (meant when unset) or `Sheddable`.
  public var criticality: String?
  /// Names the model servers know, by weight.
  @OrEmpty public var targetModels: [TargetModel]
  /// The pool, in the same namespace.
  public var poolRef: PoolObjectReference

  /// Makes the value from its parts.
  public init(
    modelName: String, criticality: String? = nil, targetModels: [TargetModel] = [], poolRef: PoolObjectReference
  ) {
    self.modelName = modelName
    self.criticality = criticality
    self.targetModels = targetModels
    self.poolRef = poolRef
  }
}

/// A name that model servers know.
public struct TargetModel: Codable, Sendable, Equatable {
  /// The name.
  @OrEmpty public var name: String
  /// Its weight; all or none of the targets have one.
  public var weight: Int?

  /// Makes the value from its parts.
  public init(name: String, weight: Int? = nil) {
    self.name = name
    self.weight = weight
  }
}

/// Names a pool in the same namespace.
public struct PoolObjectReference: Codable, Sendable, Equatable {
  /// Its group. What is meant when it is unset depends on the kind that has the reference.
  public var group: String?
  /// Its kind; `InferencePool` when unset.
  public var kind: String?
  /// Its name.
  @OrEmpty public var name: String

  /// Makes the value from its parts.
  public init(group: String? = nil, kind: String? = nil, name: String) {
    self.group = group
    self.kind = kind
    self.name = name
  }
}
