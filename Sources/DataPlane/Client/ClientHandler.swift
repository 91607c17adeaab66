import NIOCore
import Routing

/// A client's connection of HTTP/1: does what an ``HTTP1Connection`` and an ``ExchangeRunner`` ask for.
///
/// Requests are served one after another; what a client sends ahead stays as bytes while reading pauses. What one read
/// brought is taken in whole before anything is done about it, so that a decision knows whether the body has ended.
///
/// A client that closes its side of the connection is gone for us, and its request is cancelled, as nginx, Envoy and
/// servers in Go and Python do: a client that only half-closes (`nc -N`) cannot be told from one that left until bytes
/// are sent to it, and a model server would work on for nobody until then.
final class ClientHandler: ChannelDuplexHandler, RemovableChannelHandler, BeginningHandler, ClientConnection {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let loop: LoopContext
  var context: ChannelHandlerContext?
  var hasBegun = false
  var connection: HTTP1Connection
  let outgoing: OutgoingBytes
  /// Drives the requests, one after another; made when the client is known to be there.
  private(set) lazy var runner = ExchangeRunner(loop: loop, client: client, stream: self)
  let client: ClientInfo
  /// The first bytes are still to tell whether this is HTTP/1, and those of them that have come.
  var sniffs: Bool
  var firstBytes: ByteBuffer?
  private var isServing = false
  private var servesAgain = false
  /// Bytes may have come that the exchange did not want then: a socket is read several times in a row, whatever is wanted.
  private var isHeldBack = false
  private var readIsWaiting = false
  /// How the body of the response is framed, and whether its chunks pass as they came.
  private var framing = BodyFraming.none
  private var relaysChunks = false
  private var trailer: FieldBlock?
  /// Nothing more is sent to the client of a tunnel.
  private var hasShutOutput = false
  let deadline: ConnectionDeadline<ClientWait>
  /// When `stall` looks again.
  let stallDeadline: ConnectionDeadline<Void>
  var stall: StallWatch?
  /// Bytes that the client had not taken when `deadline` was set.
  var unsentAtDeadline = 0
  /// Bytes of the body since its deadline was last moved.
  var bodyProgress = 0

  init(loop: LoopContext, client: ClientInfo) {
    self.loop = loop
    self.client = client
    sniffs = client.listener == nil
    connection = HTTP1Connection(limits: loop.limits)
    outgoing = OutgoingBytes(scratch: loop.scratch)
    deadline = ConnectionDeadline(on: loop.eventLoop)
    stallDeadline = ConnectionDeadline(on: loop.eventLoop)
    deadline.onPassed { [unowned self] in passed($0) }
    stallDeadline.onPassed { [unowned self] in lookForStall() }
  }

  var isClosing: Bool { connection.phase == .closing && !runner.isRunning }

  // MARK: The channel's events

  func begin() {
    loop.add(self)
    if loop.isDraining { return closeNow() }
    wait(for: .idle, seconds: loop.configuration.headerTimeoutSeconds)
  }

  func channelInactive(context: ChannelHandlerContext) {
    // Behind the end of what is sent, the end of what comes is the end of the connection.
    if hasShutOutput { endInput() }
    connection.close()
    deadline.cancel()
    stallDeadline.cancel()
    runner.tell { $0.clientClosed(into: &$1) }
    runner.perform()
    runner.cancelTimers()
    loop.remove(self)
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    if sniffs {
      guard let first = sniff(bytes, context) else { return }
      bytes = first
    }
    guard connection.phase != .closing else { return }
    if runner.standing.awaitsBody { bodyProgressed(bytes.readableBytes) }
    connection.receive(bytes)
    serve()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    runner.tell { [isWritable] in $0.clientWritability(isWritable, into: &$1) }
    runner.perform()
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if connection.phase == .tunnel { loseTunnel() }
    context.close(promise: nil)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .inputClosed? = event as? ChannelEvent, connection.phase == .tunnel {
      connection.endInput()
      serve()
    }
    context.fireUserInboundEventTriggered(event)
  }

  func read(context: ChannelHandlerContext) {
    if readsClient { context.read() } else { readIsWaiting = true }
  }

  // MARK: Serving

  /// Serves what has come, as far as it is its turn.
  func serve() {
    servesAgain = true
    guard !isServing else { return }
    isServing = true
    while servesAgain {
      servesAgain = false
      takeSteps()
      runner.perform()
    }
    isServing = false
  }

