/// How much of a request's body must have come before the request can be decided.
public enum BodyNeed: Sendable, Equatable {
  /// Nothing: the gateway does not look into the body.
  case none
  /// What the body names as its model.
  case model
  /// The model, and so many bytes of the body, or all of it where it is shorter.
  case prefix(maximumBytes: Int)
}
