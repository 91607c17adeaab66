/// Which pages of other origins may call, and how.
///
/// Source: `HTTPCORSFilter`, Gateway API v1.
public struct HTTPCORSFilter: Codable, Sendable, Equatable {
  /// `*`, or origins such as `https://example.com:8443`, also with `*` or `*.` at the beginning of the host.
  @OrEmpty public var allowOrigins: [String]
  /// Whether requests may carry cookies and the like; not when unset.
  public var allowCredentials: Bool?
  /// `*`, or methods.
  @OrEmpty public var allowMethods: [String]
  /// `*`, or names of request headers that pages may set.
  @OrEmpty public var allowHeaders: [String]
  /// `*`, or names of response headers that pages may read.
  @OrEmpty public var exposeHeaders: [String]
  /// Seconds for which a browser may remember the answer; 5 when unset.
  public var maxAge: Int?

  /// Makes the value from its parts.
  public init(
    allowOrigins: [String] = [], allowCredentials: Bool? = nil, allowMethods: [String] = [],
    allowHeaders: [String] = [], exposeHeaders: [String] = [], maxAge: Int? = nil
  ) {
    self.allowOrigins = allowOrigins
    self.allowCredentials = allowCredentials
    self.allowMethods = allowMethods
    self.allowHeaders = allowHeaders
    self.exposeHeaders = exposeHeaders
    self.maxAge = maxAge
  }
}
