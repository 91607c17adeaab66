import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL
import Synchronization
import TestSupport

/// A client of HTTP/2 that speaks frames.
final class HTTP2TestClient: Sendable {
  /// What the server sent for one request.
  struct Answer: Sendable, Equatable {
    var heads: [[String]] = []
    var body = ""
    var hasEnded = false
    var reset: HTTP2ErrorCode?

    /// The status of the last head.
    var status: String? { heads.last { $0.contains { $0.hasPrefix(":status") } }.flatMap { Self.value(":status", $0) } }
    /// A field of any head or trailer.
    func field(_ name: String) -> String? { heads.compactMap { Self.value(name, $0) }.first }

    private static func value(_ name: String, _ list: [String]) -> String? {
      list.first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
    }
  }

  struct Seen: Sendable {
    var answers: [HTTP2StreamID: Answer] = [:]
    /// The last stream and the reason of each GOAWAY.
    var goAways: [(last: HTTP2StreamID, code: HTTP2ErrorCode, text: String)] = []
    var isClosed = false
    var failure: String?

    subscript(_ id: HTTP2StreamID) -> Answer { answers[id] ?? Answer() }
  }

  private struct State {
    var seen = Seen()
    var nextID = 1
    var waiters: [(isEnough: @Sendable (Seen) -> Bool, promise: EventLoopPromise<Seen>)] = []
  }

  private final class Box: Sendable {
    let state = Mutex(State())

    func update(_ change: (inout Seen) -> Void) {
      let (ready, seen) = state.withLock { state in
        change(&state.seen)
        let seen = state.seen
        let ready = state.waiters.filter { seen.isClosed || $0.isEnough(seen) }
        state.waiters.removeAll { seen.isClosed || $0.isEnough(seen) }
        return (ready, seen)
      }
      for waiter in ready { waiter.promise.succeed(seen) }
    }
  }

  let channel: any Channel
  private let box: Box

  private init(channel: any Channel, box: Box) {
    self.channel = channel
    self.box = box
  }

  /// Connects, in clear or inside TLS. `window` is what the server may send ahead on each stream.
  static func connect(
    _ address: String, tls: TLSConfiguration? = nil, name: String? = nil, window: Int = 65_535
  ) async throws -> HTTP2TestClient {
    let box = Box()
    let context = try tls.map { try NIOSSLContext(configuration: $0) }
    let settings = [
      HTTP2Setting(parameter: .enablePush, value: 0), HTTP2Setting(parameter: .initialWindowSize, value: window),
    ]
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let context { try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: name)) }
          try pipeline.addHandler(
            NIOHTTP2Handler(
              mode: .client, initialSettings: settings, headerBlockValidation: .disabled,
              contentLengthValidation: .disabled))
          try pipeline.addHandler(Handler(box: box))
        }
      }
      .connect(host: address, port: TestGateway.port).get()
    return HTTP2TestClient(channel: channel, box: box)
  }

  /// Sends the head of a request, and its body if there is one.
  @discardableResult
  func begin(
    _ path: String = "/v1/files", method: String = "GET", host: String = "x", fields: [(String, String)] = [],
    body: String? = nil, ends: Bool = true
  ) async throws -> HTTP2StreamID {
    let list = [(":method", method), (":scheme", "http"), (":path", path), (":authority", host)] + fields
    return try await begin(list, body: body, ends: ends)
  }

  /// The same for any header list.
  func begin(_ list: [(String, String)], body: String? = nil, ends: Bool = true) async throws -> HTTP2StreamID {
    let id = box.state.withLock { state in
      defer { state.nextID += 2 }
      return HTTP2StreamID(state.nextID)
    }
    let head = HTTP2Frame.FramePayload.Headers(headers: HPACKHeaders(list), endStream: body == nil && ends)
    if let body {
      channel.write(HTTP2Frame(streamID: id, payload: .headers(head)), promise: nil)
      try await data(body, on: id, ends: ends)
    } else {
      try await send(id, .headers(head))
    }
    return id
  }

  func data(_ text: String, on id: HTTP2StreamID, ends: Bool = false) async throws {
    try await send(id, .data(.init(data: .byteBuffer(ByteBuffer(string: text)), endStream: ends)))
  }

  func send(_ id: HTTP2StreamID, _ payload: HTTP2Frame.FramePayload) async throws {
    try await channel.writeAndFlush(HTTP2Frame(streamID: id, payload: payload))
  }

  /// All that came, once it is enough or the connection is closed.
  func wait(_ isEnough: @escaping @Sendable (Seen) -> Bool) async throws -> Seen {
    let promise = channel.eventLoop.makePromise(of: Seen.self)
    box.state.withLock { $0.waiters.append((isEnough, promise)) }
    box.update { _ in }
    return try await promise.futureResult.get()
  }

  /// The whole answer to a request.
  func answer(_ id: HTTP2StreamID) async throws -> Answer {
    try await wait { $0[id].hasEnded || $0[id].reset != nil }[id]
  }

  func close() async throws { try await channel.close() }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private let box: Box

    init(box: Box) { self.box = box }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let frame = unwrapInboundIn(data)
      let id = frame.streamID
      switch frame.payload {
      case .headers(let payload):
        let list = payload.headers.map { "\($0.name): \($0.value)" }
        box.update { seen in
          seen.answers[id, default: Answer()].heads.append(list)
          seen.answers[id]?.hasEnded = payload.endStream
        }
      case .data(let payload):
        guard case .byteBuffer(let piece) = payload.data else { return }
        box.update { seen in
          seen.answers[id, default: Answer()].body += String(buffer: piece)
          seen.answers[id]?.hasEnded = payload.endStream
        }
      case .rstStream(let code): box.update { $0.answers[id, default: Answer()].reset = code }
      case .goAway(let last, let code, let text):
        let text = text.map { String(buffer: $0) } ?? ""
        box.update { $0.goAways.append((last, code, text)) }
      default: break
      }
    }

    func channelInactive(context: ChannelHandlerContext) { box.update { $0.isClosed = true } }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      box.update { $0.failure = $0.failure ?? "\(error)" }
    }
  }
}
