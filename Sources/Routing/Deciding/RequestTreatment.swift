/// What the policies of a rule and its backend make of one request; worked out once, when the request is decided.
public final class RequestTreatment: Sendable {
  /// The head that endpoints get; `nil` leaves it as it came.
  public let head: RequestHead?
  /// What becomes of the response's headers, in this order.
  public let responseChanges: [HeaderChange]
  /// Headers of answers of the gateway's own.
  public let answerFields: [HeaderChange.Field]
  /// How long things may take.
  public let timeouts: RuleTimeouts
  /// When the request is sent again.
  public let retry: RetryPolicy?
  /// Where copies of the request go.
  public let mirrors: [ForwardPlan]

  /// A treatment; by default none at all.
  public init(
    head: RequestHead? = nil, responseChanges: [HeaderChange] = [], answerFields: [HeaderChange.Field] = [],
    timeouts: RuleTimeouts = RuleTimeouts(), retry: RetryPolicy? = nil, mirrors: [ForwardPlan] = []
  ) {
    self.head = head
    self.responseChanges = responseChanges
    self.answerFields = answerFields
    self.timeouts = timeouts
    self.retry = retry
    self.mirrors = mirrors
  }
}

extension PoolBinding {
  /// The policies that the request is under: the rule's, then the backend's.
  var policies: [CompiledPolicy] { [policy, backendPolicy].compactMap { $0 } }

  /// What the policies make of a request.
  ///
  /// - Parameters:
  ///   - changed: of ``changed(_:of:)``.
  ///   - mirrors: where copies of the request go.
  func treatment(of head: RequestHead, changed: RequestHead?, mirrors: [ForwardPlan]) -> RequestTreatment {
    let cors = policy?.policy.cors?.change(for: head)
    let changes = policies.map(\.policy.responseHeaders) + (cors.map { [$0] } ?? [])
    return RequestTreatment(
      head: changed, responseChanges: changes.filter { !$0.isEmpty }, answerFields: changes.flatMap(\.addedToErrors),
      timeouts: policy?.policy.timeouts ?? RuleTimeouts(), retry: policy?.policy.retry, mirrors: mirrors)
  }

  /// The head that endpoints get; `nil` where it stays as it came. `match` is what the rule asks of paths.
  func changed(_ head: RequestHead, of match: PathMatch) -> RequestHead? {
    let policies = policies.map(\.policy).filter { !$0.requestHeaders.isEmpty || $0.rewrite != nil }
    if policies.isEmpty { return nil }
    var changed = head
    for policy in policies {
      changed.block.apply(policy.requestHeaders)
      policy.rewrite?.apply(to: &changed, of: match)
    }
    return changed
  }
}

extension GatewayError {
  /// The same error with the headers that a rule asks of every answer to the request.
  func answered(by decided: DecidedRule, to head: RequestHead) -> GatewayError {
    guard let policy = decided.compiled.policy?.policy else { return self }
    let fields = [policy.responseHeaders, policy.cors?.change(for: head)].compactMap { $0?.addedToErrors }.flatMap {
      $0
    }
    return fields.isEmpty ? self : with(fields)
  }
}
