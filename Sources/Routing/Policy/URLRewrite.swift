/// What becomes of the host and the path of a request before it is sent to an endpoint.
///
/// Source: `HTTPURLRewriteFilter`, Gateway API v1.
public struct URLRewrite: Sendable, Equatable {
  /// The host that the endpoint is told; `nil` leaves the client's.
  public var hostname: String?
  /// What becomes of the path; `nil` leaves it.
  public var path: PathChange?

  /// A rewrite.
  public init(hostname: String? = nil, path: PathChange? = nil) {
    self.hostname = hostname
    self.path = path
  }
}

/// What becomes of a path.
///
/// Source: `HTTPPathModifier`, Gateway API v1.
public enum PathChange: Sendable, Equatable {
  /// It is replaced whole.
  case full(String)
  /// The prefix by which the rule took the request is replaced.
  case prefix(String)
}

/// Answers a request with another address of what it asks for.
///
/// Source: `HTTPRequestRedirectFilter`, Gateway API v1.
public struct RequestRedirect: Sendable, Equatable {
  /// `http` or `https`; `nil` keeps the request's.
  public var scheme: String?
  /// The host; `nil` keeps the request's.
  public var hostname: String?
  /// What becomes of the path; `nil` keeps it.
  public var path: PathChange?
  /// The port; `nil` takes that of ``scheme`` if that is given, else the listener's.
  public var port: Int?
  /// The status: 301, 302, 303, 307 or 308.
  public var status: Int

  /// A redirect.
  public init(
    scheme: String? = nil, hostname: String? = nil, path: PathChange? = nil, port: Int? = nil, status: Int = 302
  ) {
    self.scheme = scheme
    self.hostname = hostname
    self.path = path
    self.port = port
    self.status = status
  }
}
