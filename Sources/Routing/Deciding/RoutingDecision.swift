/// Where a request goes, or why it goes nowhere.
public enum RoutingDecision: Sendable, Equatable {
  /// To the first of these candidates that answers.
  case forward(ForwardPlan)
  /// Nowhere; the client gets this answer.
  case reject(Rejection)
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
  /// Whether the pool or the rule names that model: such names are few, and not of the client's making.
  public var isModelDeclared: Bool
  /// The name to write into the body's `model`; `nil` leaves the body as it is.
  public var rewriteModel: String?
  /// How important the request is to the pool's owner.
  public var criticality: Criticality

  /// A plan.
  public init(
    route: ObjectName, ruleIndex: Int = 0, pool: PoolID, candidates: [Endpoint], model: String? = nil,
    isModelDeclared: Bool = false, rewriteModel: String? = nil, criticality: Criticality = .standard
  ) {
    self.route = route
    self.ruleIndex = ruleIndex
    self.pool = pool
    self.candidates = candidates
    self.model = model
    self.isModelDeclared = isModelDeclared
    self.rewriteModel = rewriteModel
    self.criticality = criticality
  }
}

/// The answer to a request that is not forwarded.
public struct Rejection: Sendable, Equatable {
  /// Why a request is not forwarded; the raw value is a metric label and the `code` of the error body.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    /// No listener serves this address, port and host name (404).
    case noListener = "no_listener"
    /// No rule of the listener takes the request (404).
    case noRoute = "no_route"
    /// Rules take the request's path, but none takes its model (404).
    case modelNotFound = "model_not_found"
    /// Rules choose by model and the body names none (400).
    case modelMissing = "model_missing"
    /// The rule has no backend of weight above zero (500).
    case noBackend = "no_backend"
    /// The chosen backend's reference does not resolve (500).
    case invalidBackend = "invalid_backend"
    /// The rule names a pool that the table does not hold (500).
    case poolMissing = "pool_missing"
    /// The InferenceModel has targets, all of weight zero (500).
    case noModelTarget = "no_model_target"
    /// No endpoint of the pool is ready (503).
    case noReadyEndpoint = "no_ready_endpoint"
    /// The pool is too busy for a request of this criticality (429).
    case saturated = "saturated"
  }

  /// The HTTP status.
  public var status: Int
  /// The kind of reason.
  public var reason: Reason
  /// A sentence for the person who sent the request.
  public var message: String
  /// For the `Retry-After` header, in seconds, where a later attempt may succeed.
  public var retryAfterSeconds: Int?

  /// A rejection.
  public init(status: Int, reason: Reason, message: String, retryAfterSeconds: Int? = nil) {
    self.status = status
    self.reason = reason
    self.message = message
    self.retryAfterSeconds = retryAfterSeconds
  }
}
