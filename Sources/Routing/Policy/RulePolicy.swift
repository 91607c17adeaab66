/// What a rule, or one of its backends, asks beyond where its requests go. A rule that asks for nothing has none.
///
/// Source: `HTTPRouteRule`, Gateway API v1: `filters`, `timeouts` and `retry`.
public struct RulePolicy: Sendable, Equatable {
  /// What becomes of the request's headers.
  public var requestHeaders: HeaderChange
  /// What becomes of the response's headers.
  public var responseHeaders: HeaderChange
  /// What becomes of the request's host and path.
  public var rewrite: URLRewrite?
  /// Answers the request with a redirect; it goes to no backend then.
  public var redirect: RequestRedirect?
  /// Where copies of the request go.
  public var mirrors: [RequestMirror]
  /// Which pages of other origins may use the rule.
  public var cors: CORSPolicy?
  /// How long things may take.
  public var timeouts: RuleTimeouts
  /// When a request is sent again, beyond what the gateway does by itself.
  public var retry: RetryPolicy?

  /// A policy; by default one that asks for nothing.
  public init(
    requestHeaders: HeaderChange = HeaderChange(), responseHeaders: HeaderChange = HeaderChange(),
    rewrite: URLRewrite? = nil, redirect: RequestRedirect? = nil, mirrors: [RequestMirror] = [],
    cors: CORSPolicy? = nil, timeouts: RuleTimeouts = RuleTimeouts(), retry: RetryPolicy? = nil
  ) {
    self.requestHeaders = requestHeaders
    self.responseHeaders = responseHeaders
    self.rewrite = rewrite
    self.redirect = redirect
    self.mirrors = mirrors
    self.cors = cors
    self.timeouts = timeouts
    self.retry = retry
  }

  /// Whether it asks for nothing.
  public var isEmpty: Bool { self == RulePolicy() }
}

/// How long a request of a rule may take.
///
/// Source: `HTTPRouteTimeouts`, Gateway API v1 (GEP-1742).
public struct RuleTimeouts: Sendable, Equatable {
  /// Nanoseconds from the request's head to the end of its response; `nil` where the gateway's own limit holds, 0 for none.
  public var request: UInt64?
  /// Nanoseconds for each attempt, from turning to an endpoint to the end of its response; `nil` and 0 for no limit.
  public var backendRequest: UInt64?

  /// Limits.
  public init(request: UInt64? = nil, backendRequest: UInt64? = nil) {
    self.request = request
    self.backendRequest = backendRequest
  }
}

/// When a request is sent again.
///
/// Source: `HTTPRouteRetry`, Gateway API v1 (GEP-1731).
public struct RetryPolicy: Sendable, Equatable {
  /// Statuses, 400 to 599, for which a response is dropped and the request sent again.
  public var codes: [Int]
  /// How often a request may be sent again; `nil` where the gateway's own bound holds.
  public var attempts: Int?
  /// Nanoseconds to wait before the request is sent again.
  public var backOff: UInt64

  /// A policy.
  public init(codes: [Int] = [], attempts: Int? = nil, backOff: UInt64 = 0) {
    self.codes = codes
    self.attempts = attempts
    self.backOff = backOff
  }
}

/// Where copies of a request go; what is answered to them is dropped.
///
/// Source: `HTTPRequestMirrorFilter`, Gateway API v1.
public struct RequestMirror: Sendable, Equatable {
  /// Where they go.
  public var target: BackendTarget
  /// Of so many requests, ``numerator`` are copied.
  public var denominator: Int
  /// How many of ``denominator`` requests are copied.
  public var numerator: Int

  /// A mirror; by default of every request.
  public init(target: BackendTarget, numerator: Int = 1, denominator: Int = 1) {
    self.target = target
    self.numerator = numerator
    self.denominator = denominator
  }
}
