/// Where a request goes, or why it goes nowhere.
public enum RoutingDecision: Sendable {
  /// To the first of the plan's candidates that answers.
  case forward(ForwardPlan)
  /// To a pool that has no room yet: it waits in the pool's queue.
  case wait(WaitingRequest)
  /// Nowhere: the gateway answers itself, as its rule asks.
  case respond(LocalResponse)
  /// Nowhere; the client gets this answer.
  case reject(GatewayError)
}

/// Everything a front end needs to forward a request.
public struct ForwardPlan: Sendable {
  /// The pool, and the model as it has it.
  public var binding: PoolBinding
  /// The endpoints of the pool, the best first. The later ones are for a retry. Where ``picker`` is to be asked, they are for
  /// when it fails.
  public var candidates: Candidates
  /// What the policies of rule and backend make of the request; `nil` where they have none.
  public var treatment: RequestTreatment?
  /// What asks the pool for room where ``picker`` fails, and the gateway picks then; `nil` where nobody else is asked, or nobody picks
  /// in place of it.
  public var fallback: WaitingRequest?

  /// A plan.
  public init(_ binding: PoolBinding, candidates: Candidates) {
    self.binding = binding
    self.candidates = candidates
  }

  /// Who is to be asked for the endpoints; `nil` where the gateway has picked.
  public var picker: ExternalPicker? { binding.externalPicker }
  /// The pool that the rule's weights chose.
  public var pool: PoolID { binding.pool.id }
  /// The model that the client asked for.
  public var model: String? { binding.model }
  /// The base model of that model: the model itself where no other is known.
  public var baseModel: String? { binding.baseModel }
  /// The name to write into the body's `model`; `nil` leaves the body as it is.
  public var rewriteModel: String? { binding.rewriteModel }
  /// Whom the request concerns.
  public var subject: RequestSubject { binding.subject }
}
