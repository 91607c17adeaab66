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

/// A running gateway with one listener that sends everything below `/v1` to one pool.
struct TestGateway: Sendable {
  static let port = 18080

  let address: String
  let states: EndpointStates
  let table: Published<RoutingTable>
  let certificates: Published<CertificateStore>
  let server: GatewayServer
  let records: Reports<ProxyRecord>
  /// Rings after each change of the bound sockets that follows the first.
  let bindings: Reports<BindingsReport>
  let handshakes: Reports<HandshakeFailure>
  let proxyHeaders: Reports<ProxyHeaderFailure>

  /// What the gateway reported.
  struct Reports<Report: Sendable>: Sendable {
    let stream: AsyncStream<Report>

    func next() async -> Report? {
      var iterator = stream.makeAsyncIterator()
      return await iterator.next()
    }
  }

  /// Runs a gateway on an address of its own while `body` runs.
  static func run(
    endpoints: [EndpointID], models: [String: Model] = [:], over transport: UpstreamTransport = UpstreamTransport(),
    certificates: CertificateStore = CertificateStore(), configuration: ProxyConfiguration = ProxyConfiguration(),
    body: (TestGateway) async throws -> Void
  ) async throws {
    try await run(certificates: certificates, configuration: configuration, body: body) { address in
      var table = makeTable(address: address, endpoints: endpoints, models: models)
      for id in table.pools.keys { table.pools[id]?.transport = transport }
      return table
    }
  }

  /// Runs a gateway by the table that `makeTable` makes for its address.
  static func run(
    at address: String? = nil, certificates: CertificateStore = CertificateStore(),
    configuration: ProxyConfiguration = ProxyConfiguration(), body: (TestGateway) async throws -> Void,
    makeTable: (String) -> RoutingTable
  ) async throws {
    let address = address ?? "127.\(Int.random(in: 1...250)).\(Int.random(in: 1...250)).\(Int.random(in: 1...250))"
    let table = Published(makeTable(address))
    let certificates = Published(certificates)
    let states = EndpointStates()
    let bindings = AsyncStream.makeStream(of: BindingsReport.self, bufferingPolicy: .bufferingNewest(8))
    let handshakes = AsyncStream.makeStream(of: HandshakeFailure.self, bufferingPolicy: .bufferingNewest(64))
    let proxyHeaders = AsyncStream.makeStream(of: ProxyHeaderFailure.self, bufferingPolicy: .bufferingNewest(64))
    let reports = AsyncStream.makeStream(of: ProxyRecord.self, bufferingPolicy: .bufferingNewest(64))
    var configuration = configuration
    // Nothing here may end because it was waited for long enough.
    configuration.drainTimeoutSeconds = 3600
    let server = GatewayServer(
      configuration: configuration, table: table, certificates: certificates,
      router: RequestRouter(CompiledTables(table, states: states)),
      logger: quietLogger,
      observer: ProxyObserver(
        wantsTexts: true, requestFinished: { reports.continuation.yield($0) },
        handshakeFailed: { handshakes.continuation.yield($0) },
        proxyHeaderFailed: { proxyHeaders.continuation.yield($0) }),
      onBindingsChanged: { bindings.continuation.yield($0) })
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await server.run() }
      _ = await Reports(stream: bindings.stream).next()
      defer { server.shutdownGracefully() }
      try await body(
        TestGateway(
          address: address, states: states, table: table, certificates: certificates, server: server,
          records: Reports(stream: reports.stream), bindings: Reports(stream: bindings.stream),
          handshakes: Reports(stream: handshakes.stream), proxyHeaders: Reports(stream: proxyHeaders.stream)))
    }
  }

  static func makeTable(address: String, endpoints: [EndpointID], models: [String: Model]) -> RoutingTable {
    let pod = ObjectName(namespace: "default", name: "pod")
    let pool = Pool(id: LiveTests.pool, endpoints: endpoints.map { Endpoint(id: $0, pod: pod) }, models: models)
    let rule = RouteRule(
      route: ObjectName(namespace: "default", name: "route"), index: 0, match: RequestMatch(path: .prefix("/v1")),
      backends: [WeightedBackend(target: .pool(pool.id))])
    let listener = Listener(
      gateway: ObjectName(namespace: "default", name: "gateway"), name: "http", addresses: [address], port: port,
      rules: [rule])
    return RoutingTable(listeners: [listener], pools: [pool.id: pool])
  }
}
