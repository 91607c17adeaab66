public import KubernetesAPI

/// Why talking to the Kubernetes API failed, named for what the caller can do. The server's own `Status` is kept.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/>
public enum APIError: Error, Equatable, Sendable {
  /// 400: the request itself is wrong. Mend the code that made it.
  case badRequest(Status)
  /// 401: we are not known. Renew the credential.
  case unauthorized(Status)
  /// 403: we may not. Mend the roles.
  case forbidden(Status)
  /// 404: no such object, or no such kind.
  case notFound(Status)
  /// 409 `AlreadyExists`: another object has the name.
  case alreadyExists(Status)
  /// 409: the object changed meanwhile, or another manager owns a field. Read again, then decide again.
  case conflict(Status)
  /// 410: the version or the continue token is too old. Start the list over.
  case expired(Status)
  /// 422: the object breaks a rule of its kind.
  case invalid(Status)
  /// 429: too many requests; wait so long before the next.
  case tooManyRequests(Status, retryAfter: Duration?)
  /// 500, 502, 503, 504: the server cannot answer now; wait so long if it says how long.
  case serverUnavailable(Status, retryAfter: Duration?)
  /// Any other refusal, such as 405, 406, 413 or 415. `Status.code` is always set.
  case refused(Status)
  /// No answer in time. A write may have been carried out.
  case timeout(String)
  /// No answer at all.
  case transport(HTTPTransportError)
  /// An answer that cannot be read.
  case decoding(String)
  /// A request that cannot be built: an object that does not encode, a token file that cannot be read.
  case request(String)

  /// The server's message, if it sent one.
  public var status: Status? {
    switch self {
    case .badRequest(let status), .unauthorized(let status), .forbidden(let status), .notFound(let status),
      .alreadyExists(let status), .conflict(let status), .expired(let status), .invalid(let status),
      .tooManyRequests(let status, _), .serverUnavailable(let status, _), .refused(let status):
      status
    case .timeout, .transport, .decoding, .request: nil
    }
  }

  /// How long the server asked us to wait.
  public var retryAfter: Duration? {
    switch self {
    case .tooManyRequests(_, let time), .serverUnavailable(_, let time): time
    default: nil
    }
  }
}

extension APIError: CustomStringConvertible {
  /// One line for a person: what went wrong, then the server's own words.
  public var description: String {
    switch self {
    case .badRequest(let status): Self.line("bad request", status)
    case .unauthorized(let status): Self.line("unauthorized: the API server does not accept the credential", status)
    case .forbidden(let status): Self.line("forbidden", status)
    case .notFound(let status): Self.line("not found", status)
    case .alreadyExists(let status): Self.line("already exists", status)
    case .conflict(let status): Self.line("conflict", status)
    case .expired(let status): Self.line("expired", status)
    case .invalid(let status): Self.line("invalid", status)
    case .tooManyRequests(let status, _): Self.line("too many requests", status)
    case .serverUnavailable(let status, _): Self.line("the API server cannot answer now", status)
    case .refused(let status): Self.line("refused with status \(status.code ?? 0)", status)
    case .timeout(let why): "no answer in time: \(why)"
    case .transport(let error): error.description
    case .decoding(let why): "the API server's answer cannot be read: \(why)"
    case .request(let why): "the request cannot be made: \(why)"
    }
  }

  private static func line(_ meaning: String, _ status: Status) -> String {
    guard let message = status.message, !message.isEmpty else { return meaning }
    return "\(meaning): \(message)"
  }
}
