import JSONText

/// Models as OpenAI's clients read them, gathered from rules, pools and endpoints.
///
/// Source: OpenAI API reference, "Models"; vLLM's `ModelCard`.
struct ModelCards {
  private let listener: CompiledListener
  private(set) var cards: [String: ServedModel] = [:]
  /// What the endpoints of each pool serve, looked up once.
  private var served: [PoolID: [String: ServedModel]] = [:]

  init(_ listener: CompiledListener) { self.listener = listener }

  func has(_ name: String) -> Bool { cards[name] != nil }

  /// The names that a request might have for these rules.
  mutating func names(of rules: [CompiledRule]) -> Set<String> {
    var names: Set<String> = []
    for rule in rules where rule.rule.dropped == nil {
      if let name = rule.exactValue(of: modelNameHeader) { names.insert(name) }
      if let base = rule.exactValue(of: baseModelNameHeader) {
        names.insert(base)
        let known = listener.listener.baseModels[rule.rule.route.namespace] ?? [:]
        names.formUnion(known.lazy.filter { $0.value == base }.map(\.key))
      }
      for pool in rule.pools {
        names.formUnion(pool.pool.models.keys)
        names.formUnion(pool.pool.models.values.flatMap { $0.targets.map(\.name) })
        names.formUnion(models(of: pool).keys)
      }
    }
    return names
  }

  /// The rule takes requests for the name: a model if one of its pools has it, or the rule itself names it.
  mutating func add(_ name: String, by rule: CompiledRule) {
    guard rule.rule.dropped == nil else { return }
    for pool in rule.pools {
      guard let card = card(name, of: pool) ?? (rule.names(name, on: listener) ? ServedModel(name) : nil) else {
        continue
      }
      cards[name] = card
      return
    }
  }

  private mutating func card(_ name: String, of pool: CompiledPool) -> ServedModel? {
    let served = models(of: pool)
    guard let model = pool.pool.models[name] else {
      if let card = served[name] { return card }
      let isTarget = pool.pool.models.values.contains { $0.targets.contains { $0.name == name && $0.weight > 0 } }
      return isTarget ? ServedModel(name) : nil
    }
    let targets = model.targets.filter { $0.weight > 0 }
    // It has targets, and none of them gets a request.
    if targets.isEmpty && !model.targets.isEmpty { return nil }
    guard let target = targets.max(by: { $0.weight < $1.weight }), target.name != name else {
      return served[name] ?? ServedModel(name)
    }
    let known = served[target.name]
    return ServedModel(
      name, created: known?.created ?? 0, owner: known?.owner, root: target.name, contextLength: known?.contextLength)
  }

  private mutating func models(of pool: CompiledPool) -> [String: ServedModel] {
    if let known = served[pool.id] { return known }
    var models: [String: ServedModel] = [:]
    for model in pool.states.lazy.flatMap(\.served) where models[model.id] == nil { models[model.id] = model }
    served[pool.id] = models
    return models
  }

  /// `{"object":"list","data":[…]}`, sorted by name.
  var list: [UInt8] {
    let sorted = cards.values.sorted { $0.id < $1.id }
    return JSONWriter.bytes(of: ["object": "list", "data": .array(sorted.map(\.json))] as OrderedJSON)
  }
}

extension CompiledRule {
  /// Whether the rule asks for this model by its name, or by that of its base model.
  fileprivate func names(_ name: String, on listener: CompiledListener) -> Bool {
    if let exact = exactValue(of: modelNameHeader) { return exact == name }
    guard let base = exactValue(of: baseModelNameHeader) else { return false }
    return listener.baseModel(of: name, in: rule.route.namespace) == base
  }
}

extension ServedModel {
  var json: OrderedJSON {
    var members: [OrderedJSON.Member] = [
      .init("id", .string(id)), .init("object", "model"), .init("created", .integer(created)),
      .init("owned_by", .string(owner ?? "switchyard")), .init("root", .string(root ?? id)),
      .init("parent", .string(orNull: parent)),
    ]
    if let contextLength { members.append(.init("max_model_len", .integer(contextLength))) }
    return .object(members)
  }
}
