/// What the gateway itself answers to a client that asks which models there are.
final class ModelCatalogue: Sendable {
  private let models: ReachableModels
  private let model: String?
  /// The rule by whose leave pages of other origins may ask.
  private let cors: CORSPolicy?

  /// `nil` where nobody asks for models, where a rule has that very path, and where no model is to be had.
  init?(_ question: ModelQuestion, _ head: RequestHead, plain: CompiledRule?, on listener: CompiledListener) {
    func first(_ isWanted: (CompiledRule) -> Bool) -> CompiledRule? {
      listener.firstByModel(for: head, where: isWanted) ?? plain.flatMap { isWanted($0) ? $0 : nil }
    }
    if listener.asks.hasExactModelsPath, first({ $0.hasExactPath }) != nil { return nil }
    guard let models = listener.models(below: question.base, head) else { return nil }
    (self.models, model) = (models, question.model)
    cors = listener.hasCORS ? first { $0.policy?.policy.cors != nil }?.policy?.policy.cors : nil
  }

  /// The answer to the question.
  ///
  /// - Parameter head: the one that asked it.
  func answer(to head: RequestHead) throws(GatewayError) -> LocalResponse {
    let fields = cors?.change(for: head)?.added ?? []
    var response = LocalResponse(status: 200, fields: [HeaderChange.Field("content-type", "application/json")] + fields)
    guard let model else {
      response.body = models.list
      return response
    }
    guard let body = models.card(of: model) else {
      let missing = GatewayError(
        .modelNotFound, "The model '\(model)' does not exist. GET /v1/models names those that do.", param: "model")
      throw fields.isEmpty ? missing : missing.with(fields)
    }
    response.body = body
    return response
  }
}

extension CompiledRule {
  fileprivate var hasExactPath: Bool {
    guard case .exact = rule.match.path else { return false }
    return rule.dropped == nil
  }
}
