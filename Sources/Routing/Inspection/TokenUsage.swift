/// The tokens that a model server says it has read and written for a request.
public struct TokenUsage: Sendable, Equatable {
  /// Tokens of the prompt, those included that came out of a cache; `nil` where it was not told.
  public var input: Int?
  /// Tokens of the answer; `nil` where it was not told.
  public var output: Int?
  /// Those of ``input`` that came out of a cache; `nil` where it was not told.
  public var cached: Int?

  /// What was told; by default nothing.
  public init(input: Int? = nil, output: Int? = nil, cached: Int? = nil) {
    self.input = input
    self.output = output
    self.cached = cached
  }
}
