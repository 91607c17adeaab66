/// Rules with the same host name and path, in order of precedence; found by the model that they ask for.
final class RuleGroup: Sendable {
  /// Rules that do not ask for a model.
  let plain: [CompiledRule]
  /// Rules that do.
  let byModel: [CompiledRule]
  /// Of those, the ones that ask for one model by name.
  private let models: [String: [CompiledRule]]
  /// Of the rest, the ones that ask for one base model by name, by namespace of their routes: what the base model of a
  /// model is depends on it.
  private let baseModels: [String: [String: [CompiledRule]]]
  /// The rest.
  private let patterns: [CompiledRule]
  /// The path of each rule is still to be compared.
  let checksPath: Bool

  init(_ rules: [CompiledRule], checksPath: Bool = false) {
    self.checksPath = checksPath
    plain = rules.filter { !$0.dependsOnModel }
    byModel = rules.filter(\.dependsOnModel)
    var models: [String: [CompiledRule]] = [:]
    var baseModels: [String: [String: [CompiledRule]]] = [:]
    var patterns: [CompiledRule] = []
    for rule in byModel {
      if let name = rule.exactValue(of: modelNameHeader) {
        models[name, default: []].append(rule)
      } else if let name = rule.exactValue(of: baseModelNameHeader) {
        baseModels[rule.rule.route.namespace, default: [:]][name, default: []].append(rule)
      } else {
        patterns.append(rule)
      }
    }
    (self.models, self.baseModels, self.patterns) = (models, baseModels, patterns)
  }

  /// Calls `body` with lists of rules, each in order of precedence, that hold every rule which may ask for the model.
  func forEachList(_ model: String, baseModel: (_ namespace: String) -> String, _ body: ([CompiledRule]) -> Void) {
    if !models.isEmpty, let rules = models[model] { body(rules) }
    for (namespace, names) in baseModels {
      if let rules = names[baseModel(namespace)] { body(rules) }
    }
    if !patterns.isEmpty { body(patterns) }
  }

  /// Whether the request has what the rule asks for, besides the host name that the group is for, and the model.
  func takes(_ rule: CompiledRule, _ head: RequestHead) -> Bool {
    checksPath ? rule.rule.match.matchesApartFromModel(head) : rule.rule.match.matchesApartFromPath(head)
  }

  /// Whether the request has the path that the rule asks for.
  func takesPath(_ rule: CompiledRule, _ head: RequestHead) -> Bool {
    !checksPath || head.block.withBytes(head.path.range) { rule.rule.match.path.matches($0) }
  }
}
