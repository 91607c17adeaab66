/// Other names for the models that a pool's requests ask for.
///
/// Source: llm-d-router, `apix/v1alpha2/inferencemodelrewrite_types.go`.
public struct InferenceModelRewrite<Group: InferenceGroup>: ConditionBearing {
  /// The kind's names in the API.
  public static var type: ResourceType {
    ResourceType(
      group: Group.name, version: "v1alpha2", kind: "InferenceModelRewrite", plural: "inferencemodelrewrites")
  }

  /// Metadata.
  public var metadata: ObjectMeta
  /// The pool and the rules.
  public var spec: InferenceModelRewriteSpec
  /// What controllers say.
  public var status: PlainStatus?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: InferenceModelRewriteSpec, status: PlainStatus? = nil) {
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// Which names become which others at which pool.
public struct InferenceModelRewriteSpec: Codable, Sendable, Equatable {
  /// The pool, in the same namespace.
  public var poolRef: PoolObjectReference
  /// Of several that take a name, one that names it exactly counts; of several such the first of the oldest object.
  @OrEmpty public var rules: [ModelRewriteRule]

  /// Makes the value from its parts.
  public init(poolRef: PoolObjectReference, rules: [ModelRewriteRule] = []) {
    self.poolRef = poolRef
    self.rules = rules
  }
}

/// Which names become which others.
public struct ModelRewriteRule: Codable, Sendable, Equatable {
  /// The names that it takes; every one when empty.
  @OrEmpty public var matches: [ModelRewriteMatch]
  /// What they become, by weight.
  @OrEmpty public var targets: [ModelRewriteTarget]

  /// Makes the value from its parts.
  public init(matches: [ModelRewriteMatch] = [], targets: [ModelRewriteTarget] = []) {
    self.matches = matches
    self.targets = targets
  }
}

/// A condition on a request.
public struct ModelRewriteMatch: Codable, Sendable, Equatable {
  /// On the model that it asks for.
  public var model: ModelMatch

  /// Makes the value from its parts.
  public init(model: ModelMatch) {
    self.model = model
  }
}

/// A condition on a model name.
public struct ModelMatch: Codable, Sendable, Equatable {
  /// `Exact`, also when unset.
  public var type: String?
  /// The name.
  @OrEmpty public var value: String

  /// Makes the value from its parts.
  public init(type: String? = nil, value: String) {
    self.type = type
    self.value = value
  }
}

/// A name that is sent to the model server.
public struct ModelRewriteTarget: Codable, Sendable, Equatable {
  /// The name.
  @OrEmpty public var modelRewrite: String
  /// Its weight. Where some targets have one and others have none, those others get no request.
  public var weight: Int?

  /// Makes the value from its parts.
  public init(modelRewrite: String, weight: Int? = nil) {
    self.modelRewrite = modelRewrite
    self.weight = weight
  }
}
