import KubernetesAPI
import Routing

/// The InferenceModelRewrites, bound to their pools.
struct RewriteBindings {
  /// The rewrites of each pool.
  var rewrites: [PoolID: ModelRewrites] = [:]
  /// The conditions of every InferenceModelRewrite, by its kind.
  var conditions: [ResourceType: [ObjectKey: [Condition]]] = [:]
}

/// Binds the rules of each InferenceModelRewrite to its pool. Of two rules that take the same name, the one of the older object
/// wins, then the one that is written first.
///
/// Source: `InferenceModelRewriteSpec`, "Precedence and Conflict Resolution", llm-d-router.
func bindRewrites(_ cluster: ClusterIndex, _ models: ModelBindings) -> RewriteBindings {
  var bindings = RewriteBindings()
  for rewrite in cluster.rewrites {
    let finding = bindings.bind(rewrite, models, in: cluster)
    bindings.conditions[rewrite.type, default: [:]][rewrite.key] = [
      Condition(
        .accepted, ConditionStatus(finding.reason == .accepted), finding.reason, finding.message, of: rewrite.metadata)
    ]
  }
  return bindings
}

extension RewriteBindings {
  /// Binds one object, those that go before it being bound already, and says how it went.
  fileprivate mutating func bind(
    _ object: GroupedObject<InferenceModelRewriteSpec>, _ models: ModelBindings, in cluster: ClusterIndex
  ) -> Finding {
    if let problem = RewriteMistakes.first(in: object.spec) { return Finding(.invalid, problem) }
    let pool: PoolID
    do {
      pool = try cluster.pool(object.spec.poolRef, in: object.metadata.namespace, preferred: .inferencePool)
    } catch {
      return error
    }
    var compiling = RewriteCompiling(rewrites[pool] ?? ModelRewrites(), models.models[pool] ?? [:])
    for (index, rule) in object.spec.rules.enumerated() { compiling.add(rule, index, of: object.key.objectName) }
    guard compiling.taken > 0 else { return Finding(.conflicted, compiling.doubts.joined(separator: "; ")) }
    // A pool's own picker reads the same objects; a name must not be drawn twice.
    if let picker = cluster.poolSource(pool)?.picker?.picker(namespace: object.metadata.namespace, in: cluster) {
      return Finding(.accepted, "left to \(picker), which picks for \(pool) and rewrites what it is shown")
    }
    rewrites[pool] = compiling.rewrites
    let names = "requests for \(pool) are rewritten"
    return Finding(.accepted, ([names] + compiling.doubts).joined(separator: "; "))
  }
}

/// What is wrong with the spec itself. An API server refuses most of this; manifests on disk may have it.
enum RewriteMistakes {
  static func first(in spec: InferenceModelRewriteSpec) -> String? {
    if spec.rules.isEmpty { return "spec.rules is empty, so that nothing is rewritten: add a rule" }
    for (index, rule) in spec.rules.enumerated() {
      if let problem = first(in: rule, "spec.rules[\(index)]") { return problem }
    }
    return nil
  }

  private static func first(in rule: ModelRewriteRule, _ field: String) -> String? {
    for (index, match) in rule.matches.enumerated() {
      let field = "\(field).matches[\(index)].model"
      if let type = match.model.type, type != "Exact" { return "\(field).type \(type) is unknown: use Exact" }
      if match.model.value.isEmpty { return "\(field).value is empty: set the name that requests ask for" }
    }
    if rule.targets.isEmpty { return "\(field).targets is empty: add the name that is sent to model servers" }
    for (index, target) in rule.targets.enumerated() {
      let field = "\(field).targets[\(index)]"
      if target.modelRewrite.isEmpty { return "\(field).modelRewrite is empty: set the name the servers know" }
      if let weight = target.weight, !(1...1_000_000).contains(weight) {
        return "\(field).weight \(weight) is out of range: use 1 to 1000000"
      }
    }
    return nil
  }
}

/// Adds rules to the rewrites of a pool, in the order of their precedence.
private struct RewriteCompiling {
  private(set) var rewrites: ModelRewrites
  /// How many names, or kinds of names, rules have got.
  private(set) var taken = 0
  private var notes: [String] = []
  private let models: [String: Model]

  init(_ rewrites: ModelRewrites, _ models: [String: Model]) {
    (self.rewrites, self.models) = (rewrites, models)
  }

  /// What the author may not have meant: the first few.
  var doubts: [String] {
    notes.count > 5 ? notes.prefix(5) + ["and \(notes.count - 5) more of the kind"] : notes
  }

  mutating func add(_ rule: ModelRewriteRule, _ index: Int, of object: ObjectName) {
    let field = "spec.rules[\(index)]"
    let rewrite = ModelRewrite(targets: targets(of: rule, field), object: object, rule: index)
    if rule.matches.isEmpty {
      guard let winner = rewrites.generic else { return takeAll(rewrite) }
      notes.append(
        "\(field) takes every model, and so does \(Self.name(of: winner)), which goes before: remove one of them")
    }
    for (place, match) in rule.matches.enumerated() {
      let (name, field) = (match.model.value, "\(field).matches[\(place)].model.value")
      if let winner = rewrites.exact[name] {
        notes.append("\(field) \(name) is taken by \(Self.name(of: winner)), which goes before: remove one of them")
        continue
      }
      rewrites.exact[name] = rewrite
      taken += 1
      if let model = replacing(name) {
        let targets = model.targets.map(\.name).joined(separator: ", ")
        notes.append(
          "\(field) \(name) never comes here, as InferenceModel \(model.object) replaces it: match its targets, \(targets)"
        )
      }
    }
  }

  private mutating func takeAll(_ rewrite: ModelRewrite) {
    rewrites.generic = rewrite
    taken += 1
  }

  /// Where some have weights, the others get no request, as in the reference.
  private mutating func targets(of rule: ModelRewriteRule, _ field: String) -> [WeightedTarget] {
    let weighted = rule.targets.count { $0.weight != nil }
    if weighted > 0, weighted < rule.targets.count {
      notes.append(
        "\(field).targets has \(weighted) weights for \(rule.targets.count) targets, and those without one get no request: "
          + "set all weights, or none")
    }
    return rule.targets.map { WeightedTarget(name: $0.modelRewrite, weight: $0.weight ?? (weighted == 0 ? 1 : 0)) }
  }

  /// The InferenceModel by which no request has the name any more when rewrites are asked.
  private func replacing(_ name: String) -> Model? {
    guard let model = models[name], !model.targets.isEmpty,
      !models.values.contains(where: { $0.targets.contains { $0.name == name } })
    else { return nil }
    return model
  }

  private static func name(of rewrite: ModelRewrite) -> String {
    "InferenceModelRewrite \(rewrite.object) spec.rules[\(rewrite.rule)]"
  }
}
