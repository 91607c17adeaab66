/// A parsed expression.
indirect enum CELExpression: Sendable {
  case literal(CELValue)
  case identifier(String)
  case select(CELExpression, String)
  /// `has(operand.field)`
  case has(CELExpression, String)
  case index(CELExpression, CELExpression)
  case call(String, receiver: CELExpression?, [CELExpression])
  case list([CELExpression])
  case map([(key: CELExpression, value: CELExpression)])
  case not(CELExpression)
  case negate(CELExpression)
  case binary(String, CELExpression, CELExpression)
  case and(CELExpression, CELExpression)
  case or(CELExpression, CELExpression)
  case conditional(CELExpression, CELExpression, CELExpression)
  case comprehension(CELMacro, range: CELExpression, variable: String, CELExpression, transform: CELExpression?)
}

/// The macros that walk a list's elements or a map's keys.
enum CELMacro: String, Sendable {
  case all
  case exists
  case existsOne = "exists_one"
  case filter
  case map
}

/// A compiled rule.
package struct CELProgram: Sendable {
  let source: String
  private let expression: CELExpression
  private let identifiers: Set<String>

  /// - Parameter variables: the names that the expression may use, besides those its macros bind.
  /// - Throws: `CELError` naming the position or the unknown name.
  init(_ source: String, variables: Set<String>) throws(CELError) {
    var parser = CELParser(tokens: try CELLexer.tokens(source))
    self.source = source
    expression = try parser.parse()
    identifiers = parser.freeIdentifiers
    if let unknown = identifiers.subtracting(variables).sorted().first {
      throw CELError("undeclared reference to '\(unknown)'")
    }
  }

  func mentions(_ name: String) -> Bool { identifiers.contains(name) }

  /// - Parameters:
  ///   - node: the schema of `self`.
  ///   - oldSelf: whether `oldSelf` has that schema too; an optional one has methods instead of fields.
  /// - Throws: `CELError` naming a field that the expression reads and the schema does not have.
  func checkFields(of node: SchemaNode, oldSelf: Bool) throws(CELError) {
    var checker = CELFieldChecker(variables: oldSelf ? ["self": node, "oldSelf": node] : ["self": node])
    try checker.check(expression)
  }

  /// - Throws: `CELError` when the expression has no value for these variables, such as a missing key.
  func evaluate(_ variables: [String: CELValue]) throws(CELError) -> CELValue {
    var evaluator = CELEvaluator(variables: variables)
    return try evaluator.value(of: expression)
  }
}
