import JSONText

/// The models that requests like one that asks for them would reach: on its listener, of its host, with its headers.
///
/// A model is in it if a request that names it would be routed to a pool that has it, or by a rule that names it: each name is
/// tried as the router itself would try it. That takes long where there are thousands, so that ``ModelListCache`` keeps it.
final class ReachableModels: Sendable {
  /// Where requests for models go, below the base of the client's URL.
  private static let paths = [
    "/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages", "/v1/rerank",
    "/v1/score", "/v1/audio/transcriptions",
  ]

  /// One of the paths: what a request there could meet.
  private struct Place {
    let head: RequestHead
    let plain: CompiledRule?
    let byModel: [CompiledRule]

    var rules: [CompiledRule] { byModel + (plain.map { [$0] } ?? []) }
  }

  /// All of them, in OpenAI's shape.
  let list: [UInt8]
  // Not what gathers them: that knows the listener, which keeps this.
  private let cards: [String: ServedModel]

  /// `nil` where no model is to be had.
  init?(below base: String, _ head: RequestHead, on listener: CompiledListener) {
    let places = Self.paths.compactMap { path in
      var asked = head
      asked.method = asked.block.append("POST")
      asked.path = asked.block.append(base + path)
      let place = Place(
        head: asked, plain: listener.candidates(for: asked).plain, byModel: listener.rulesByModel(for: asked))
      return place.rules.contains(where: \.hasModels) ? place : nil
    }
    if places.isEmpty { return nil }
    var cards = ModelCards(listener)
    for place in places {
      for name in cards.names(of: place.rules) where !cards.has(name) {
        guard let rule = listener.rule(for: place.head, model: name, else: place.plain) else { continue }
        cards.add(name, by: rule)
      }
    }
    list = cards.list
    self.cards = cards.cards
  }

  /// One model; `nil` where it cannot be reached.
  func card(of name: String) -> [UInt8]? { cards[name].map { JSONWriter.bytes(of: $0.json) } }
}

extension CompiledRule {
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
