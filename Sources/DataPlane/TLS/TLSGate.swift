import Logging
import NIOCore
import NIOSSL
import NIOTLS
import Routing

/// A connection to a port of TLS until its handshake is done: chooses by the name that the client asks for, then makes way
/// for what was agreed on.
///
/// A client that cannot be served gets a TLS alert, so that it can tell a gateway that refuses it from a network that fails.
final class TLSGate: RemovableChannelHandler, BeginningHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let loop: LoopContext
  private var client: ClientInfo
  var context: ChannelHandlerContext?
  var hasBegun = false
  private let deadline: ConnectionDeadline<Void>
  private var isDone = false
  /// The name that the client asks for, where the bytes inside pass on.
  private var passing: String?

  private init(loop: LoopContext, client: ClientInfo) {
    self.loop = loop
    self.client = client
    deadline = ConnectionDeadline(on: loop.eventLoop)
    deadline.onPassed { [unowned self] in fail(.timeout, "it took too long") }
  }

  /// Sets up a connection whose first bytes are to come.
  static func configure(_ channel: any Channel, loop: LoopContext, client: ClientInfo) throws {
    let gate = TLSGate(loop: loop, client: client)
    let bound = NIOLoopBound(gate, eventLoop: channel.eventLoop)
    let names = ByteToMessageHandler(
      SNIHandler { result in
        bound.value.greet(result)
        return bound.value.loop.eventLoop.makeSucceededVoidFuture()
      })
    try channel.pipeline.syncOperations.addHandlers(names, gate)
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(.clientClosed, "the client closed the connection")
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(Self.isClosing(error) ? .clientClosed : .notAgreed, "\(error)")
  }

  private static func isClosing(_ error: any Error) -> Bool {
    if case .handshakeFailed(.sslError(let errors))? = error as? NIOSSLError { return errors == [.eofDuringHandshake] }
    return error is IOError
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted(let inside)? = event as? TLSUserEvent { return makeWay(for: inside, context) }
    context.fireUserInboundEventTriggered(event)
  }

  // MARK: What becomes of it

  func begin() {
    loop.add(self)
    if loop.isDraining { return closeNow() }
    deadline.set((), in: .seconds(loop.configuration.handshakeTimeoutSeconds))
  }

  /// The client has said which name it asks for.
  private func greet(_ result: SNIResult) {
    guard let context, !isDone else { return }
    let name: String? = if case .hostname(let name) = result { name } else { nil }
    guard let listener = loop.steps.listener(name, client) else {
      let detail = "no listener serves \(name ?? "clients that name no host")"
      // Where TLS may be that of others, nobody speaks for them.
      return loop.steps.passesBytes(client)
        ? fail(.unknownName, detail) : refuse(.unknownName, .unrecognizedName, detail)
    }
    if case .tls(.passthrough) = listener.serving {
      client.listener = listener.id
      return pass(TunnelHandler(loop: loop, client: client, name: name, isTLS: true), context)
    }
    if case .tls = listener.serving { passing = name ?? "" }
    guard let tls = loop.tls?.choice(for: listener.serving).context(for: name) else {
      return refuse(.noCertificate, .handshakeFailure, "listener \(listener.id) has no certificate to show")
    }
    client.listener = listener.id
    do {
      try context.pipeline.syncOperations.addHandler(tls.makeHandler(), position: .before(self))
    } catch {
      fail(.notAgreed, "\(error)")
    }
  }

  /// The handshake is done.
  private func makeWay(for inside: String?, _ context: ChannelHandlerContext) {
    guard !isDone else { return }
    if let passing { return pass(TunnelHandler(loop: loop, client: client, name: passing, isTLS: false), context) }
    end()
    do {
      try ProxyPipeline.configureSecureClient(context.channel, loop: loop, client: client, inside: inside)
      context.pipeline.syncOperations.removeHandler(self, promise: nil)
    } catch {
      context.close(promise: nil)
    }
  }

  /// The rest is not for us.
  private func pass(_ handler: TunnelHandler, _ context: ChannelHandlerContext) {
    do {
      try context.pipeline.syncOperations.addHandler(handler, position: .after(self))
      end()
      context.pipeline.syncOperations.removeHandler(self, promise: nil)
    } catch {
      context.close(promise: nil)
    }
  }

  private func refuse(_ reason: HandshakeFailure.Reason, _ alert: TLSAlert, _ detail: String) {
    context?.writeAndFlush(NIOAny(alert.record), promise: nil)
    fail(reason, detail)
  }

  private func fail(_ reason: HandshakeFailure.Reason, _ detail: String) {
    guard !isDone else { return }
    end()
    loop.observer.handshakeFailed(HandshakeFailure(reason, listenerPort: client.listenerPort))
    loop.logger.debug(
      "TLS handshake failed",
      metadata: ["reason": "\(reason.rawValue)", "port": "\(client.listenerPort)", "failure": "\(detail)"])
    context?.close(promise: nil)
  }

  private func end() {
    isDone = true
    deadline.cancel()
    loop.remove(self)
  }
}

extension TLSGate: ClientConnection {
  /// Nothing was asked yet, and nothing can be any more.
  func drain() { closeNow() }

  func closeNow() { context?.close(promise: nil) }
}

/// Why a handshake is refused, in the words of TLS. Source: RFC 8446, section 6.
enum TLSAlert: UInt8 {
  case handshakeFailure = 40
  case unrecognizedName = 112

  /// The alert, fatal, as a record that is sent before any key is agreed on.
  var record: ByteBuffer { ByteBuffer(bytes: [21, 3, 1, 0, 2, 2, rawValue]) }
}
