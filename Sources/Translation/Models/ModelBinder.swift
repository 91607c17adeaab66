import KubernetesAPI
import Routing

/// The InferenceModels, bound to their pools.
struct ModelBindings {
  /// The models of each pool, by the name that clients send.
  var models: [PoolID: [String: Model]] = [:]
  /// The conditions of every InferenceModel.
  var conditions: [ObjectKey: [Condition]] = [:]
}

/// Binds each InferenceModel to its pool. Of two that give a pool the same model name the older one wins; when it goes,
/// the next translation lets the other one win. One that is being deleted keeps its name only while no other claims it.
///
/// Source: InferenceModel v1alpha2, Gateway API Inference Extension v0.5.1.
func bindModels(_ cluster: ClusterIndex) -> ModelBindings {
  var bindings = ModelBindings()
  for model in cluster.models {
    let finding = bindings.bind(model, in: cluster)
    bindings.conditions[model.key] = [
      Condition(
        .accepted, ConditionStatus(finding.reason == .accepted), finding.reason, finding.message, of: model.metadata)
    ]
  }
  return bindings
}

extension ModelBindings {
  /// Binds one model, those that go before it being bound already, and says how it went.
  fileprivate mutating func bind(_ model: InferenceModel, in cluster: ClusterIndex) -> Finding {
    if let problem = specProblem(model.spec) { return problem }
    let name = model.spec.modelName
    let pool: PoolID
    do {
      pool = try cluster.pool(
        model.spec.poolRef, in: model.metadata.namespace, preferred: .inferencePoolV1Alpha2)
    } catch {
      return error
    }
    if let winner = models[pool]?[name] { return nameInUse(model, pool, winner: winner.object) }
    models[pool, default: [:]][name] = Model(
      name: name, criticality: model.spec.criticality.flatMap(Criticality.init) ?? .standard,
      targets: model.spec.targetModels.map { WeightedTarget(name: $0.name, weight: $0.weight ?? 1) },
      object: model.key.objectName)
    return Finding(.accepted, "model \(name) is bound to \(pool)")
  }
}

private func nameInUse(_ model: InferenceModel, _ pool: PoolID, winner: ObjectName) -> Finding {
  let name = "spec.modelName \(model.spec.modelName)"
  let message =
    model.metadata.deletionTimestamp == nil
    ? "\(name) of \(pool) is taken by InferenceModel \(winner), which came first: choose another name, or delete one of them"
    : "\(name) of \(pool) went to InferenceModel \(winner), as this one is being deleted"
  return Finding(.modelNameInUse, message)
}

private func invalid(_ message: String) -> Finding { Finding(.invalid, message) }

/// What is wrong with the spec itself. An API server refuses most of this; manifests on disk may have it.
private func specProblem(_ spec: InferenceModelSpec) -> Finding? {
  if spec.modelName.isEmpty { return invalid("spec.modelName is empty: set the name that clients send") }
  if let criticality = spec.criticality, Criticality(rawValue: criticality) == nil {
    return invalid(
      "spec.criticality \(criticality) is unknown: use Critical, Standard or Sheddable, or leave it out")
  }
  for (index, target) in spec.targetModels.enumerated() {
    let field = "spec.targetModels[\(index)]"
    if target.name.isEmpty { return invalid("\(field).name is empty: set the name the servers know") }
    if let weight = target.weight, !(1...1_000_000).contains(weight) {
      return invalid("\(field).weight \(weight) is out of range: use 1 to 1000000")
    }
  }
  let weighted = spec.targetModels.filter { $0.weight != nil }.count
  if weighted != 0 && weighted != spec.targetModels.count {
    return invalid(
      "spec.targetModels has \(weighted) weights for \(spec.targetModels.count) targets: set all weights, or none")
  }
  return nil
}
