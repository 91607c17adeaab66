/// A priority that requests can have by naming it, in a header that only trusted callers and routes may set.
///
/// Source: llm-d-router, `apix/v1alpha2/inferenceobjective_types.go`.
public struct InferenceObjective<Group: InferenceGroup>: ConditionBearing {
  /// The kind's names in the API.
  public static var type: ResourceType {
    ResourceType(
      group: Group.name, version: "v1alpha2", kind: "InferenceObjective", plural: "inferenceobjectives")
  }

  /// Metadata.
  public var metadata: ObjectMeta
  /// The pool and the priority.
  public var spec: InferenceObjectiveSpec
  /// What controllers say.
  public var status: PlainStatus?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: InferenceObjectiveSpec, status: PlainStatus? = nil) {
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// Which priority requests have at which pool.
public struct InferenceObjectiveSpec: Codable, Sendable, Equatable {
  /// The higher is served first; below 0 is shed first. 0 when unset.
  public var priority: Int?
  /// The pool, in the same namespace.
  public var poolRef: PoolObjectReference

  /// Makes the value from its parts.
  public init(priority: Int? = nil, poolRef: PoolObjectReference) {
    self.priority = priority
    self.poolRef = poolRef
  }
}
