import JSONText

extension SchemaNode {
  /// What is wrong between the rules of this level and below, and the fields that they read.
  package func ruleProblems(path: String) -> [FieldError] {
    var problems: [FieldError] = []
    for (index, rule) in rules.enumerated() {
      do {
        try rule.program.checkFields(of: self, oldSelf: !rule.takesOptionalOldSelf)
      } catch {
        let field = "\(path).x-kubernetes-validations[\(index)].rule"
        problems.append(.invalid(field, JSONWriter.quoted(rule.source), "compilation failed: \(error)"))
      }
    }
    for (name, node) in properties { problems += node.ruleProblems(path: "\(path).properties[\(name)]") }
    problems += items?.ruleProblems(path: path + ".items") ?? []
    problems += additionalProperties?.ruleProblems(path: path + ".additionalProperties") ?? []
    return problems
  }
}
