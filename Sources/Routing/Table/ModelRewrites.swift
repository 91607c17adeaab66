/// Other names for the models that a pool's requests ask for, ready to be looked up.
///
/// Source: InferenceModelRewrite v1alpha2, llm-d-router.
public struct ModelRewrites: Sendable, Equatable {
  /// What becomes of requests that ask for exactly this name.
  public var exact: [String: ModelRewrite]
  /// What becomes of all others.
  public var generic: ModelRewrite?

  /// Rewrites; by default none.
  public init(exact: [String: ModelRewrite] = [:], generic: ModelRewrite? = nil) {
    self.exact = exact
    self.generic = generic
  }

  /// Whether no request is rewritten.
  public var isEmpty: Bool { exact.isEmpty && generic == nil }

  /// All of them, each exact one with its name.
  public var all: [(name: String?, rewrite: ModelRewrite)] {
    exact.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + (generic.map { [(nil, $0)] } ?? [])
  }

  /// What becomes of requests that ask for the name.
  public subscript(model: String) -> ModelRewrite? { exact[model] ?? generic }
}

/// The names that one rule puts in place of those that it takes.
public struct ModelRewrite: Sendable, Equatable {
  /// The names that the model servers know, by weight; at least one has a weight above 0.
  public var targets: [WeightedTarget]
  /// The InferenceModelRewrite that says so.
  public var object: ObjectName
  /// The place of the rule in it, counted from 0.
  public var rule: Int

  /// A rewrite.
  public init(targets: [WeightedTarget], object: ObjectName, rule: Int) {
    self.targets = targets
    self.object = object
    self.rule = rule
  }

  /// Draws a name by weight.
  func draw(using generator: inout some RandomNumberGenerator) -> String? {
    WeightedDraw.index(targets.count, weight: { UInt64(max(targets[$0].weight, 0)) }, using: &generator)
      .map { targets[$0].name }
  }
}
