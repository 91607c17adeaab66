/// Which pages of other origins may use a rule, and how.
///
/// Source: `HTTPCORSFilter`, Gateway API v1 (GEP-1767); the protocol is in WHATWG Fetch, section 3.3.
public struct CORSPolicy: Sendable, Equatable {
  /// `*`, `scheme://host[:port]`, or the same with a wildcard as the leftmost label of the host. None allows no origin.
  public var allowOrigins: [String]
  /// Whether requests may carry cookies and the like.
  public var allowCredentials: Bool
  /// Methods besides `GET`, `HEAD` and `POST`, in capitals, or `*`.
  public var allowMethods: [String]
  /// Request headers that pages may set, or `*`.
  public var allowHeaders: [String]
  /// Response headers that pages may read, or `*`.
  public var exposeHeaders: [String]
  /// Seconds for which a browser may remember the answer to its question.
  public var maxAge: Int

  /// A policy.
  public init(
    allowOrigins: [String] = [], allowCredentials: Bool = false, allowMethods: [String] = [],
    allowHeaders: [String] = [], exposeHeaders: [String] = [], maxAge: Int = 5
  ) {
    self.allowOrigins = allowOrigins
    self.allowCredentials = allowCredentials
    self.allowMethods = allowMethods
    self.allowHeaders = allowHeaders
    self.exposeHeaders = exposeHeaders
    self.maxAge = maxAge
  }
}
