/// A regular expression, compiled; matching takes time linear in the text, whatever the expression.
///
/// The syntax is the common part of RE2 and PCRE: literals, `.`, classes (`[a-z]`, `[^…]`, `\d \w \s` and their
/// capitals), groups (`(…)`, `(?:…)`, `(?P<name>…)`), `|`, `* + ? {m,n}` with an optional lazy `?`, `^`, `$`, and a
/// leading `(?i)` for ASCII letters. Back references and look-around are refused: they cannot be matched in linear
/// time. The engine simulates an NFA over Unicode scalars.
public struct CompiledExpression: Sendable, Equatable {
  /// The expression as the user wrote it.
  public let pattern: String
  private let program: ExpressionProgram

  /// Compiles `pattern`; throws ``ExpressionError`` if it is not an expression of the syntax above, or too large.
  public init(_ pattern: String) throws(ExpressionError) {
    self.pattern = pattern
    var parser = ExpressionParser(pattern)
    program = try ExpressionProgram(parser.parse(), pattern: pattern)
  }

  /// Whether all of `text` matches, as Gateway API implementations agree for paths, headers and query parameters.
  public func wholeMatch(_ text: some StringProtocol) -> Bool {
    program.matches(text.unicodeScalars)
  }

  /// Expressions are equal if they are written the same.
  public static func == (left: CompiledExpression, right: CompiledExpression) -> Bool {
    left.pattern == right.pattern
  }
}
