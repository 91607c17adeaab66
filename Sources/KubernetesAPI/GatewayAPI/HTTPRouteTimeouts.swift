/// Time limits of a rule, as durations that ``GatewayDuration`` reads. Zero is no limit.
///
/// Source: `HTTPRouteTimeouts`, Gateway API v1.
public struct HTTPRouteTimeouts: Codable, Sendable, Equatable {
  /// From the request's first byte to the response's last.
  public var request: String?
  /// The same for each try at a backend.
  public var backendRequest: String?

  /// Makes the value from its parts.
  public init(request: String? = nil, backendRequest: String? = nil) {
    self.request = request
    self.backendRequest = backendRequest
  }
}

/// When a request is sent again.
///
/// Source: `HTTPRouteRetry`, Gateway API v1, experimental channel.
public struct HTTPRouteRetry: Codable, Sendable, Equatable {
  /// Statuses, 400 to 599, for which it is.
  @OrEmpty public var codes: [Int]
  /// How often at most; the implementation's choice when unset.
  public var attempts: Int?
  /// How long is waited before, at least; a duration that ``GatewayDuration`` reads.
  public var backoff: String?

  /// Makes the value from its parts.
  public init(codes: [Int] = [], attempts: Int? = nil, backoff: String? = nil) {
    self.codes = codes
    self.attempts = attempts
    self.backoff = backoff
  }
}
