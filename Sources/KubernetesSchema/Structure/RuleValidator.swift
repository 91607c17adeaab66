package import JSONText

/// Evaluates the validation rules of every level that is present in an object.
package struct RuleValidator {
  package private(set) var errors: [FieldError] = []

  package mutating func check(_ value: JSONValue, old: JSONValue?, against node: SchemaNode, path: String) {
    let isUnchanged = old == value
    if value == .null { return }
    for rule in node.rules where rule.isTransition ? old != nil : !isUnchanged {
      evaluate(rule, value, old, node, path: path)
    }
    switch value {
    case .object(let members):
      for name in members.keys.sorted() {
        guard let member = members[name], let child = node.properties[name] ?? node.additionalProperties else {
          continue
        }
        let place = path.isEmpty ? name : "\(path).\(name)"
        check(member, old: old?.objectValue?[name], against: child, path: place)
      }
    case .array(let elements):
      guard let items = node.items, items.hasRules else { return }
      let olds = ListCorrelation(node: node, old: old?.arrayValue)
      for (index, element) in elements.enumerated() {
        check(element, old: olds.counterpart(of: element), against: items, path: "\(path)[\(index)]")
      }
    default: break
    }
  }

  private mutating func evaluate(
    _ rule: ValidationRule, _ value: JSONValue, _ old: JSONValue?, _ node: SchemaNode, path: String
  ) {
    var variables = ["self": CELValue(value, node)]
    if rule.takesOptionalOldSelf {
      variables["oldSelf"] = .optional(old.map { [CELValue($0, node)] } ?? [])
    } else if let old {
      variables["oldSelf"] = CELValue(old, node)
    }
    let field = path + rule.fieldPath
    do {
      switch try rule.program.evaluate(variables) {
      case .bool(true): return
      case .bool(false):
        errors.append(failure(rule, variables, field: field, value: value))
      case let other:
        errors.append(.invalid(field, value.display, "rule \(rule.source) gave \(other.typeName), not bool"))
      }
    } catch {
      errors.append(.invalid(field, value.display, "rule evaluation error: \(rule.source): \(error)"))
    }
  }

  private func failure(
    _ rule: ValidationRule, _ variables: [String: CELValue], field: String, value: JSONValue
  ) -> FieldError {
    var text = rule.message ?? "failed rule: \(rule.source)"
    if let program = rule.messageProgram {
      do {
        if case .string(let computed) = try program.evaluate(variables), !computed.isEmpty { text = computed }
      } catch {
        text += " (messageExpression: \(error))"
      }
    }
    // The real server shows scalars and leaves lists and objects out.
    let isScalar = value.arrayValue == nil && value.objectValue == nil
    let head = rule.reason == .required ? "Required value" : "Invalid value" + (isScalar ? ": \(value.display)" : "")
    return FieldError(reason: rule.reason, field: field.isEmpty ? "<nil>" : field, message: "\(head): \(text)")
  }
}
