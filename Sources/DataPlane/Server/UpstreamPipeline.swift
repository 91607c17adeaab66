import NIOCore
import NIOPosix
import NIOSSL
import Routing

/// Makes connections to endpoints from one event loop, and sets up what is spoken over them.
struct UpstreamPipeline {
  let eventLoop: any EventLoop
  let configuration: ProxyConfiguration
  let scratch: ScratchBuffers
  let tls: UpstreamTLSContexts?

  private var limits: HTTP1Limits { HTTP1Limits(headBytes: configuration.maximumHeaderBytes) }

  /// A connection that can carry requests: its handshakes are done.
  func connect(to address: SocketAddress, over transport: UpstreamTransport) throws -> EventLoopFuture<any Channel> {
    let context = try tls?.context(for: transport, if: transport.security != nil)
    let readiness = UpstreamReadiness(on: eventLoop, limit: .seconds(configuration.connectTimeoutSeconds))
    let parts = NIOLoopBound((pipeline: self, readiness: readiness), eventLoop: eventLoop)
    let connecting = Self.bootstrap(on: eventLoop, configuration) { channel in
      channel.eventLoop.makeCompletedFuture {
        try parts.value.pipeline.configure(channel, transport, context, parts.value.readiness)
      }
    }.connect(to: address)
    connecting.assumeIsolated().whenComplete { result in
      switch result {
      case .success(let channel): readiness.future.whenFailure { _ in channel.close(promise: nil) }
      case .failure(let error): readiness.fail(error)
      }
    }
    let ready = readiness.future
    return connecting.flatMap { channel in ready.map { channel } }
  }

  private func configure(
    _ channel: any Channel, _ transport: UpstreamTransport, _ context: NIOSSLContext?, _ readiness: UpstreamReadiness
  ) throws {
    guard let security = transport.security else { return try speak(transport, channel, readiness) }
    guard let context else { throw GatewayError(.tlsFailed, "this gateway was started without TLS towards endpoints") }
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: security.serverName))
    try pipeline.addHandler(
      UpstreamHandshake(transport, security, readiness: readiness) { try speak(transport, $0, readiness) })
  }

  /// Sets up what is spoken, inside TLS or in clear.
  private func speak(
    _ transport: UpstreamTransport, _ channel: any Channel, _ readiness: UpstreamReadiness
  ) throws {
    switch transport.application {
    case .http1:
      try ProxyPipeline.configureUpstream(channel, scratch: scratch, limits: limits)
      readiness.succeed()
    case .http2:
      try Self.configureHTTP2(channel, limits: limits, isSecure: transport.security != nil, readiness: readiness)
    }
  }

  /// Sets up HTTP/2; the readiness is told when the endpoint speaks it, too.
  static func configureHTTP2(
    _ channel: any Channel, limits: HTTP1Limits, isSecure: Bool, readiness: UpstreamReadiness
  ) throws {
    let watch = HTTP2EndWatch()
    try channel.pipeline.syncOperations.addHandlers(
      HTTP2Limits.handler(watch, maximumHeaderBytes: limits.headBytes, isClient: true),
      HTTP2UpstreamHandler(limits: limits, isSecure: isSecure, endWatch: watch, readiness: readiness))
  }

  /// Bytes of a response that the system keeps for us (Linux keeps twice as many). When an endpoint closes, NIO reads all of them
  /// whether the client takes them or not, and they wait in our memory; left alone, Linux lets them grow to 6 MB. On the network
  /// of a cluster, where an answer takes a millisecond, this lets 100 MB/s through one connection.
  private static let maximumUnreadBytes: SocketOptionValue = 128 << 10

  fileprivate static func bootstrap(
    on eventLoop: any EventLoop, _ configuration: ProxyConfiguration,
    _ initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
  ) -> ClientBootstrap {
    let plain = ClientBootstrap(group: eventLoop)
      .connectTimeout(.seconds(configuration.connectTimeoutSeconds))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.socketOption(.so_rcvbuf), value: maximumUnreadBytes)
      .channelOption(.recvAllocator, value: ReceiveSizes())
      .channelOption(.maxMessagesPerRead, value: ReceiveSizes.readsInARow)
      .channelInitializer(initializer)
    let peers = DeadPeers.endpoint(uploadTimeoutSeconds: configuration.bodyIdleTimeoutSeconds)
    return peers.options.reduce(plain) { $0.channelOption($1.option, value: $1.value) }
  }
}

extension ProxyPipeline {
  /// Connects to endpoints from this loop.
  static func connector(
    on eventLoop: any EventLoop, configuration: ProxyConfiguration, scratch: ScratchBuffers,
    tls: UpstreamTLSContexts? = nil
  ) -> UpstreamPool.Connect {
    let pipeline = UpstreamPipeline(eventLoop: eventLoop, configuration: configuration, scratch: scratch, tls: tls)
    let limits = HTTP1Limits(headBytes: configuration.maximumHeaderBytes)
    let bound = NIOLoopBound(scratch, eventLoop: eventLoop)
    let plain = UpstreamPipeline.bootstrap(on: eventLoop, configuration) { channel in
      channel.eventLoop.makeCompletedFuture {
        try configureUpstream(channel, scratch: bound.value, limits: limits)
      }
    }
    return { endpoint, transport in
      do {
        let address = try SocketAddress(ipAddress: endpoint.address, port: endpoint.port)
        if transport === CompiledTransport.plain { return plain.connect(to: address) }
        return try pipeline.connect(to: address, over: transport.transport)
      } catch {
        return eventLoop.makeFailedFuture(error)
      }
    }
  }
}

extension UpstreamTLSContexts {
  fileprivate func context(for transport: UpstreamTransport, if isSecure: Bool) throws -> NIOSSLContext? {
    isSecure ? try context(for: transport) : nil
  }
}
