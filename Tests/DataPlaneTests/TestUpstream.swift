import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
import Routing
import Synchronization
import TestSupport

@testable import DataPlane

/// A small model server on loopback; each test says what it answers.
final class TestUpstream: Sendable {
  struct Seen: Sendable {
    var head: HTTPRequestHead
    var body: String
    var trailer: HTTPHeaders?
  }

  /// One request, and the means to answer it from any thread.
  struct Call: Sendable {
    let head: HTTPRequestHead
    let body: ByteBuffer
    fileprivate let channel: any Channel

    func begin(_ headers: HTTPHeaders) {
      part(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
    }

    func write(_ text: String) { part(.body(.byteBuffer(ByteBuffer(string: text)))) }

    func end(_ trailer: HTTPHeaders? = nil) { part(.end(trailer)) }

    var closed: EventLoopFuture<Void> { channel.closeFuture }

    func die() { channel.close(promise: nil) }

    func json(_ text: String) {
      begin(["content-type": "application/json", "content-length": String(text.utf8.count)])
      write(text)
      end()
    }

    private func part(_ part: HTTPServerResponsePart) { channel.writeAndFlush(part, promise: nil) }
  }

  private struct State {
    var seen: [Seen] = []
    var connections = 0
  }

  private let state = Mutex(State())
  private let address: String
  private let answer: @Sendable (Call) -> Void
  private let listening = Mutex<(any Channel)?>(nil)

  var requests: [Seen] { state.withLock { $0.seen } }
  var connections: Int { state.withLock { $0.connections } }
  var endpoint: EndpointID {
    EndpointID(address: address, port: listening.withLock { $0?.localAddress?.port } ?? 0)
  }

  private init(at address: String, answer: @escaping @Sendable (Call) -> Void) {
    (self.address, self.answer) = (address, answer)
  }

  /// Starts a server of HTTP/1.1 or HTTP/2, in clear or with TLS as `tls` says.
  static func start(
    _ application: UpstreamTransport.Application = .http1, at address: String = "127.0.0.1",
    tls: TLSConfiguration? = nil,
    answer: @escaping @Sendable (Call) -> Void
  ) async throws -> TestUpstream {
    let upstream = TestUpstream(at: address, answer: answer)
    let context = try tls.map { try NIOSSLContext(configuration: $0) }
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          upstream.state.withLock { $0.connections += 1 }
          let pipeline = channel.pipeline.syncOperations
          if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
          if application == .http2 { return try upstream.speakHTTP2(pipeline) }
          try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
          try pipeline.addHandler(Handler(upstream: upstream))
        }
      }
      .bind(host: address, port: 0).get()
    upstream.listening.withLock { $0 = channel }
    return upstream
  }

  private func speakHTTP2(_ pipeline: ChannelPipeline.SynchronousOperations) throws {
    _ = try pipeline.configureHTTP2Pipeline(
      mode: .server, connectionConfiguration: .init(), streamConfiguration: .init()
    ) { stream in
      stream.eventLoop.makeCompletedFuture {
        try stream.pipeline.syncOperations.addHandlers(HTTP2FramePayloadToHTTP1ServerCodec(), Handler(upstream: self))
      }
    }
  }

  func stop() async throws {
    try await listening.withLock { $0 }?.close()
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private let upstream: TestUpstream
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()

    init(upstream: TestUpstream) { self.upstream = upstream }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head):
        self.head = head
        body = ByteBuffer()
      case .body(var piece): body.writeBuffer(&piece)
      case .end(let trailer):
        guard let head else { return }
        upstream.state.withLock { [body] in
          $0.seen.append(Seen(head: head, body: String(buffer: body), trailer: trailer))
        }
        upstream.answer(Call(head: head, body: body, channel: context.channel))
      }
    }
  }
}
