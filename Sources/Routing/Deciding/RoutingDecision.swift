/// Where a request goes, or why it goes nowhere.
public enum RoutingDecision: Sendable, Equatable {
  /// To the first of these candidates that answers.
  case forward(ForwardPlan)
  /// Nowhere; the client gets this answer.
  case reject(GatewayError)
}

/// Everything a front end needs to forward a request.
public struct ForwardPlan: Sendable, Equatable {
  /// The route whose rule took the request.
  public var route: ObjectName
  /// The place of that rule in the route, counted from 0.
  public var ruleIndex: Int
  /// The pool that the rule's weights chose.
  public var pool: PoolID
  /// Every endpoint of the pool, the best first; never empty. The later ones are for a retry.
  public var candidates: [Endpoint]
  /// The model that the client asked for.
  public var model: String?
  /// The base model of that model: the model itself where no other is known.
  public var baseModel: String?
  /// Whether the pool or the rule names that model: such names are few, and not of the client's making.
  public var isModelDeclared: Bool
  /// The name to write into the body's `model`; `nil` leaves the body as it is.
  public var rewriteModel: String?
  /// How important the request is to the pool's owner.
  public var criticality: Criticality

  /// A plan.
  public init(
    route: ObjectName, ruleIndex: Int = 0, pool: PoolID, candidates: [Endpoint], model: String? = nil,
    baseModel: String? = nil, isModelDeclared: Bool = false, rewriteModel: String? = nil,
    criticality: Criticality = .standard
  ) {
    self.route = route
    self.ruleIndex = ruleIndex
    self.pool = pool
    self.candidates = candidates
    self.model = model
    self.baseModel = baseModel
    self.isModelDeclared = isModelDeclared
    self.rewriteModel = rewriteModel
    self.criticality = criticality
  }
}
