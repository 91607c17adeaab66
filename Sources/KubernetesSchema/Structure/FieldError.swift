/// One thing wrong with one field, in the words of the API server: it becomes a cause of a `Status`.
package struct FieldError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The machine-readable reasons of `metav1.StatusCause`.
  package enum Reason: String, Sendable {
    case required = "FieldValueRequired"
    case invalid = "FieldValueInvalid"
    case typeInvalid = "FieldValueTypeInvalid"
    case notSupported = "FieldValueNotSupported"
    case duplicate = "FieldValueDuplicate"
    case tooLong = "FieldValueTooLong"
    case tooMany = "FieldValueTooMany"
    case forbidden = "FieldValueForbidden"
    case notFound = "FieldValueNotFound"
  }

  package var reason: Reason
  /// The path, such as `spec.targetPorts[0].number`; `<nil>` when the message is about the whole object.
  package var field: String
  /// What a cause carries, such as `Required value`.
  package var message: String

  package var description: String { "\(field): \(message)" }

  /// An error of one field.
  package init(reason: Reason, field: String, message: String) {
    self.reason = reason
    self.field = field
    self.message = message
  }

  /// A value that may not be, as a built-in kind's own rules say it.
  package static func invalidValue(_ field: String, _ value: String, _ why: String) -> FieldError {
    FieldError(reason: .invalid, field: field, message: "Invalid value: \(value): \(why)")
  }

  /// The part of a `Status` message after "is invalid: ".
  package static func aggregate(_ errors: [FieldError]) -> String {
    var seen: Set<String> = []
    let lines = errors.map(\.description).filter { seen.insert($0).inserted }
    return lines.count == 1 ? lines[0] : "[" + lines.joined(separator: ", ") + "]"
  }

  package static func required(_ field: String) -> FieldError {
    FieldError(reason: .required, field: field, message: "Required value")
  }

  package static func invalid(_ field: String, _ shown: String, _ detail: String) -> FieldError {
    FieldError(reason: .invalid, field: field, message: "Invalid value: \(shown): \(detail)")
  }

  /// Added when rules were left out because the object is not even well-typed.
  package static let rulesNotChecked = FieldError(
    reason: .invalid, field: "<nil>",
    message: "Invalid value: null: some validation rules were not checked because the object was invalid; "
      + "correct the existing errors to complete validation")

  /// Whether this error keeps validation rules from being evaluated.
  package var blocksRules: Bool {
    switch reason {
    case .required, .typeInvalid, .notSupported, .tooLong, .tooMany: true
    default: false
    }
  }
}

/// A schema or a CustomResourceDefinition that cannot be used, and every reason why.
package struct SchemaError: Error, Sendable, Equatable, CustomStringConvertible {
  package var errors: [FieldError]
  package var description: String { FieldError.aggregate(errors) }
}
