/// What the rules of a listener look at of a request, besides its path and model: requests that are alike in it reach the same models.
struct AskedOfRequests: Sendable {
  private let headers: Set<String>
  private let asksQuery: Bool
  private let asksHost: Bool
  /// A rule may be for the very path of a question about models.
  let hasExactModelsPath: Bool

  init(_ rules: [RouteRule]) {
    let names = rules.lazy.flatMap(\.match.headers).map(\.name)
    headers = Set(names).subtracting([modelNameHeader, baseModelNameHeader])
    asksQuery = rules.contains { !$0.match.queryParameters.isEmpty }
    asksHost = rules.contains { $0.hostname != nil }
    hasExactModelsPath = rules.contains { rule in
      guard case .exact(let path) = rule.match.path else { return false }
      return path.contains(ModelQuestion.page)
    }
  }

  /// What a question about the models below `base` has of it, as bytes that are the same for no other question.
  func key(_ base: String, _ head: RequestHead) -> [UInt8] {
    var key: [UInt8] = []
    func add(_ text: String) {
      key += "\(text.utf8.count):".utf8
      key += text.utf8
    }
    add(base)
    add(asksHost ? head.hostText.lowercased() : "")
    add(asksQuery ? head.queryText : "")
    guard !headers.isEmpty else { return key }
    for field in head.block.fields {
      let name = head.block.text(field.name).lowercased()
      guard headers.contains(name) else { continue }
      add(name)
      add(head.block.text(field.value))
    }
    return key
  }
}

extension CompiledListener {
  /// The longest key that a list is kept for.
  private static let longestKey = 4096

  /// The models that requests like this one reach below `base`; `nil` where there is none.
  func models(below base: String, _ head: RequestHead) -> ReachableModels? {
    let key = asks.key(base, head)
    guard key.count <= Self.longestKey else { return ReachableModels(below: base, head, on: self) }
    return lists.models(ModelListCache.Key(self, key)) { ReachableModels(below: base, head, on: self) }
  }
}
