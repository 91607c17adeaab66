/// The pool that a request goes to, and its model as that pool has it.
public struct PoolBinding: Sendable {
  /// The route whose rule took the request.
  public var route: ObjectName
  /// The place of that rule in the route, counted from 0.
  public var ruleIndex: Int
  /// The pool that the rule's weights chose.
  public var pool: CompiledPool
  /// The model that the client asked for.
  public var model: String?
  /// The base model of that model: the model itself where no other is known.
  public var baseModel: String?
  /// Whether the pool or the rule names that model: such names are few, and not of the client's making.
  public var isModelDeclared: Bool
  /// The name to write into the body's `model`; `nil` leaves the body as it is.
  public var rewriteModel: String?
  /// Whether a caller has chosen that name, so that there may be any number of them.
  var isNamedByCaller = false
  /// The pool's own picker has failed, and the gateway picks in its place.
  var isPickedInPlace = false
  /// How the request stands against others of the pool.
  public var priority: Priority
  /// What the rule asks beyond where its requests go.
  var policy: CompiledPolicy?
  /// What the backend asks of its share.
  var backendPolicy: CompiledPolicy?

  /// A binding.
  public init(
    route: ObjectName, ruleIndex: Int = 0, pool: CompiledPool, model: String? = nil, baseModel: String? = nil,
    isModelDeclared: Bool = false, rewriteModel: String? = nil, priority: Priority = .standard
  ) {
    self.route = route
    self.ruleIndex = ruleIndex
    self.pool = pool
    self.model = model
    self.baseModel = baseModel
    self.isModelDeclared = isModelDeclared
    self.rewriteModel = rewriteModel
    self.priority = priority
  }

  /// Who is to be asked for an endpoint; `nil` where the gateway picks.
  public var externalPicker: ExternalPicker? {
    guard !isPickedInPlace, case .external(let picker) = pool.pool.picker else { return nil }
    return picker
  }

  /// The same where the pool's own picker has failed, and lets the gateway pick then; `nil` for all others.
  var pickedInPlace: PoolBinding? {
    guard externalPicker?.failureMode == .open else { return nil }
    var binding = self
    binding.isPickedInPlace = true
    return binding
  }

  /// Whom the request concerns.
  public var subject: RequestSubject {
    let declared = isModelDeclared ? model : nil
    return RequestSubject(
      route: route, pool: pool.id, model: declared,
      targetModel: isNamedByCaller ? nil : declared.map { rewriteModel ?? $0 },
      priority: pool.id.kind == .service ? nil : priority)
  }
}

extension PoolBinding {
  /// What a rule says of a request to one of its pools.
  init(_ decided: DecidedRule, pool: CompiledPool) {
    let rule = decided.compiled.rule
    self.init(
      route: rule.route, ruleIndex: rule.index, pool: pool, model: decided.model,
      baseModel: decided.model.map { decided.listener.baseModel(of: $0, in: rule.route.namespace) },
      isModelDeclared: decided.compiled.namesModel,
      priority: pool.pool.models.isEmpty ? .standard : .sheddable)
    policy = decided.compiled.policy
  }

  /// What the pool's InferenceModel of that name says.
  mutating func bindModel(using generator: inout some RandomNumberGenerator) throws(GatewayError) {
    guard let model, let bound = pool.pool.models[model] else { return }
    priority = Priority(bound.criticality)
    isModelDeclared = true
    guard !bound.targets.isEmpty else { return }
    let targets = bound.targets
    let drawn = WeightedDraw.index(
      targets.count, weight: { UInt64(max(targets[$0].weight, 0)) }, using: &generator)
    guard let drawn else { throw .noModelTarget(bound).about(subject) }
    if targets[drawn].name != bound.name { rewriteModel = targets[drawn].name }
  }
}
