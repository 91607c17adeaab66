/// What a request must have to be taken by a rule: all of it.
///
/// Source: `HTTPRouteMatch`, Gateway API v1.
public struct RequestMatch: Sendable, Equatable {
  /// The path; a prefix of `/` takes every path.
  public var path: PathMatch
  /// The method, in capitals; `nil` takes any.
  public var method: String?
  /// Headers, all of which must match. Names are in lower case.
  public var headers: [ValueMatch]
  /// Query parameters, all of which must match. Names are case-sensitive.
  public var queryParameters: [ValueMatch]

  /// A match.
  public init(
    path: PathMatch = .prefix("/"), method: String? = nil, headers: [ValueMatch] = [],
    queryParameters: [ValueMatch] = []
  ) {
    self.path = path
    self.method = method
    self.headers = headers
    self.queryParameters = queryParameters
  }
}

/// How a path is matched.
public enum PathMatch: Sendable, Equatable {
  /// The whole path, case-sensitive.
  case exact(String)
  /// Element by element: `/v1` takes `/v1` and `/v1/x`, not `/v1x`. A trailing `/` is not significant.
  case prefix(String)
  /// The whole path matches the expression.
  case regularExpression(CompiledExpression)
}

/// A named value of a request and what it must be.
public struct ValueMatch: Sendable, Equatable {
  /// The header (lower case) or query parameter.
  public var name: String
  /// What its value must be.
  public var value: ValuePattern

  /// A match.
  public init(name: String, value: ValuePattern) {
    self.name = name
    self.value = value
  }
}

/// What a header's or query parameter's value must be.
public enum ValuePattern: Sendable, Equatable {
  /// Exactly this.
  case exact(String)
  /// The whole value matches the expression.
  case regularExpression(CompiledExpression)
}

/// A host name as listeners and routes give it: exact, or with one leading wildcard label.
public enum HostnamePattern: Sendable, Hashable {
  /// A host name in lower case.
  case exact(String)
  /// `*.example.com` is `.wildcard("example.com")`: one or more labels before the suffix.
  case wildcard(suffix: String)

  /// Reads `example.com` or `*.example.com`; letter case is not significant.
  public init(_ text: String) {
    let lower = text.lowercased()
    self = lower.hasPrefix("*.") ? .wildcard(suffix: String(lower.dropFirst(2))) : .exact(lower)
  }
}
