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
}
