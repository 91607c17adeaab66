/// Something that sends HTTP requests. `CurlTransport` is the one for a network.
public protocol HTTPTransport: Sendable {
  /// Sends `request` and returns as soon as the response's head is there; its body streams.
  ///
  /// Throws `HTTPTransportError`, or `CancellationError` when the calling task was cancelled. A status such as 404 is a
  /// response, not an error.
  func send(_ request: HTTPRequest) async throws -> HTTPResponse
}

/// One HTTP request, complete.
public struct HTTPRequest: Sendable {
  /// The method, in capitals.
  public var method: String
  /// An absolute `http://` or `https://` URL, already percent-encoded.
  public var url: String
  /// Header fields. `Host`, `Content-Length` and the connection's own are set by the transport.
  public var headers: HTTPHeaders
  /// The body, or `nil` for none.
  public var body: [UInt8]?
  /// Bound on connecting, TLS handshake included.
  public var connectTimeout: Duration
  /// Bound on the whole exchange, body included; `nil` for none.
  public var timeout: Duration?
  /// Bound on the time without any byte from the server; `nil` for none.
  public var stallTimeout: Duration?
  /// Whom to trust and who we are, for `https://`.
  public var tls: TLSIdentity
  /// A proxy's URL, or `nil` for none. The environment's proxy variables are never read.
  public var proxy: String?

  /// A request; everything but the URL has a default.
  public init(
    method: String = "GET", url: String, headers: HTTPHeaders = [:], body: [UInt8]? = nil,
    connectTimeout: Duration = .seconds(10), timeout: Duration? = nil, stallTimeout: Duration? = nil,
    tls: TLSIdentity = TLSIdentity(), proxy: String? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.connectTimeout = connectTimeout
    self.timeout = timeout
    self.stallTimeout = stallTimeout
    self.tls = tls
    self.proxy = proxy
  }
}

extension HTTPRequest {
  /// Scheme, host and port: the URL up to its path.
  var origin: Substring {
    var slashes = 0
    let end = url.utf8.firstIndex { byte in
      if byte == UInt8(ascii: "/") { slashes += 1 }
      return slashes == 3
    }
    return url[..<(end ?? url.endIndex)]
  }
}

/// Whom to trust and who we are. The peer's certificate and name are verified unless ``skipsVerification`` says otherwise.
public struct TLSIdentity: Hashable, Sendable {
  /// PEM certificates to trust instead of the system's; `nil` for the system's.
  public var certificateAuthority: [UInt8]?
  /// Our PEM certificate (chain), or `nil`.
  public var certificate: [UInt8]?
  /// The PEM key of `certificate`.
  public var key: [UInt8]?
  /// The name to ask for and to verify, where it differs from the URL's host.
  public var serverName: String?
  /// Whether any peer is taken for the right one: whoever sits in between can read and change everything.
  public var skipsVerification: Bool

  /// An identity; by default the system's trust and no certificate of our own.
  public init(
    certificateAuthority: [UInt8]? = nil, certificate: [UInt8]? = nil, key: [UInt8]? = nil, serverName: String? = nil,
    skipsVerification: Bool = false
  ) {
    self.certificateAuthority = certificateAuthority
    self.certificate = certificate
    self.key = key
    self.serverName = serverName
    self.skipsVerification = skipsVerification
  }
}

/// The head of an answer, and its body as a stream.
public struct HTTPResponse: Sendable {
  /// The status code.
  public var status: Int
  /// The header fields.
  public var headers: HTTPHeaders
  /// The body. Dropping it unread ends the exchange.
  public var body: HTTPBody

  /// A response; made by transports.
  public init(status: Int, headers: HTTPHeaders, body: HTTPBody) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The whole body. Throws `HTTPTransportError.bodyTooLarge` when it is longer than `limit` bytes.
  public func collect(upTo limit: Int) async throws -> [UInt8] {
    var whole: [UInt8] = []
    for try await chunk in body {
      guard whole.count + chunk.count <= limit else { throw HTTPTransportError.bodyTooLarge(limit: limit) }
      whole.append(contentsOf: chunk)
    }
    return whole
  }
}
