/// Answers a request with a redirect.
///
/// Source: `HTTPRequestRedirectFilter`, Gateway API v1.
public struct HTTPRequestRedirectFilter: Codable, Sendable, Equatable {
  /// `http` or `https`; the request's when unset.
  public var scheme: String?
  /// The host name; the request's when unset.
  public var hostname: String?
  /// What becomes of the path; nothing when unset.
  public var path: HTTPPathModifier?
  /// The port; that of `scheme` when unset, or the listener's without one.
  public var port: Int?
  /// 301, 302, 303, 307 or 308; 302 when unset.
  public var statusCode: Int?

  /// Makes the value from its parts.
  public init(
    scheme: String? = nil, hostname: String? = nil, path: HTTPPathModifier? = nil, port: Int? = nil,
    statusCode: Int? = nil
  ) {
    self.scheme = scheme
    self.hostname = hostname
    self.path = path
    self.port = port
    self.statusCode = statusCode
  }
}

/// Changes host and path of a request before it goes on.
///
/// Source: `HTTPURLRewriteFilter`, Gateway API v1.
public struct HTTPURLRewriteFilter: Codable, Sendable, Equatable {
  /// The host name that the backend is told; the request's when unset.
  public var hostname: String?
  /// What becomes of the path; nothing when unset.
  public var path: HTTPPathModifier?

  /// Makes the value from its parts.
  public init(hostname: String? = nil, path: HTTPPathModifier? = nil) {
    self.hostname = hostname
    self.path = path
  }
}

/// What becomes of a path; `type` says which of the other members counts.
///
/// Source: `HTTPPathModifier`, Gateway API v1.
public struct HTTPPathModifier: Codable, Sendable, Equatable {
  /// `ReplaceFullPath` or `ReplacePrefixMatch`.
  @OrEmpty public var type: String
  /// What the whole path becomes.
  public var replaceFullPath: String?
  /// What the prefix becomes by which the rule took the request.
  public var replacePrefixMatch: String?

  /// Makes the value from its parts.
  public init(type: String, replaceFullPath: String? = nil, replacePrefixMatch: String? = nil) {
    self.type = type
    self.replaceFullPath = replaceFullPath
    self.replacePrefixMatch = replacePrefixMatch
  }
}
