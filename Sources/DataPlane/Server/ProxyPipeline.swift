import NIOCore
import NIOHTTP1
import NIOPosix
import Routing

/// Which handlers stand in the channels of the proxy.
enum ProxyPipeline {
  /// Sets up a client's connection. Call on the channel's loop.
  static func configureClient(_ channel: any Channel, loop: LoopContext, client: ClientInfo) throws {
    let handler = ClientHandler(loop: loop, client: client)
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderListSize = loop.configuration.maximumHeaderBytes
    limits.maxHeaderFieldSize = loop.configuration.maximumHeaderBytes
    limits.maxHeaderFieldCount = 256
    let decoder = HTTPRequestDecoder(limitConfiguration: limits)
    var encoding = HTTPResponseEncoder.Configuration()
    encoding.automaticallySetFramingHeaders = false
    try channel.pipeline.syncOperations.addHandlers([
      ArrivalHandler(client: handler), HTTPResponseEncoder(configuration: encoding), ByteToMessageHandler(decoder),
      handler,
    ])
  }

  /// Sets up a connection to an endpoint. Call on the channel's loop.
  static func configureUpstream(_ channel: any Channel) throws {
    var encoding = HTTPRequestEncoder.Configuration()
    encoding.automaticallySetFramingHeaders = false
    try channel.pipeline.syncOperations.addHandlers([
      HTTPRequestEncoder(configuration: encoding), ByteToMessageHandler(HTTPResponseDecoder()), UpstreamHandler(),
    ])
  }

  /// Connects to endpoints from this loop.
  static func connector(on eventLoop: any EventLoop, timeoutSeconds: Int64) -> UpstreamPool.Connect {
    let plain = ClientBootstrap(group: eventLoop)
      .connectTimeout(.seconds(timeoutSeconds))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try configureUpstream(channel) }
      }
    let bootstrap = DeadPeers.endpoint.options.reduce(plain) { $0.channelOption($1.option, value: $1.value) }
    return { endpoint in
      do {
        return bootstrap.connect(to: try SocketAddress(ipAddress: endpoint.address, port: endpoint.port))
      } catch {
        return eventLoop.makeFailedFuture(error)
      }
    }
  }
}
