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

  /// What is told of an error. In a class, so that everything that may hold an error, and mostly holds none, stays small.
  private final class Content: Sendable {
    let kind: Kind
    let message: String
    let param: String?
    let retryAfterSeconds: Int?
    let subject: RequestSubject
    let fields: [HeaderChange.Field]

    init(
      _ kind: Kind, _ message: String, param: String?, retryAfterSeconds: Int?, subject: RequestSubject,
      fields: [HeaderChange.Field]
    ) {
      (self.kind, self.message, self.param, self.retryAfterSeconds) = (kind, message, param, retryAfterSeconds)
      (self.subject, self.fields) = (subject, fields)
    }
  }

  private let content: Content

  /// What happened. Everything but the words for people follows from it; see ``Kind/treatment``.
  public var kind: Kind { content.kind }
  /// A sentence for the person who sent the request: what is wrong, and what to do.
  public var message: String { content.message }
  /// The member of the request's body that is wrong, if one is.
  public var param: String? { content.param }
  /// For the `Retry-After` header, in seconds, where a later attempt may succeed.
  public var retryAfterSeconds: Int? { content.retryAfterSeconds }
  /// Whom the request concerned, as far as that was known by then.
  public var subject: RequestSubject { content.subject }
  /// Further headers of the answer, as the request's rule asks for them.
  public var fields: [HeaderChange.Field] { content.fields }

  /// An error.
  public init(_ kind: Kind, _ message: String, param: String? = nil, retryAfterSeconds: Int? = nil) {
    content = Content(
      kind, message, param: param, retryAfterSeconds: retryAfterSeconds, subject: RequestSubject(), fields: [])
  }

  private init(_ error: GatewayError, subject: RequestSubject? = nil, fields: [HeaderChange.Field]? = nil) {
    content = Content(
      error.kind, error.message, param: error.param, retryAfterSeconds: error.retryAfterSeconds,
      subject: subject ?? error.subject, fields: fields ?? error.fields)
  }

  /// Whether all that is told of them is the same.
  public static func == (left: GatewayError, right: GatewayError) -> Bool {
    left.content === right.content
      || left.kind == right.kind && left.message == right.message && left.param == right.param
        && left.retryAfterSeconds == right.retryAfterSeconds && left.subject == right.subject
        && left.fields == right.fields
  }

  /// The same error of a request that concerned `subject`.
  public func about(_ subject: RequestSubject) -> GatewayError { GatewayError(self, subject: subject) }

  /// The same error with further headers of the answer.
  public func with(_ fields: [HeaderChange.Field]) -> GatewayError { GatewayError(self, fields: fields) }

  /// The HTTP status of the answer.
  public var status: Int { kind.treatment.status }
  /// Whose doing it is.
  public var source: Source { kind.treatment.source }
  /// Whether the request may be sent again, to another endpoint. How often is the caller's to bound.
  public var mayRetry: Bool { kind.treatment.mayRetry }
}
