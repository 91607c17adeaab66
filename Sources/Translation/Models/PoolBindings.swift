import KubernetesAPI

/// What objects beside the pools say of the requests of each pool.
struct PoolBindings {
  let models: ModelBindings
  let objectives: ObjectiveBindings
  let rewrites: RewriteBindings

  init(_ cluster: ClusterIndex) {
    models = bindModels(cluster)
    objectives = bindObjectives(cluster)
    rewrites = bindRewrites(cluster, models)
  }

  /// The conditions of all of these objects, by their kind.
  var conditions: [ResourceType: [ObjectKey: [Condition]]] {
    let bound = models.conditions.isEmpty ? [:] : [InferenceModel.type: models.conditions]
    return bound.merging(objectives.conditions) { $1 }.merging(rewrites.conditions) { $1 }
  }
}
