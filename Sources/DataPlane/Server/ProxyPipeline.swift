import NIOCore
import NIOPosix
import Routing

/// Which handlers stand in the channels of the proxy.
enum ProxyPipeline {
  /// Sets up a client's connection. Call on the channel's loop.
  static func configureClient(_ channel: any Channel, loop: LoopContext, client: ClientInfo) throws {
    try channel.pipeline.syncOperations.addHandler(ClientHandler(loop: loop, client: client))
  }

  /// Sets up a connection to an endpoint. Call on the channel's loop.
  static func configureUpstream(_ channel: any Channel, scratch: ScratchBuffers, limits: HTTP1Limits) throws {
    try channel.pipeline.syncOperations.addHandler(UpstreamHandler(scratch: scratch, limits: limits))
  }

  /// Bytes of a response that the system keeps for us (Linux keeps twice as many). When an endpoint closes, NIO reads all of them
  /// whether the client takes them or not, and they wait in our memory; left alone, Linux lets them grow to 6 MB. On the network
  /// of a cluster, where an answer takes a millisecond, this lets 100 MB/s through one connection.
  private static let maximumUnreadBytes: SocketOptionValue = 128 << 10

  /// Connects to endpoints from this loop.
  static func connector(
    on eventLoop: any EventLoop, configuration: ProxyConfiguration, scratch: ScratchBuffers
  ) -> UpstreamPool.Connect {
    let limits = HTTP1Limits(headBytes: configuration.maximumHeaderBytes)
    let scratch = NIOLoopBound(scratch, eventLoop: eventLoop)
    let plain = ClientBootstrap(group: eventLoop)
      .connectTimeout(.seconds(configuration.connectTimeoutSeconds))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.socketOption(.so_rcvbuf), value: maximumUnreadBytes)
      .channelOption(.recvAllocator, value: ReceiveSizes())
      .channelOption(.maxMessagesPerRead, value: ReceiveSizes.readsInARow)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try configureUpstream(channel, scratch: scratch.value, limits: limits)
        }
      }
    let peers = DeadPeers.endpoint(uploadTimeoutSeconds: configuration.bodyIdleTimeoutSeconds)
    let bootstrap = peers.options.reduce(plain) { $0.channelOption($1.option, value: $1.value) }
    return { endpoint in
      do {
        return bootstrap.connect(to: try SocketAddress(ipAddress: endpoint.address, port: endpoint.port))
      } catch {
        return eventLoop.makeFailedFuture(error)
      }
    }
  }
}
