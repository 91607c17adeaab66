import JSONText

/// Models as OpenAI's clients read them, gathered from rules, pools and endpoints.
///
/// Source: OpenAI API reference, "Models"; vLLM's `ModelCard`.
struct ModelCards {
  private let listener: CompiledListener
  private(set) var cards: [String: ServedModel] = [:]
  /// What the endpoints of each pool serve, looked up once.
  private var served: [PoolID: [String: ServedModel]] = [:]
  /// The names that requests get from objects of each pool, likewise.
  private var targets: [PoolID: Set<String>] = [:]

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
        names.formUnion(pool.pool.rewrites.exact.keys)
        names.formUnion(targets(of: pool))
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
    let (served, targets, pool) = (models(of: pool), targets(of: pool), pool.pool)
    let isKnown = served[name] != nil || pool.models[name] != nil || pool.rewrites.exact[name] != nil
    guard isKnown || targets.contains(name), let root = pool.nameAtEndpoints(of: name) else { return nil }
    guard root != name else { return served[name] ?? ServedModel(name) }
    let known = served[root]
    return ServedModel(
      name, created: known?.created ?? 0, owner: known?.owner, root: root, contextLength: known?.contextLength)
  }

  private mutating func targets(of pool: CompiledPool) -> Set<String> {
    if let known = targets[pool.id] { return known }
    let names = pool.pool.targetNames
    targets[pool.id] = names
    return names
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
