import NIOCore
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One connection of a server: reads requests, checks that they are what their clients sent, and does what is planned.
final class LyingConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let server: LyingServer
  private var reader = MessageReader(readsRequests: true)
  private var requests = 0
  private var request: SoakRequest?
  private var fate = Fate.fine
  private var expected = ByteBuffer()
  /// Nothing more is read or answered.
  private var isOver = false

  init(server: LyingServer) { self.server = server }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isOver else { return }
    reader.receive(unwrapInboundIn(data))
    while !isOver, let part = reader.next() {
      switch part {
      case .head(let head): begin(head, context)
      case .body(let piece): check(piece)
      case .end: end(context)
      case .fault(let reason):
        isOver = true
        server.ledger.fault("a server got what is no request: \(reason)")
        context.close(promise: nil)
      }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func begin(_ head: MessageHead, _ context: ChannelHandlerContext) {
    requests += 1
    guard let id = head.number("x-soak-id"), let request = SoakTurn.request(id, seed: server.seed) else {
      isOver = true
      return server.ledger.fault("a server got a request that nobody sent: \(head.words)")
    }
    self.request = request
    if head.words[0] != request.method || head.words[1] != request.path {
      server.ledger.fault("request \(id) came as \(head.words)")
    }
    expected = request.arrivingBody
    fate = server.ledger.arrived(request, isFresh: requests == 1)
    if fate.isEarly { act(request, context) }
  }

  private func check(_ piece: ByteBuffer) {
    if expected.readSlice(length: piece.readableBytes) == piece { return }
    server.ledger.fault("request \(request?.id ?? -1) came with a body that is not its own")
    isOver = true
  }

  private func end(_ context: ChannelHandlerContext) {
    guard let request else { return }
    self.request = nil
    if expected.readableBytes > 0 {
      server.ledger.fault("request \(request.id) ended \(expected.readableBytes) bytes too early")
    }
    if !fate.isEarly { act(request, context) }
  }

  private func act(_ request: SoakRequest, _ context: ChannelHandlerContext) {
    let lie = Lie(request, fate)
    server.countAnswer()
    if lie.isDribbled {
      isOver = lie.ending != .keep
      return dribble(lie.bytes, lie.ending, context)
    }
    if lie.bytes.readableBytes > 0 { context.writeAndFlush(NIOAny(lie.bytes), promise: nil) }
    finish(lie.ending, context)
  }

  private func dribble(_ bytes: ByteBuffer, _ ending: Lie.Ending, _ context: ChannelHandlerContext) {
    var rest = bytes
    // A byte at a time where the head and the first chunks are, and the rest of a large body at once.
    let count = bytes.readableBytes > 2000 ? bytes.readableBytes - 200 : 1 + bytes.readableBytes / 60
    guard let piece = rest.readSlice(length: min(count, rest.readableBytes)), piece.readableBytes > 0 else {
      return finish(ending, context)
    }
    context.writeAndFlush(NIOAny(piece), promise: nil)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.execute { [rest] in
      let (connection, context) = bound.value
      guard context.channel.isActive else { return }
      connection.dribble(rest, ending, context)
    }
  }

  private func finish(_ ending: Lie.Ending, _ context: ChannelHandlerContext) {
    switch ending {
    case .keep: return
    case .hang: break
    case .close: context.close(promise: nil)
    case .reset: SocketEnd.reset(context)
    }
    isOver = true
  }
}

/// How a socket is ended without a word.
enum SocketEnd {
  /// Closes with a reset.
  static func reset(_ context: ChannelHandlerContext) {
    guard let socket = context.channel as? any SocketOptionProvider else { return context.close(promise: nil) }
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in bound.value.close(promise: nil) }
  }
}
