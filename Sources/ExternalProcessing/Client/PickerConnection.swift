import NIOCore
import NIOHTTP2
import NIOSSL
import NIOTLS
import Routing

/// A connection to an endpoint of a picker; each request is a stream on it.
final class PickerConnection {
  /// What a connection is made of.
  struct Parts: Sendable {
    var channel: any Channel
    var multiplexer: NIOHTTP2Handler.StreamMultiplexer
  }

  let server: PickerServer
  /// Requests that are on it.
  private(set) var streams = 0
  private let parts: Parts
  private let clients: PickerClients
  private var isRetired = false
  private var idle: Scheduled<Void>?

  init(_ parts: Parts, server: PickerServer, clients: PickerClients) {
    self.parts = parts
    self.server = server
    self.clients = clients
    parts.channel.closeFuture.assumeIsolated().whenComplete { [self] _ in retire() }
    do {
      let watch = try parts.channel.pipeline.syncOperations.handler(type: PickerConnectionWatch.self)
      watch.onLeaving = { [weak self] in self?.retire() }
    } catch {
      retire()
    }
    rest()
  }

  /// Whether it stands: its streams learn before it does that it was lost.
  var isActive: Bool { parts.channel.isActive }

  /// Opens a stream with this handler.
  func open(_ handler: PickerStreamHandler) {
    streams += 1
    idle?.cancel()
    let bound = NIOLoopBound(handler, eventLoop: clients.loop)
    let opened = clients.loop.makePromise(of: (any Channel).self)
    opened.futureResult.assumeIsolated().whenComplete { result in
      switch result {
      case .success(let channel):
        channel.closeFuture.assumeIsolated().whenComplete { [self] _ in ended() }
      case .failure(let error):
        handler.lost("\(error)")
        self.ended()
      }
    }
    parts.multiplexer.createStreamChannel(promise: opened) { channel in
      channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(bound.value) }
    }
  }

  /// Takes no further stream, and ends with the last one.
  func retire() {
    guard !isRetired else { return }
    isRetired = true
    idle?.cancel()
    server.lost(self)
    if streams == 0 { parts.channel.close(promise: nil) }
  }

  private func ended() {
    streams -= 1
    guard streams == 0 else { return }
    if isRetired { parts.channel.close(promise: nil) } else { rest() }
  }

  /// What nobody uses is closed after a while.
  private func rest() {
    let pause = TimeAmount.seconds(clients.configuration.idleTimeoutSeconds)
    idle = clients.loop.assumeIsolated().scheduleTask(in: pause) { [weak self] in self?.retire() }
  }
}

extension PickerConnection {
  /// What sets a new channel up.
  struct SetUp: Sendable {
    /// The context of TLS, and what is asked of the picker's certificate; `nil` in clear.
    var tls: (context: NIOSSLContext, security: UpstreamTLS?)?
    /// Compares names.
    var names: (any PickerTLS)?
    /// Told when streams can be opened, or why not.
    var connected: EventLoopPromise<Parts>
    /// For the handshake.
    var timeout: TimeAmount

    func configure(_ channel: any Channel) throws {
      let handler = Self.handler(channel.eventLoop)
      let watch = PickerConnectionWatch(connected, waitsForHandshake: tls != nil, timeout: timeout) {
        Parts(channel: channel, multiplexer: try handler.syncMultiplexer())
      }
      if let tls {
        // Where nobody is asked who they are no name is, either: endpoints are addresses.
        let handler = try NIOSSLClientHandler(context: tls.context, serverHostname: tls.security?.serverName)
        try channel.pipeline.syncOperations.addHandler(handler)
        watch.checkTrust = { try accepts(handler) }
      }
      try channel.pipeline.syncOperations.addHandlers(handler, watch)
    }

    private func accepts(_ handler: NIOSSLClientHandler) throws {
      guard let security = tls?.security else { return }
      let shown = try handler.peerCertificate?.toDERBytes()
      guard let shown, try names?.accepts(shown, for: security) == true else {
        throw PickerTLSFailure.otherName(security)
      }
    }

    private static func handler(_ loop: any EventLoop) -> NIOHTTP2Handler {
      var connection = NIOHTTP2Handler.ConnectionConfiguration()
      connection.initialSettings = [
        HTTP2Setting(parameter: .enablePush, value: 0),
        HTTP2Setting(parameter: .initialWindowSize, value: 1 << 20),
        HTTP2Setting(parameter: .maxHeaderListSize, value: 64 << 10),
      ]
      // Servers of Go measure the way with a PING whenever bytes come.
      connection.controlFrameRateLimit.maximumCount = 10_000
      var stream = NIOHTTP2Handler.StreamConfiguration()
      stream.targetWindowSize = 1 << 20
      stream.outboundBufferSizeHighWatermark = 64 << 10
      stream.outboundBufferSizeLowWatermark = 32 << 10
      // Servers of Go reset each stream that they end before we do.
      stream.streamResetFrameRateLimit.maximumCount = 1 << 20
      return NIOHTTP2Handler(
        mode: .client, eventLoop: loop, connectionConfiguration: connection, streamConfiguration: stream
      ) { $0.close() }
    }
  }
}

/// Sees when a connection stands, and when its server wants to be left.
final class PickerConnectionWatch: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame
  typealias InboundOut = HTTP2Frame

  /// Told when the connection takes no further stream.
  var onLeaving: (() -> Void)?
  /// Throws where the picker, its handshake done, is not the one that is asked for.
  var checkTrust: (() throws -> Void)?
  private var connected: EventLoopPromise<PickerConnection.Parts>?
  private let waitsForHandshake: Bool
  private let timeout: TimeAmount
  private let parts: () throws -> PickerConnection.Parts

  init(
    _ connected: EventLoopPromise<PickerConnection.Parts>, waitsForHandshake: Bool, timeout: TimeAmount,
    parts: @escaping () throws -> PickerConnection.Parts
  ) {
    self.connected = connected
    self.waitsForHandshake = waitsForHandshake
    self.timeout = timeout
    self.parts = parts
  }

  private struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  func channelActive(context: ChannelHandlerContext) {
    if !waitsForHandshake { stands() } else { limitHandshake(context) }
    context.fireChannelActive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted(let spoken) = event as? TLSUserEvent {
      handshaken(spoken, context)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .goAway = unwrapInboundIn(data).payload { onLeaving?() }
    context.fireChannelRead(data)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // What ends one stream is that stream's to deal with.
    if error is NIOHTTP2Errors.StreamError || error is NIOHTTP2Errors.NoSuchStream { return }
    fail(error, context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(Failure(description: "it closed the connection"), context)
    context.fireChannelInactive()
  }

  private func handshaken(_ spoken: String?, _ context: ChannelHandlerContext) {
    guard spoken == "h2" else { return fail(Failure(description: "it does not offer HTTP/2"), context) }
    do {
      try checkTrust?()
      stands()
    } catch {
      fail(error, context)
    }
  }

  private func stands() {
    guard let connected else { return }
    self.connected = nil
    do { connected.succeed(try parts()) } catch { connected.fail(error) }
  }

  private func limitHandshake(_ context: ChannelHandlerContext) {
    let channel = context.channel
    context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { [weak self] in
      guard let self, let connected else { return }
      self.connected = nil
      connected.fail(Failure(description: "no handshake of TLS in time"))
      channel.close(promise: nil)
    }
  }

  private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
    connected?.fail(error)
    connected = nil
    onLeaving?()
    context.close(promise: nil)
  }
}
