package import JSONText

/// One entry of `x-kubernetes-validations`, compiled.
package struct ValidationRule: Sendable {
  package let source: String
  package let program: CELProgram
  package let message: String?
  package let messageProgram: CELProgram?
  package let reason: FieldError.Reason
  /// A path below the field that the error is reported on, such as `.port`.
  package let fieldPath: String
  /// Whether the rule runs without a value before the update too: `oldSelf` is then none.
  package let takesOptionalOldSelf: Bool
  /// Whether the rule compares with the value before the update; it then runs only when there is one.
  package var isTransition: Bool { program.mentions("oldSelf") && !takesOptionalOldSelf }

  package static func read(_ rules: JSONValue?, path: String, problems: inout [FieldError]) -> [ValidationRule] {
    var read: [ValidationRule] = []
    for (index, rule) in (rules?.arrayValue ?? []).enumerated() {
      let place = "\(path).x-kubernetes-validations[\(index)]"
      guard let source = rule["rule"]?.stringValue, !source.isEmpty else {
        problems.append(.required(place + ".rule"))
        continue
      }
      guard let program = compile(source, place: place + ".rule", problems: &problems) else { continue }
      let messageProgram = rule["messageExpression"]?.stringValue.flatMap {
        compile($0, place: place + ".messageExpression", problems: &problems)
      }
      read.append(
        ValidationRule(
          source: source, program: program, message: rule["message"]?.stringValue, messageProgram: messageProgram,
          reason: rule["reason"]?.stringValue.flatMap(FieldError.Reason.init(rawValue:)) ?? .invalid,
          fieldPath: rule["fieldPath"]?.stringValue ?? "",
          takesOptionalOldSelf: rule["optionalOldSelf"]?.boolValue ?? false))
    }
    return read
  }

  private static func compile(_ source: String, place: String, problems: inout [FieldError]) -> CELProgram? {
    do {
      return try CELProgram(source, variables: ["self", "oldSelf"])
    } catch {
      problems.append(.invalid(place, JSONWriter.quoted(source), "compilation failed: \(error)"))
      return nil
    }
  }
}
