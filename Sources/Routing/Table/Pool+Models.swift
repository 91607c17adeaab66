// Which names a pool has for its models, as its InferenceModels and InferenceModelRewrites say.
extension Pool {
  /// The names that requests get from them.
  var targetNames: Set<String> {
    let targets = models.values.flatMap(\.targets) + rewrites.all.flatMap(\.rewrite.targets)
    return Set(targets.lazy.filter { $0.weight > 0 }.map(\.name))
  }

  /// The name that most requests for a model have when they come to an endpoint; `nil` where none comes to one.
  func nameAtEndpoints(of model: String) -> String? {
    var name = model
    if let bound = models[model], !bound.targets.isEmpty {
      guard let target = Self.heaviest(bound.targets) else { return nil }
      name = target
    }
    return rewrites[name].map { Self.heaviest($0.targets) } ?? name
  }

  /// The names that requests which an InferenceModel has left with this one can have at endpoints.
  public func namesAtEndpoints(for name: String) -> [String] {
    rewrites[name].map { $0.targets.filter { $0.weight > 0 }.map(\.name) } ?? [name]
  }

  private static func heaviest(_ targets: [WeightedTarget]) -> String? {
    targets.filter { $0.weight > 0 }.max { $0.weight < $1.weight }?.name
  }
}
