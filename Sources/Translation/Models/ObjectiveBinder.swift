import KubernetesAPI
import Routing

/// The InferenceObjectives, bound to their pools.
struct ObjectiveBindings {
  /// The priorities of each pool, by the name of the objective.
  var priorities: [PoolID: [String: Priority]] = [:]
  /// The conditions of every InferenceObjective, by its kind.
  var conditions: [ResourceType: [ObjectKey: [Condition]]] = [:]
}

/// Binds each InferenceObjective to its pool. Of two of one name, in the two groups, that of `llm-d.ai` is taken.
///
/// Source: InferenceObjective v1alpha2, llm-d-router.
func bindObjectives(_ cluster: ClusterIndex) -> ObjectiveBindings {
  var bindings = ObjectiveBindings()
  for objective in cluster.objectives {
    let finding = bindings.bind(objective, in: cluster)
    bindings.conditions[objective.type, default: [:]][objective.key] = [
      Condition(
        .accepted, ConditionStatus(finding.reason == .accepted), finding.reason, finding.message,
        of: objective.metadata)
    ]
  }
  return bindings
}

extension ObjectiveBindings {
  /// Binds one objective, those that go before it being bound already, and says how it went.
  fileprivate mutating func bind(
    _ objective: GroupedObject<InferenceObjectiveSpec>, in cluster: ClusterIndex
  ) -> Finding {
    let number = objective.spec.priority ?? 0
    guard let value = Int32(exactly: number) else {
      return Finding(
        .invalid, "spec.priority \(number) is out of range: use \(Int32.min) to \(Int32.max)")
    }
    let pool: PoolID
    do {
      pool = try cluster.pool(
        objective.spec.poolRef, in: objective.metadata.namespace, preferred: .inferencePool)
    } catch {
      return error
    }
    let name = objective.metadata.name
    guard priorities[pool]?[name] == nil else {
      return Finding(
        .conflicted,
        "metadata.name \(name) is also that of an InferenceObjective of \(LLMDGroup.name) for \(pool), which is taken: "
          + "delete one of them")
    }
    let priority = Priority(rawValue: value)
    priorities[pool, default: [:]][name] = priority
    return Finding(
      .accepted,
      "requests for \(pool) that name it have priority \(priority), which is \(priority.criticality.rawValue)")
  }
}
