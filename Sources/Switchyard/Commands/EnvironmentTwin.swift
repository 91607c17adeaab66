import ArgumentParser

/// An option's value, from the command line or from its twin in the environment: `--max-model-len` is
/// `SWITCHYARD_MAX_MODEL_LEN` there.
struct EnvironmentTwin<Value: LosslessStringConvertible> {
  /// The option or the variable that says the value: what a message about it names.
  let source: String
  /// What it says; `nil` where neither does.
  let value: Value?

  /// - Parameters:
  ///   - option: with its dashes.
  ///   - given: what the command line says; it comes before the environment, where an empty variable says nothing.
  /// - Throws: `ValidationError` for a variable that is not a value of this type.
  init(_ option: String, _ given: Value?, environment: [String: String]) throws {
    let variable = "SWITCHYARD_" + option.drop { $0 == "-" }.uppercased().replacing("-", with: "_")
    guard given == nil, let text = environment[variable], !text.isEmpty else {
      (source, value) = (option, given)
      return
    }
    guard let read = Value(text) else { throw ValidationError("\(variable) '\(text)': give a number") }
    (source, value) = (variable, read)
  }
}
