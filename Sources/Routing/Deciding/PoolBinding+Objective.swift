// What gateways and pickers are told of a request in headers: by a trusted caller, or by the route itself.
extension FieldBlock {
  /// The objective that the request is under, by its name today and its earlier one.
  ///
  /// Source: llm-d-router and Gateway API Inference Extension.
  static let objectiveHeaders = ["x-llm-d-inference-objective", "x-gateway-inference-objective"]
  /// The model that endpoints are asked for, likewise.
  static let modelRewriteHeaders = ["x-llm-d-model-name-rewrite", "x-gateway-model-name-rewrite"]

  /// The value of the first of these headers that is there, and that no stranger has set.
  func told(_ names: [String]) -> String? {
    guard contains(.added) else { return nil }
    for name in names {
      if let field = first(name), field.known == .added { return text(field.value) }
    }
    return nil
  }
}

extension PoolBinding {
  /// What headers say of the request that no stranger has set, and what the pool's rewrites make of its model.
  ///
  /// - Parameter head: the one that endpoints get.
  mutating func heed(_ head: RequestHead, using generator: inout some RandomNumberGenerator) {
    guard pool.id.kind != .service else { return }
    // One that does not exist counts as none.
    if !pool.pool.objectives.isEmpty, let objective = head.block.told(FieldBlock.objectiveHeaders),
      let priority = pool.pool.objectives[objective]
    {
      self.priority = priority
    }
    // An external picker rewrites by itself; where it has failed, the request is sent as it was shown to it.
    if externalPicker == nil, !isPickedInPlace, let model { rewrite(model, head, using: &generator) }
  }

  /// A rule of the pool goes before what the header says, as in the reference.
  private mutating func rewrite(
    _ model: String, _ head: RequestHead, using generator: inout some RandomNumberGenerator
  ) {
    let rewrites = pool.pool.rewrites
    if rewrites.exact[model] != nil { isModelDeclared = true }
    var name: String?
    if let rewrite = rewrites[rewriteModel ?? model] {
      name = rewrite.draw(using: &generator)
    } else if let told = head.block.told(FieldBlock.modelRewriteHeaders), !told.isEmpty,
      told.utf8.count <= ModelNameScanner.nameLimit
    {
      (name, isNamedByCaller) = (told, true)
    }
    if let name { rewriteModel = name == model ? nil : name }
  }
}
