import Foundation

/// HTTP over libcurl: HTTP/2 where an `https` server offers it, all requests to one server on one connection.
///
/// When a request's time runs out and nothing else came on its connection for half a minute, the connection is given up
/// with all that it carries (`HTTPTransportError.connectionLost`), and the next request opens another. A request that
/// was given less time ends alone.
///
/// One thread owns everything of libcurl's. It ends when the transport goes away; exchanges still open then fail with
/// `HTTPTransportError.shutDown`, so keep the transport as long as its responses are read.
public final class CurlTransport: HTTPTransport {
  private let loop: CurlLoop

  /// Starts the thread.
  ///
  /// `maximumBufferedBytes` is how much of each body waits in memory for its reader before the server is slowed down.
  /// Over HTTP/2 the server may go on for the rest of the stream's window (32 MiB in libcurl 7.88, measured), which
  /// libcurl holds too; other requests on the connection are not held up.
  ///
  /// Throws `HTTPTransportError.failed` when libcurl cannot start.
  public convenience init(maximumBufferedBytes: Int = 256 << 10) throws {
    try self.init(maximumBufferedBytes: maximumBufferedBytes, patience: ConnectionSilence.Patience())
  }

  init(maximumBufferedBytes: Int = 256 << 10, patience: ConnectionSilence.Patience) throws {
    let loop = try CurlLoop(maximumBufferedBytes: maximumBufferedBytes, patience: patience)
    self.loop = loop
    let thread = Thread { loop.run() }
    thread.name = "switchyard-curl"
    thread.start()
  }

  deinit {
    loop.shutDown()
  }

  /// Sends `request`; see `HTTPTransport`.
  public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    try Task.checkCancellation()
    let exchange = CurlExchange(request: request, loop: loop)
    let head = try await exchange.start()
    return HTTPResponse(status: head.status, headers: head.headers, body: HTTPBody(source: CurlBody(exchange)))
  }
}

/// The reader's end of an exchange. When the reader lets go of it, the exchange ends.
private final class CurlBody: HTTPBodySource {
  private let exchange: CurlExchange

  init(_ exchange: CurlExchange) {
    self.exchange = exchange
  }

  deinit {
    exchange.cancel()
  }

  func next() async throws -> [UInt8]? {
    try await exchange.nextChunk()
  }
}
