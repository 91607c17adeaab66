/// What ended a request badly: the one vocabulary of the router, the proxy and every other front end.
public struct GatewayError: Error, Sendable, Equatable {
  /// Whose doing it is.
  public enum Source: String, Sendable, CaseIterable {
    /// The client's: what it sent, or that it went away.
    case downstream
    /// The model servers'.
    case upstream
    /// The gateway's, or that of the objects it serves by.
    case `internal`
  }

  /// What happened. Everything but the words for people follows from it; see ``Kind/treatment``.
  public var kind: Kind
  /// A sentence for the person who sent the request: what is wrong, and what to do.
  public var message: String
  /// The member of the request's body that is wrong, if one is.
  public var param: String?
  /// For the `Retry-After` header, in seconds, where a later attempt may succeed.
  public var retryAfterSeconds: Int?
  /// Whom the request concerned, as far as that was known by then.
  public var subject = RequestSubject()
  /// Further headers of the answer, as the request's rule asks for them.
  public var fields: [HeaderChange.Field] = []

  /// An error.
  public init(_ kind: Kind, _ message: String, param: String? = nil, retryAfterSeconds: Int? = nil) {
    self.kind = kind
    self.message = message
    self.param = param
    self.retryAfterSeconds = retryAfterSeconds
  }

  /// The same error of a request that concerned `subject`.
  public func about(_ subject: RequestSubject) -> GatewayError {
    var error = self
    error.subject = subject
    return error
  }

  /// The HTTP status of the answer.
  public var status: Int { kind.treatment.status }
  /// Whose doing it is.
  public var source: Source { kind.treatment.source }
  /// Whether the request may be sent again, to another endpoint. How often is the caller's to bound.
  public var mayRetry: Bool { kind.treatment.mayRetry }
}
