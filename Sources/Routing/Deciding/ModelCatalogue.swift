/// The models that requests like one that asks for them would reach: on its listener, of its host, with its headers.
///
/// A model is in it if a request that names it would be routed to a pool that has it, or by a rule that names it: each name is
/// tried as the router itself would try it.
final class ModelCatalogue: Sendable {
  /// Where requests for models go, below the base of the client's URL.
  private static let paths = [
    "/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages", "/v1/rerank",
    "/v1/score", "/v1/audio/transcriptions",
  ]

  /// One of the paths: what a request there could meet.
  private struct Place: Sendable {
    let head: RequestHead
    let plain: CompiledRule?
    let byModel: [CompiledRule]

    var rules: [CompiledRule] { byModel + (plain.map { [$0] } ?? []) }
  }

  private let listener: CompiledListener
  private let model: String?
  private let places: [Place]
  /// The rule by whose leave pages of other origins may ask.
  private let cors: CORSPolicy?

  /// `nil` where nobody asks for models, where a rule has that very path, and where no model is to be had.
  init?(_ question: ModelQuestion, _ head: RequestHead, plain: CompiledRule?, on listener: CompiledListener) {
    let own = listener.rulesByModel(for: head)
    let takers = own + (plain.map { [$0] } ?? [])
    if takers.contains(where: \.hasExactPath) { return nil }
    places = Self.paths.compactMap { path in
      var asked = head
      asked.method = asked.block.append("POST")
      asked.path = asked.block.append(question.base + path)
      let place = Place(
        head: asked, plain: listener.candidates(for: asked).plain, byModel: listener.rulesByModel(for: asked))
      return place.rules.contains(where: \.hasModels) ? place : nil
    }
    if places.isEmpty { return nil }
    (self.listener, model) = (listener, question.model)
    cors = takers.compactMap { $0.policy?.policy.cors }.first
  }

  /// The answer to the question.
  ///
  /// - Parameter head: the one that asked it.
  func answer(to head: RequestHead) throws(GatewayError) -> LocalResponse {
    let fields = cors?.change(for: head)?.added ?? []
    var cards = ModelCards(listener)
    var response = LocalResponse(status: 200, fields: [HeaderChange.Field("content-type", "application/json")] + fields)
    guard let model else {
      for place in places {
        for name in cards.names(of: place.rules) { add(name, at: place, to: &cards) }
      }
      response.body = cards.list
      return response
    }
    for place in places { add(model, at: place, to: &cards) }
    guard let body = cards.card(of: model) else {
      let missing = GatewayError(
        .modelNotFound, "The model '\(model)' does not exist. GET /v1/models names those that do.", param: "model")
      throw fields.isEmpty ? missing : missing.with(fields)
    }
    response.body = body
    return response
  }

  private func add(_ name: String, at place: Place, to cards: inout ModelCards) {
    if cards.has(name) { return }
    guard let rule = listener.rule(for: place.head, model: name, else: place.plain) else { return }
    cards.add(name, by: rule)
  }
}

extension CompiledRule {
  fileprivate var hasExactPath: Bool {
    guard case .exact = rule.match.path else { return false }
    return rule.dropped == nil
  }

  /// Whether a request for a model could get one here.
  fileprivate var hasModels: Bool {
    rule.dropped == nil && pools.contains { $0.id.kind != .service || namesModel }
  }

  /// The pools that have a share of the rule's requests.
  var pools: [CompiledPool] {
    shares.compactMap { share in
      guard share.weight > 0, case .pool(let pool) = share.target else { return nil }
      return pool
    }
  }
}
