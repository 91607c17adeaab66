import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
import Routing
import Synchronization
import TestSupport

@testable import DataPlane

/// A client that speaks bytes.
final class TestClient: Sendable {
  private struct Waiter {
    var isEnough: @Sendable (String) -> Bool
    var untilEnd = false
    var promise: EventLoopPromise<String>
  }

  private struct State {
    var text = ""
    var isClosed = false
    var hasEnded = false
    var wasReset = false
    var failure: String?
    var waiter: Waiter?
  }

  private let channel: any Channel
  private let state: Box

  private final class Box: Sendable {
    let state = Mutex(State())

    /// Changes the state, then answers the waiter if it has what it waits for, or never will.
    func update(_ change: (inout State) -> Void) {
      let ready = state.withLock { state -> (Waiter, String)? in
        change(&state)
        guard let waiter = state.waiter else { return nil }
        guard state.isClosed || waiter.untilEnd && state.hasEnded || waiter.isEnough(state.text) else { return nil }
        defer {
          state.waiter = nil
          state.text = ""
        }
        return (waiter, state.text)
      }
      ready?.0.promise.succeed(ready?.1 ?? "")
    }
  }

  private init(channel: any Channel, state: Box) {
    self.channel = channel
    self.state = state
  }

  /// Connects; with TLS where `tls` says how, asking for the host `name`. A handshake that fails shows as a connection that is
  /// closed: ``failure`` says why. `preface` goes before everything else.
  static func connect(
    _ address: String, tls: TLSConfiguration? = nil, name: String? = nil, preface: [UInt8] = [],
    halfCloses: Bool = false
  ) async throws -> TestClient {
    let state = Box()
    let context = try tls.map { try NIOSSLContext(configuration: $0) }
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: halfCloses)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if !preface.isEmpty { try channel.pipeline.syncOperations.addHandler(Preface(bytes: preface)) }
          if let context {
            try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
          }
          try channel.pipeline.syncOperations.addHandler(Handler(state: state))
        }
      }
      .connect(host: address, port: TestGateway.port).get()
    return TestClient(channel: channel, state: state)
  }

  func send(_ text: String) async throws {
    try await channel.writeAndFlush(ByteBuffer(string: text))
  }

  /// Bytes that the system has not taken.
  var unsent: Int { get async throws { try await channel.getOption(.bufferedWritableBytes).get() } }

  /// All that came since the last call, once it is enough or the connection is closed.
  func receive(_ isEnough: @escaping @Sendable (String) -> Bool) async throws -> String {
    let promise = channel.eventLoop.makePromise(of: String.self)
    state.update { $0.waiter = Waiter(isEnough: isEnough, promise: promise) }
    return try await promise.futureResult.get()
  }

  func close(_ mode: CloseMode = .all) async throws { try await channel.close(mode: mode) }

  /// The common name of the certificate that the server has shown.
  func peerName() async throws -> String? {
    let certificate = try await channel.eventLoop.submit { [channel] in
      try channel.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self).peerCertificate
    }.get()
    return certificate?.description.split(separator: "common_name=").last?.split(separator: ";").first.map(String.init)
  }

  /// The error with which the connection ended, as text.
  var failure: String? { state.state.withLock { $0.failure } }

  /// Whether the connection ended with an error, not in order.
  var wasReset: Bool { state.state.withLock { $0.wasReset } }

  /// All that came since the last call, once the server sends nothing more; of a client that half-closes.
  func receiveUntilEnd() async throws -> String {
    let promise = channel.eventLoop.makePromise(of: String.self)
    state.update { $0.waiter = Waiter(isEnough: { _ in false }, untilEnd: true, promise: promise) }
    return try await promise.futureResult.get()
  }

  func receiveUntilClosed() async throws -> String { try await receive { _ in false } }

  /// Sends bytes before what stands behind it in the channel begins.
  private final class Preface: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    func channelActive(context: ChannelHandlerContext) {
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
      context.fireChannelActive()
    }
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let state: Box

    init(state: Box) { self.state = state }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let text = String(buffer: unwrapInboundIn(data))
      state.update { $0.text += text }
    }

    func channelInactive(context: ChannelHandlerContext) { state.update { $0.isClosed = true } }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case .inputClosed? = event as? ChannelEvent { state.update { $0.hasEnded = true } }
      context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      state.update {
        $0.wasReset = true
        $0.failure = $0.failure ?? "\(error)"
      }
      context.close(promise: nil)
    }
  }
}
