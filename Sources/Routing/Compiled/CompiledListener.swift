/// A listener with its rules indexed by host, path and model, so that many rules cost a request no more than few.
///
/// The rule that is found is the one with the lowest place that matches, as a search from the first to the last would find
/// it: the index only tells where it cannot be.
public final class CompiledListener: Sendable {
  /// The listener as the table has it.
  public let listener: Listener
  private let hosts: HostIndex<PathIndex>
  /// Whether a rule lets pages of other origins use it.
  let hasCORS: Bool
  /// What its rules look at of requests.
  let asks: AskedOfRequests
  /// The models that its clients have asked for.
  let lists: ModelListCache

  init(_ listener: Listener, pools: [PoolID: CompiledPool], lists: ModelListCache) {
    self.listener = listener
    self.lists = lists
    asks = AskedOfRequests(listener.rules)
    let rules = listener.rules.enumerated().map { CompiledRule($0.element, place: $0.offset, pools: pools) }
    hasCORS = listener.rules.contains { $0.policy?.cors != nil }
    hosts = HostIndex(Dictionary(grouping: rules, by: \.rule.hostname).mapValues { PathIndex($0) })
  }

  /// The first rule that takes the request whatever its model, and whether one before it may take it by its model.
  func candidates(for head: RequestHead) -> (plain: CompiledRule?, mayAskForModel: Bool) {
    var plain: CompiledRule?
    var firstByModel = Int.max
    forEachGroup(head) { group in
      plain = Self.better(plain, in: group.plain) { group.takes($0, head) }
      let limit = min(firstByModel, plain?.place ?? .max)
      for rule in group.byModel {
        if rule.place >= limit { break }
        if group.takes(rule, head) {
          firstByModel = rule.place
          break
        }
      }
    }
    return (plain, firstByModel < plain?.place ?? .max)
  }

  /// The first rule that takes the request by its model, if it comes before `plain`; else that one.
  func rule(for head: RequestHead, model: String, else plain: CompiledRule?) -> CompiledRule? {
    var best = plain
    forEachGroup(head) { group in
      group.forEachList(model, baseModel: { baseModel(of: model, in: $0) }) { rules in
        best = Self.better(best, in: rules) { rule in
          rule.rule.match.matchesModel(model, baseModel: baseModel(of: model, in: rule.rule.route.namespace))
            && group.takes(rule, head)
        }
      }
    }
    return best
  }

  /// The first rule with a CORS policy that a page's request would go by, as far as the browser's question tells: a question
  /// has neither the headers nor the body of the request that it is about.
  func rule(for question: PreflightQuestion, _ head: RequestHead) -> CompiledRule? {
    guard hasCORS else { return nil }
    var best: CompiledRule?
    forEachGroup(head) { group in
      for rules in [group.plain, group.byModel] {
        best = Self.better(best, in: rules) { rule in
          rule.policy?.policy.cors != nil && rule.rule.dropped == nil && group.takesPath(rule, head)
            && [nil, question.method, "OPTIONS"].contains(rule.rule.match.method)
        }
      }
    }
    return best
  }

  /// The rules that take the request apart from its model, in order of precedence.
  func rulesByModel(for head: RequestHead) -> [CompiledRule] {
    var rules: [CompiledRule] = []
    forEachGroup(head) { group in rules += group.byModel.filter { group.takes($0, head) } }
    return rules.sorted { $0.place < $1.place }
  }

  /// The first of those that are wanted.
  func firstByModel(for head: RequestHead, where isWanted: (CompiledRule) -> Bool) -> CompiledRule? {
    var best: CompiledRule?
    forEachGroup(head) { group in
      best = Self.better(best, in: group.byModel) { isWanted($0) && group.takes($0, head) }
    }
    return best
  }

  /// The base model of a model, as routes of a namespace see it.
  func baseModel(of model: String, in namespace: String) -> String {
    listener.baseModels.isEmpty ? model : listener.baseModels[namespace]?[model] ?? model
  }

  private static func better(
    _ best: CompiledRule?, in rules: [CompiledRule], where takes: (CompiledRule) -> Bool
  ) -> CompiledRule? {
    let limit = best?.place ?? .max
    for rule in rules {
      if rule.place >= limit { break }
      if takes(rule) { return rule }
    }
    return best
  }

  private func forEachGroup(_ head: RequestHead, _ body: (RuleGroup) -> Void) {
    head.block.withBytes(head.host) { host in
      hosts.forEach(host) { paths in
        head.block.withBytes(head.path.range) { paths.forEach($0, body) }
        return false
      }
    }
  }
}
