package import JSONText

/// The schema of one kind: fills in defaults, drops unknown fields, and says what is wrong with an object.
///
/// Read from a CRD's `openAPIV3Schema`. `apiVersion`, `kind` and `metadata` of the object itself are left alone: they
/// are the server's to check.
/// Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
package struct StructuralSchema: Sendable {
  /// The schema as it was written: what OpenAPI shows.
  package let source: JSONValue
  package let root: SchemaNode

  /// - Throws: `SchemaError` with every unusable part: unknown types, bad patterns, rules that do not compile.
  package init(_ openAPIV3Schema: JSONValue, path: String = "openAPIV3Schema") throws(SchemaError) {
    guard openAPIV3Schema.objectValue != nil else {
      throw SchemaError(errors: [.invalid(path, openAPIV3Schema.display, "must be an object")])
    }
    var problems: [FieldError] = []
    source = openAPIV3Schema
    root = SchemaNode(openAPIV3Schema, path: path, problems: &problems)
    if root.type != "object" { problems.append(Self.rootIsNoObject(root.type, path: path)) }
    problems += root.ruleProblems(path: path) + root.structureProblems(path: path)
    if !problems.isEmpty { throw SchemaError(errors: problems.sorted { $0.field < $1.field }) }
  }

  /// Sets every missing field that has a default, at all levels; a null where none is allowed counts as missing.
  package func applyDefaults(_ value: inout JSONValue) {
    root.applyDefaults(&value, isRoot: true)
  }

  /// Removes fields that the schema does not know.
  ///
  /// - Returns: their paths, sorted, such as `spec.colour`.
  package func prune(_ value: inout JSONValue) -> [String] {
    var unknown: [String] = []
    root.prune(&value, path: "", isRoot: true, unknown: &unknown)
    return unknown.sorted()
  }

  /// Everything wrong with an object, after defaults and pruning.
  ///
  /// - Parameter old: the object before an update; parts that did not change are not judged again.
  package func validate(_ value: JSONValue, old: JSONValue? = nil) -> [FieldError] {
    var validator = SchemaValidator()
    validator.check(value, old: old, against: root, path: "", isRoot: true)
    var errors = validator.errors
    guard root.hasRules else { return errors }
    if errors.contains(where: \.blocksRules) { return errors + [.rulesNotChecked] }
    var rules = RuleValidator()
    rules.check(value, old: old, against: root, path: "")
    errors += rules.errors
    return errors
  }

  private static func rootIsNoObject(_ type: String?, path: String) -> FieldError {
    guard let type else { return .required(path + ".type") }
    return .invalid(path + ".type", JSONWriter.quoted(type), "must be object at the root")
  }
}

extension SchemaNode {
  /// Whether this level or one below carries a validation rule.
  package var hasRules: Bool {
    !rules.isEmpty || properties.values.contains(where: \.hasRules) || items?.hasRules == true
      || additionalProperties?.hasRules == true
  }
}