  /// Takes in what has come of the request that is being served, or of the next one.
  private func takeSteps() {
    isHeldBack = false
    while runner.standing.readsClient, takesRequests {
      let step = connection.next()
      if case .nothing = step { return }
      take(step)
      // Nothing can be read behind it, and the request may have been answered for another reason just before.
      if case .fault = step { return }
    }
    isHeldBack = true
  }

  func take(_ step: HTTP1Connection.Step) {
    switch step {
    case .nothing: break
    case .begin(let framing, let fault): runner.begin(connection.head, framing, fault: fault)
    case .body(let piece): runner.requestBody(piece)
    case .end:
      if let trailer = connection.trailer { runner.requestTrailer(trailer) }
      runner.requestEnd()
    case .fault(let error):
      if !runner.isRunning {
        runner.refuse(error)
      } else {
        runner.tell { $0.giveUp(error, ends: true, into: &$1) }
      }
    }
  }

  private var readsClient: Bool { isClosing || (runner.standing.readsClient && takesRequests && !connection.isAhead) }

  /// A client that does not take its answers is asked for no further request: they would pile up.
  var takesRequests: Bool { runner.isRunning || isWritable }
}

extension ClientHandler: ClientStream {
  var isWritable: Bool { context?.channel.isWritable ?? false }

  func sendContinue() {
    connection.continued()
    outgoing.write { _ = $0.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n") }
    outgoing.flush(context)
  }

  func sendInterim(_ head: ResponseHead) {
    outgoing.write { HTTP1Writer.interim(head, into: &$0) }
  }

  func sendHead(_ head: ResponseHead, _ framing: BodyFraming, hasChunks: Bool) -> Bool {
    let fields = connection.respond(framing, date: loop.date)
    self.framing = fields.framing
    relaysChunks = hasChunks && framing == .chunked && fields.framing == .chunked
    outgoing.write { HTTP1Writer.response(head, fields, to: runner.exchange.head, runner.requestID, into: &$0) }
    return relaysChunks
  }

  func sendUpgrade(_ head: ResponseHead) {
    let fields = connection.upgrade(date: loop.date)
    framing = .untilClose
    outgoing.write { HTTP1Writer.response(head, fields, to: runner.exchange.head, runner.requestID, into: &$0) }
    context?.allowHalfClosure()
    // What has come behind the request is of the other protocol.
    isHeldBack = true
  }

  func sendBody(_ piece: ByteBuffer) {
    if framing == .chunked && !relaysChunks {
      outgoing.writeChunk(piece, to: context)
    } else {
      outgoing.write(piece, to: context)
    }
  }

  func sendTrailer(_ fields: FieldBlock) { trailer = fields }

  func sendEnd() {
    if connection.phase == .tunnel {
      hasShutOutput = true
      return outgoing.shut(context)
    }
    // A client that did not say that it knows trailers is not told any (RFC 9110, section 6.5.1).
    let fields = connection.head.block.value(of: .te, is: "trailers") ? trailer : nil
    trailer = nil
    guard framing == .chunked else { return }
    outgoing.write { out in
      // The line of the last chunk has passed with the others.
      if !relaysChunks { out.writeStaticString("0\r\n") }
      if let fields { HTTP1Writer.trailer(fields, into: &out) }
      out.writeStaticString("\r\n")
    }
  }

  func sendAnswer(_ error: GatewayError, ends: Bool) -> Int {
    let fields = connection.answer(ends: ends, date: loop.date)
    framing = .none
    let head = runner.exchange.head
    var bytes = 0
    outgoing.write {
      bytes = HTTP1Writer.answer(error, ErrorShape(head), fields, to: head, runner.requestID, into: &$0)
    }
    return bytes
  }

  func finished(_ ending: ExchangeAction.Ending) {
    switch connection.finish(ending) {
    case .next:
      becomeIdle()
      serve()
    case .discard:
      discardRest()
      serve()
    case .close: if hasShutOutput { closeTunnel() } else { closeWhenWritten() }
    case .reset:
      // The client is to see what had come, and its head at least: one that sees nothing may take the connection for a stale
      // one and send the request again.
      flush()
      closeWithReset()
    }
  }

  func flush() { outgoing.flush(context) }

  func performed() {
    if isHeldBack, runner.standing.readsClient, takesRequests { serve() }
    updateDeadlines()
    guard readIsWaiting, readsClient else { return }
    readIsWaiting = false
    context?.read()
  }
}
