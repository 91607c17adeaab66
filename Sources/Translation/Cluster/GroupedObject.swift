import KubernetesAPI

/// An object of a kind that two API groups have, seen alike.
struct GroupedObject<Spec: Sendable>: Sendable {
  let type: ResourceType
  let metadata: ObjectMeta
  let spec: Spec

  var key: ObjectKey { ObjectKey(namespace: metadata.namespace, name: metadata.name) }
  var isTerminating: Bool { metadata.deletionTimestamp != nil }
}

extension GroupedObject<InferenceObjectiveSpec> {
  private init(_ object: InferenceObjective<some InferenceGroup>) {
    self.init(type: Swift.type(of: object).type, metadata: object.metadata, spec: object.spec)
  }

  /// Those of `llm-d.ai` before the others, each by name.
  static func objectives(_ state: ClusterState) -> [Self] {
    state.inferenceObjectives.sorted { $0.key < $1.key }.map { Self($0) }
      + state.inferenceObjectivesXK8s.sorted { $0.key < $1.key }.map { Self($0) }
  }
}

extension GroupedObject<InferenceModelRewriteSpec> {
  private init(_ object: InferenceModelRewrite<some InferenceGroup>) {
    self.init(type: Swift.type(of: object).type, metadata: object.metadata, spec: object.spec)
  }

  /// The oldest first, after them those that are being deleted; of one age by name, those of `llm-d.ai` first.
  static func rewrites(_ state: ClusterState) -> [Self] {
    let all = state.inferenceModelRewrites.map { Self($0) } + state.inferenceModelRewritesXK8s.map { Self($0) }
    return all.sorted { left, right in
      if left.isTerminating != right.isTerminating { return right.isTerminating }
      if left.metadata.isOlder(than: right.metadata) { return true }
      if right.metadata.isOlder(than: left.metadata) { return false }
      return left.type.group != right.type.group && left.type.group == LLMDGroup.name
    }
  }
}
