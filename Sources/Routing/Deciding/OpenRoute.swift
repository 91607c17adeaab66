/// The rules that may take a request, as far as its head tells.
public struct OpenRoute: Sendable {
  let listener: CompiledListener
  /// The first rule that takes the request whatever its model.
  let plain: CompiledRule?
  /// A rule before that one may take it by its model.
  let mayAskForModel: Bool
  /// What a browser asks about ``plain``, instead of sending a request.
  var question: PreflightQuestion?
  /// What the gateway itself answers, instead of asking a rule, to a client that asks which models there are.
  var catalogue: ModelCatalogue?
  /// What was taken away of the request, or believed.
  var settled: SettledRequest?

  /// The head without what its sender may not say, where that is another one than came: from here on it is the request's.
  public var head: RequestHead? { settled?.head }
  /// The listener's trusted callers, where the request is of one of them.
  public var callers: TrustedCallers? { settled?.callers }

  /// The listener that the request belongs to.
  public var source: Listener { listener.listener }

  /// What must be known of the body before ``RequestRouter/resolve(_:_:facts:)``.
  public var need: BodyNeed { mayAskForModel ? .model : question == nil ? plain?.need ?? .none : .none }

  /// The rules, in order of precedence, up to and including the first that does not ask for a model.
  ///
  /// - Parameter head: the head that the route was found for.
  public func rules(for head: RequestHead) -> [RouteRule] {
    let byModel = listener.rulesByModel(for: head).filter { $0.place < plain?.place ?? .max }
    return (byModel + (plain.map { [$0] } ?? [])).map(\.rule)
  }
}

/// The rule that takes a request, and the model that it names.
public struct DecidedRule: Sendable {
  let listener: CompiledListener
  let compiled: CompiledRule
  /// The model that the client asked for.
  public let model: String?
  /// What a browser asks about the rule, instead of sending a request.
  var question: PreflightQuestion?

  /// The rule.
  public var rule: RouteRule { compiled.rule }

  /// The answer of rules that send their requests to no backend, and to browsers' questions.
  func answer(to head: RequestHead, at arrival: Arrival) -> LocalResponse? {
    guard let policy = compiled.policy?.policy else { return nil }
    var answer: LocalResponse?
    if let question, let origin = head.block.text("origin") {
      answer = policy.cors?.answer(question, origin: origin)
    } else {
      answer = policy.redirect?.answer(to: head, at: arrival, of: rule.match.path)
    }
    if let fields = answer?.fields { answer?.fields = policy.responseHeaders.applied(to: fields) }
    answer?.subject = RequestSubject(route: rule.route)
    return answer
  }
}

/// Whether a pool takes a request.
public enum Admission: Sendable, Equatable {
  /// It may be sent at once.
  case now
  /// It is to wait for room.
  case later
  /// It is turned away.
  case reject(GatewayError)
}
