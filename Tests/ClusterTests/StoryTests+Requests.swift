import JSONText
import KubernetesAPI
import KubernetesClient
import TestSupport
import Testing

// What other objects say of the requests of a pool.
extension ClusterTests.StoryTests {
  /// Both groups have both kinds, and each object says whether it counts. A model that no server knows is served by the name
  /// that a rewrite gives it.
  func objectivesAndRewritesOfBothGroupsAreHeeded() async throws {
    let pool: JSONValue = ["name": "gemma3"]
    for (type, priority) in [
      (InferenceObjective<LLMDGroup>.type, 100), (InferenceObjective<ExperimentalInferenceGroup>.type, -1),
    ] as [(ResourceType, JSONValue)] {
      try await cluster.apply(type, "moved", ["spec": ["poolRef": pool, "priority": priority]])
    }
    try await condition("Accepted", of: InferenceObjective<LLMDGroup>.type, "moved")
    try await condition(
      "Accepted", of: InferenceObjective<ExperimentalInferenceGroup>.type, "moved", status: "False", "Conflicted")

    try await scene.makeRoute(["chatbot": "gemma3", "helper": "gemma3", "recommender": "deepseek-r1"])
    try await eventually("the pool's server knows no such model") {
      let answer = try await ask("helper")
      return answer.status == 404 && !answer.text.contains("No route")
    }
    let rules: JSONValue = [
      ["matches": [["model": ["value": "helper"]]], "targets": [["modelRewrite": "chatbot"]]]
    ]
    let (old, new) = (InferenceModelRewrite<ExperimentalInferenceGroup>.type, InferenceModelRewrite<LLMDGroup>.type)
    try await cluster.apply(old, "helper", ["spec": ["poolRef": pool, "rules": rules]])
    try await condition("Accepted", of: old, "helper")
    try await eventually("the rewrite is in effect") { try await ask("helper").status == 200 }
    try await cluster.apply(new, "lost", ["spec": ["poolRef": ["name": "nowhere"], "rules": rules]])
    try await condition("Accepted", of: new, "lost", status: "False", "TargetNotFound")
  }
}
