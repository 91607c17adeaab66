public import Routing

/// What the proxy tells about its requests; each closure is called on an event loop and must not block.
public struct ProxyObserver: Sendable {
  /// Whether records are to have ``ProxyRecord/requestID``, ``ProxyRecord/path`` and ``ProxyRecord/client``, each of which may cost
  /// an allocation.
  public var wantsTexts: Bool
  /// A request's head was read.
  public var requestStarted: @Sendable () -> Void
  /// A request was answered or given up. Called exactly once for each ``requestStarted``.
  public var requestFinished: @Sendable (ProxyRecord) -> Void
  /// A request, one of those that were started, has become a tunnel. When that ends, ``requestFinished`` is told a record with
  /// ``ProxyRecord/isTunnel``.
  public var tunnelOpened: @Sendable () -> Void
  /// A connection to a listener of TLS ended before anything could be asked.
  public var handshakeFailed: @Sendable (HandshakeFailure) -> Void
  /// A connection did not begin with the PROXY header that it was to begin with.
  public var proxyHeaderFailed: @Sendable (ProxyHeaderFailure) -> Void

  /// An observer; by default one that does nothing.
  public init(
    wantsTexts: Bool = false,
    requestStarted: @escaping @Sendable () -> Void = {},
    requestFinished: @escaping @Sendable (ProxyRecord) -> Void = { _ in },
    tunnelOpened: @escaping @Sendable () -> Void = {},
    handshakeFailed: @escaping @Sendable (HandshakeFailure) -> Void = { _ in },
    proxyHeaderFailed: @escaping @Sendable (ProxyHeaderFailure) -> Void = { _ in }
  ) {
    self.proxyHeaderFailed = proxyHeaderFailed
    self.handshakeFailed = handshakeFailed
    self.tunnelOpened = tunnelOpened
    self.wantsTexts = wantsTexts
    self.requestStarted = requestStarted
    self.requestFinished = requestFinished
  }
}

/// What became of one request.
public struct ProxyRecord: Sendable, Equatable {
  /// The status sent to the client; 0 when the client was gone before one was sent.
  public var status = 0
  /// The method, as the client sent it; empty when the head could not be read.
  public var method = ""
  /// The request's identifier, which the endpoint and the client are told as `x-request-id`; `nil` where
  /// ``ProxyObserver/wantsTexts`` is not set.
  public var requestID: String?
  /// The path without the query, as the client sent it; `nil` like ``requestID``, and when the head could not be read.
  public var path: String?
  /// The IP address of the client: of who connected or, where that is a trusted caller, the one that it tells. `nil` like
  /// ``requestID``.
  public var client: String?
  /// The address that the client connected to; `nil` when the gateway listens on all.
  public var listenerAddress: String?
  /// The listener's port, as its Gateway declares it.
  public var listenerPort = 0
  /// Route, pool, declared model and priority, as far as the router found them out: fit for labels.
  public var subject = RequestSubject()
  /// The model's name as the client sent it. It is the client's text: bound it before using it as a label.
  public var model: String?
  /// The endpoint that answered, or that was tried last; `nil` when none was asked.
  public var endpoint: EndpointID?
  /// How many connections to endpoints were asked for, each fresh one in place of a stale one included. One for which
  /// the gateway has no descriptor left was not asked for.
  public var attempts = 0
  /// How often another endpoint was turned to because the one before had failed.
  public var retries = 0
  /// From the request's head to the end of the response, in nanoseconds.
  public var durationNanoseconds: UInt64 = 0
  /// From the request's head to the first byte of the response's body, in nanoseconds; `nil` without one.
  public var firstBodyByteNanoseconds: UInt64?
  /// The time in which the gateway alone was at work, in nanoseconds: from when the request's head was read or, where rules
  /// choose by model, from the read that brought the rest of what names it, to when an endpoint or an answer was chosen.
  /// A response passes in the read that brought it, which takes no time worth a clock. `nil` where nothing was chosen.
  public var gatewayNanoseconds: UInt64?
  /// How long the request waited for room in its pool, in nanoseconds; `nil` where it did not.
  public var queueNanoseconds: UInt64?
  /// The time in which an external picker was asked where the request goes, in nanoseconds; `nil` where none was asked.
  public var pickerNanoseconds: UInt64?
  /// Why an external picker that was asked did not do its part; the request may have gone on without it. `nil` where it did.
  public var pickerFailure: GatewayError.Kind?
  /// The tokens that the model server tells of in an answer of 200 to 299 of an InferencePool, in JSON or server-sent events.
  /// Empty where it tells of none, or compresses its answer.
  public var usage = TokenUsage()
  /// Whether an endpoint answered with a stream of server-sent events.
  public var isStreamed = false
  /// Bytes of the request's body, or that the client has sent through a tunnel.
  public var requestBytes = 0
  /// Bytes of the response's body, or that the endpoint has sent through a tunnel.
  public var responseBytes = 0
  /// What went wrong; `nil` when the endpoint's response was relayed whole.
  public var error: GatewayError?

  /// Whether the request became a tunnel: client and endpoint went on in WebSocket. Only then is the status 101.
  public var isTunnel: Bool { status == 101 }

  /// The pool that the request was for.
  public var pool: PoolID? { subject.pool }

  /// Nanoseconds for each token after the first, of a whole stream: its end comes with its last token. `nil` for what is no
  /// stream, was cut short, or has less than two tokens.
  public var nanosecondsPerOutputToken: UInt64? {
    guard isStreamed, error == nil, let output = usage.output, output > 1, let first = firstBodyByteNanoseconds,
      durationNanoseconds >= first
    else { return nil }
    return (durationNanoseconds - first) / UInt64(output - 1)
  }

  /// A record with nothing in it yet.
  public init() {}
}
