import NIOCore
import NIOPosix
import Routing

/// Which handlers stand in the channels of the proxy.
enum ProxyPipeline {
  /// Sets up a client's connection, before its first byte. Call on the channel's loop.
  static func configureClient(_ channel: any Channel, loop: LoopContext, client: ClientInfo) throws {
    guard loop.steps.expectsProxyHeader(client) else {
      return try configureKnownClient(channel, loop: loop, client: client)
    }
    try channel.pipeline.syncOperations.addHandler(ProxyHeaderGate(loop: loop, client: client))
  }

  /// Sets up a connection whose client is known.
  static func configureKnownClient(_ channel: any Channel, loop: LoopContext, client: ClientInfo) throws {
    if loop.steps.isSecure(client) { return try TLSGate.configure(channel, loop: loop, client: client) }
    try channel.pipeline.syncOperations.addHandler(ClientHandler(loop: loop, client: client))
  }

  /// Sets up what is spoken inside TLS, once the handshake is done.
  static func configureSecureClient(
    _ channel: any Channel, loop: LoopContext, client: ClientInfo, inside: String?
  ) throws {
    if inside == "h2" { return try configureHTTP2(channel, loop: loop, client: client) }
    try channel.pipeline.syncOperations.addHandler(ClientHandler(loop: loop, client: client))
  }

  /// Sets up HTTP/2, whose first bytes are to come.
  static func configureHTTP2(_ channel: any Channel, loop: LoopContext, client: ClientInfo) throws {
    let watch = HTTP2EndWatch()
    let codec = HTTP2Limits.handler(watch, maximumHeaderBytes: loop.configuration.maximumHeaderBytes)
    try channel.pipeline.syncOperations.addHandlers(
      codec, HTTP2ClientHandler(loop: loop, client: client, endWatch: watch))
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
    return { endpoint, _ in
      do {
        return bootstrap.connect(to: try SocketAddress(ipAddress: endpoint.address, port: endpoint.port))
      } catch {
        return eventLoop.makeFailedFuture(error)
      }
    }
  }
}
