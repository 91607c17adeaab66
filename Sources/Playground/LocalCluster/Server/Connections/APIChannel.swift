import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP2
import NIOHTTPTypesHTTP2
import NIOSSL

/// HTTP/2, or HTTP/1.1, over TLS, with the patience of a real API server.
///
/// Hummingbird's own channel leaves NIOHTTP2 at 200 reset streams in 30 s, after which the connection is dropped as a
/// flood. libcurl 7.88 (Debian 12) resets every stream after its last byte, so an operator would lose all its watches
/// with its two hundredth request; here only what no client does by habit counts as a flood.
struct APIChannel: HTTPChannelHandler {
  typealias Stream = HTTP1Channel.Value
  typealias Streams = NIOHTTP2Handler.AsyncStreamMultiplexer<Stream>

  struct Value: ServerChildChannelValue {
    let negotiated: EventLoopFuture<NIONegotiatedHTTPVersion<Stream, Streams>>
    let channel: any Channel
  }

  let responder: Responder
  private let http1: HTTP1Channel
  private let tls: NIOSSLContext

  init(tls: TLSConfiguration, responder: @escaping Responder) throws {
    var tls = tls
    tls.applicationProtocols = NIOHTTP2SupportedALPNProtocols
    self.tls = try NIOSSLContext(configuration: tls)
    self.responder = responder
    http1 = HTTP1Channel(responder: responder)
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    do {
      try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
    } catch {
      return channel.eventLoop.makeFailedFuture(error)
    }
    return channel.configureHTTP2AsyncSecureUpgrade { connection in
      http1.setup(channel: connection, logger: logger)
    } http2ConnectionInitializer: { connection in
      connection.eventLoop.makeCompletedFuture { try streams(of: connection, logger) }
    }.map { Value(negotiated: $0, channel: channel) }
  }

  private func streams(of connection: any Channel, _ logger: Logger) throws -> Streams {
    let drain = ConnectionDrain()
    let streams = try connection.pipeline.syncOperations.configureAsyncHTTP2Pipeline(
      mode: .server, streamDelegate: drain.streamDelegate(on: connection.eventLoop), configuration: Self.configuration
    ) { stream in
      stream.eventLoop.makeCompletedFuture {
        let pipeline = stream.pipeline.syncOperations
        try pipeline.addHandler(HTTP2FramePayloadToHTTPServerCodec())
        try pipeline.addHandler(HTTPConnectionStateHandler(logger: logger))
        return try Stream(wrappingChannelSynchronously: stream)
      }
    }
    try connection.pipeline.syncOperations.addHandler(drain)
    return streams
  }

  /// 5,000 resets a second: a hundred times what the busiest operator does, and still a bound.
  private static var configuration: NIOHTTP2Handler.Configuration {
    var configuration = NIOHTTP2Handler.Configuration()
    configuration.stream.streamResetFrameRateLimit.maximumCount = 5000
    configuration.stream.streamResetFrameRateLimit.windowLength = .seconds(1)
    return configuration
  }

  func handle(value: Value, logger: Logger) async {
    do {
      switch try await value.negotiated.get() {
      case .http1_1(let connection): await http1.handle(value: connection, logger: logger)
      case .http2(let streams):
        try await withThrowingDiscardingTaskGroup { group in
          for try await stream in streams.inbound {
            group.addTask { await http1.handle(value: stream, logger: logger) }
          }
        }
      }
    } catch {
      logger.debug("a connection ended early", metadata: ["error": "\(error)"])
    }
  }
}
