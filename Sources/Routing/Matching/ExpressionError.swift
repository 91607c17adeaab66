/// Why a regular expression is not accepted.
public struct ExpressionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The expression.
  public var pattern: String
  /// Where in the expression, counted in Unicode scalars from 0.
  public var offset: Int
  /// What is wrong and what would be right.
  public var reason: String

  /// A sentence for the author of the expression.
  public var description: String { "regular expression '\(pattern)', character \(offset + 1): \(reason)" }
}
