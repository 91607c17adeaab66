/// What a request's body says, as far as it was looked into.
public struct BodyFacts: Sendable, Equatable {
  /// The body's `model`, as the gateway itself read it; `nil` if the body names none, or was not looked into.
  public var model: String?
  /// The bytes of the model's value in the body, its quotes included.
  public var modelRange: Range<Int>?

  /// Facts; by default nothing is known.
  public init(model: String? = nil, modelRange: Range<Int>? = nil) {
    self.model = model
    self.modelRange = modelRange
  }
}
