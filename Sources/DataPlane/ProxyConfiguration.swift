public import Routing

/// What the proxy allows and how long it waits. The defaults suit a gateway in front of model servers.
public struct ProxyConfiguration: Sendable {
  /// Listen on this address instead of the addresses of the listeners; `nil` follows the listeners.
  ///
  /// Inside a pod the Gateway's address belongs to a Service, so the pod listens on `0.0.0.0` or `::`.
  public var bindAddress: String?
  /// Added to listener ports below 1024 when binding, for processes that may not bind them; 0 adds nothing.
  public var privilegedPortOffset = 0
  /// Event loops; `nil` takes one for each core.
  public var eventLoops: Int?
  /// Bytes of a request body that a request may send so that it can be sent again; a longer body is sent once.
  public var maximumReplayBytes = 1 << 20
  /// Bytes of request bodies that are kept at once, in all; a request that would need more gets 503. Must be more than the event
  /// loops times ``maximumRequestBodyBytes``, if one large body is to fit on each.
  public var maximumHeldBytes = 512 << 20
  /// Bytes that a request body may have. A larger one gets 413.
  public var maximumRequestBodyBytes = 64 << 20
  /// Seconds for a handshake of TLS, from the connection's beginning; then it is closed.
  public var handshakeTimeoutSeconds: Int64 = 10
  /// Seconds for the head of a request to come whole, from its first byte; then 408.
  public var headerTimeoutSeconds: Int64 = 10
  /// Seconds in which 16 KiB more of a request body that we are waiting for, or its end, must come, else 408; and in which an
  /// endpoint must take some of a request that waits to be sent, else 504.
  public var bodyIdleTimeoutSeconds: Int64 = 30
  /// Bytes of a body that must come in each ``bodyIdleTimeoutSeconds``, so that no client holds a place at an endpoint
  /// with a byte now and then.
  package var minimumBodyBytes = 16 << 10
  /// Seconds that a client may take nothing of a response that waits for it; then its request is given up.
  public var clientStallTimeoutSeconds: Int64 = 60
  /// Seconds that a client may take nothing of the end of the last response of its connection.
  package var clientCloseTimeoutSeconds: Int64 = 30
  /// Seconds that a client's connection may rest between requests.
  public var clientIdleTimeoutSeconds: Int64 = 75
  /// How requests wait for a pool that is too busy for them.
  public var queue = QueueLimits()
  /// Seconds that an external picker may take to say where a request goes once it was shown the request whole, to take more of a
  /// body, and to look at the head of a response.
  public var pickerTimeoutSeconds: Int64 = 5
  /// Seconds for a connection to an endpoint to stand, or to become free; then the next candidate is tried.
  public var connectTimeoutSeconds: Int64 = 2
  /// Seconds that an endpoint may take until the first byte of its response; then 504.
  public var firstByteTimeoutSeconds: Int64 = 300
  /// Seconds that an endpoint may pause within a response; then the response is cut short.
  public var responseIdleTimeoutSeconds: Int64 = 120
  /// Seconds that a tunnel (WebSocket) may rest: nothing passes in either direction. Then it is closed.
  public var tunnelIdleTimeoutSeconds: Int64 = 3600
  /// Seconds for a whole request, from its head to the end of its response; `nil` sets no limit.
  public var requestTimeoutSeconds: Int64?
  /// Seconds that an upstream connection may rest before it is closed.
  public var upstreamIdleTimeoutSeconds: Int64 = 30
  /// Connections to one endpoint on one event loop; a request that finds all of them in use waits for one.
  public var maximumUpstreamConnections = 1024
  /// Resting connections kept for one endpoint on one event loop.
  public var maximumIdleUpstreamConnections = 64
  /// Tell each client in a `Server-Timing` header how long the gateway alone was at work
  /// (``ProxyRecord/gatewayNanoseconds``). Off: it tells of the inside, and most clients do not look.
  public var sendsServerTiming = false
  /// Seconds that running requests get to finish after a graceful shutdown began.
  public var drainTimeoutSeconds: Int64 = 30
  /// Bytes of request headers; more gets 431.
  public var maximumHeaderBytes = 64 << 10

  /// The defaults.
  public init() {}
}
