import NIOCore
import NIOPosix
import NIOSSL
import Routing
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A server on loopback that speaks bytes, and whose connections may end one side before the other.
final class RawServer: Sendable {
  enum Event: Sendable {
    case bytes(String)
    /// The peer sends nothing more.
    case ended
    /// The connection is gone, in order or not.
    case closed(wasReset: Bool)
  }

  /// One connection; all it was sent stands in `text`.
  final class Peer: Sendable {
    fileprivate let channel: any Channel
    private let all = Mutex("")

    fileprivate init(_ channel: any Channel) { self.channel = channel }

    var text: String { all.withLock { $0 } }

    fileprivate func take(_ text: String) { all.withLock { $0 += text } }

    func send(_ text: String) { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }
    func endOutput() {
      channel.writeAndFlush(ByteBuffer()).whenComplete { [channel] _ in channel.close(mode: .output, promise: nil) }
    }
    func read(_ reads: Bool) { channel.setOption(.autoRead, value: reads).whenComplete { _ in } }
    func close() { channel.close(promise: nil) }

    /// Ends with a reset, and without the goodbye of TLS.
    func reset() {
      guard let socket = channel as? any SocketOptionProvider else { return close() }
      socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { [channel] _ in
        do {
          try channel.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self).close(promise: nil)
        } catch {
          channel.close(promise: nil)  // It is not inside TLS.
        }
      }
    }
  }

  private let listening: any Channel
  private let state: Box

  private final class Box: Sendable {
    let peers = Mutex<[Peer]>([])
  }

  var endpoint: EndpointID { EndpointID(address: "127.0.0.1", port: listening.localAddress?.port ?? 0) }
  var peers: [Peer] { state.peers.withLock { $0 } }

  private init(_ listening: any Channel, _ state: Box) {
    self.listening = listening
    self.state = state
  }

  /// Starts; with TLS where `tls` says how.
  static func start(
    tls: TLSConfiguration? = nil, _ react: @escaping @Sendable (Peer, Event) -> Void
  ) async throws -> RawServer {
    let state = Box()
    let context = try tls.map { try NIOSSLContext(configuration: $0) }
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let peer = Peer(channel)
          state.peers.withLock { $0.append(peer) }
          if let context { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
          try channel.pipeline.syncOperations.addHandler(Handler(peer, react))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return RawServer(channel, state)
  }

  /// A server of WebSocket, as far as a gateway sees one: takes up the offer, then sends back whatever comes; when that ends, it says
  /// so and ends too.
  static func echoing(behind head: String = "") async throws -> RawServer {
    try await start { peer, event in
      switch event {
      case .bytes(let bytes):
        guard let end = peer.text.firstRange(of: "\r\n\r\n") else { return }
        let isHead = peer.text.utf8.count - bytes.utf8.count < peer.text[..<end.upperBound].utf8.count
        if !isHead { return peer.send(bytes) }
        peer.send(WebSocketExamples.taken + head + peer.text[end.upperBound...])
      case .ended:
        peer.send("bye")
        peer.endOutput()
      case .closed: break
      }
    }
  }

  func stop() async throws { try await listening.close() }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let peer: Peer
    private let react: @Sendable (Peer, Event) -> Void
    private var wasReset = false

    init(_ peer: Peer, _ react: @escaping @Sendable (Peer, Event) -> Void) { (self.peer, self.react) = (peer, react) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let text = String(buffer: unwrapInboundIn(data))
      peer.take(text)
      react(peer, .bytes(text))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case .inputClosed? = event as? ChannelEvent { react(peer, .ended) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      wasReset = true
      context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { react(peer, .closed(wasReset: wasReset)) }
  }
}

/// Heads of WebSocket, with the key and the answer of RFC 6455, section 1.3.
enum WebSocketExamples {
  static let offer = offer()

  static func offer(_ target: String = "/v1/realtime", host: String = "x", extra: String = "") -> String {
    "GET \(target) HTTP/1.1\r\nHost: \(host)\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\(extra)"
      + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
  }

  static let taken =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"

  /// What the client is told, without date and identifier.
  static let passedOn =
    "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    + "connection: upgrade\r\nupgrade: websocket\r\n\r\n"
}
