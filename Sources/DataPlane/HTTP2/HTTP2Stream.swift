import NIOCore
import NIOHPACK
import NIOHTTP2
import Routing

/// One request of a connection of HTTP/2 and its response: hands what comes to an ``ExchangeRunner``, and writes what that
/// asks for as frames. When both are over, it serves another request of the connection.
final class HTTP2Stream {
  unowned let connection: HTTP2ClientHandler
  private(set) var id = HTTP2StreamID.rootStream
  private(set) lazy var runner = ExchangeRunner(loop: loop, client: connection.client, stream: self)
  var loop: LoopContext { connection.loop }

  private var head = RequestHead()
  private var pieces: CircularBuffer<ByteBuffer> = []
  private var isServing = false
  private var servesAgain = false
  private var turn = Turn(hasEnd: true)

  /// What belongs to one request: another begins without any of it.
  private struct Turn {
    // What comes.
    var window = ReceiveWindow(target: HTTP2Limits.streamWindow, left: HTTP2Limits.streamWindow)
    /// The request has come whole, and whether the exchange knows.
    var hasEnd: Bool
    var isEndTold = false
    var requestTrailer: FieldBlock?

    // What goes.
    var answer: HPACKHeaders?
    var trailer: HPACKHeaders?
    var body = HTTP2Body()
    var ends = false
    var unsent = UnsentBytes()
    /// The response's head was written.
    var hasAnswered = false
    /// The response was written whole, or will not be.
    var isOver = false
    /// Neither side will hear of the stream any more.
    var isClosed = false
    /// It was ended from our side.
    var wasReset = false
  }

  /// Bytes that were written and have not left.
  var unsent: Int { turn.unsent.count }
  var hasAnswered: Bool { turn.hasAnswered }
  var wasReset: Bool { turn.wasReset }

  let waits: HTTP2StreamWaits

  init(connection: HTTP2ClientHandler) {
    self.connection = connection
    waits = HTTP2StreamWaits(loop: connection.loop)
    waits.stream = self
  }

  // MARK: What comes

  /// A request begins.
  func begin(_ id: HTTP2StreamID, _ headers: HPACKHeaders, endsStream: Bool) {
    self.id = id
    turn = Turn(hasEnd: endsStream)
    let (framing, fault) = HTTP2RequestReader.read(headers, endsStream: endsStream, limits: loop.limits, into: &head)
    runner.begin(head, framing, fault: fault)
  }

  /// Bytes of the body.
  func receive(_ piece: ByteBuffer, endsStream: Bool) {
    if endsStream { turn.hasEnd = true }
    if turn.isOver { return }
    waits.bodyProgressed(piece.readableBytes)
    guard piece.readableBytes > 0 else { return }
    turn.window.hold(piece.readableBytes)
    connection.hold(piece.readableBytes)
    pieces.append(piece)
  }

  /// The header list behind the body. One that is no trailer ends the stream.
  func receiveTrailer(_ headers: HPACKHeaders) {
    turn.hasEnd = true
    guard let fields = HTTP2RequestReader.trailer(headers, limits: loop.limits) else {
      reset(.protocolError)
      return runner.tell { $0.clientClosed(into: &$1) }
    }
    if !fields.fields.isEmpty { turn.requestTrailer = fields }
  }

  /// The peer may send so much.
  func windowChanged(to left: Int) {
    if let increment = turn.window.changed(to: left) { open(increment) }
  }

  /// The stream is no more.
  func closed() {
    turn.isClosed = true
    drop()
    runner.tell { $0.clientClosed(into: &$1) }
    runner.perform()
    waits.clear()
  }

  /// The connection is no more: nothing will be served.
  func retire() {
    runner.cancelTimers()
    waits.cancel()
  }

  /// Serves what has come, as far as it is wanted.
  func serve() {
    servesAgain = true
    guard !isServing else { return }
    isServing = true
    while servesAgain {
      servesAgain = false
      takeIn()
      runner.perform()
    }
    isServing = false
  }

  private var hasMore: Bool { !pieces.isEmpty || (turn.hasEnd && !turn.isEndTold) }

  private func takeIn() {
    while runner.isRunning, runner.standing.readsClient, let piece = pieces.popFirst() {
      runner.requestBody(piece)
      take(piece.readableBytes)
    }
    guard runner.isRunning, runner.standing.readsClient, pieces.isEmpty, turn.hasEnd, !turn.isEndTold else { return }
    turn.isEndTold = true
    if let fields = turn.requestTrailer { runner.requestTrailer(fields) }
    turn.requestTrailer = nil
    runner.requestEnd()
  }

  /// Bytes were taken, or never will be.
  private func take(_ count: Int) {
    if let increment = turn.window.release(count) { open(increment) }
    connection.release(count)
  }

  private func open(_ increment: Int) {
    guard !turn.hasEnd, !turn.isOver, !turn.isClosed else { return }
    connection.write(id, .windowUpdate(windowSizeIncrement: increment))
    connection.flushSoon()
  }

  private func drop() {
    while let piece = pieces.popFirst() { connection.release(piece.readableBytes) }
  }
}

extension HTTP2Stream: ClientStream {
  var isWritable: Bool { !turn.unsent.isBlocked }

  func sendContinue() {
    connection.write(id, .headers(.init(headers: HPACKHeaders([(":status", "100")]))))
    connection.flushSoon()
  }

  func sendInterim(_ head: ResponseHead) { connection.write(id, .headers(.init(headers: HTTP2Writer.interim(head)))) }

  func sendHead(_ head: ResponseHead, _ framing: BodyFraming, hasChunks: Bool) -> Bool {
    turn.answer = HTTP2Writer.response(head, framing, date: loop.date, requestID: requestID)
    return false
  }

  /// HTTP/2 knows no `Upgrade`, so that nothing is offered to endpoints (RFC 9113, section 8.6).
  func sendUpgrade(_ head: ResponseHead) {}

  private var requestID: String { runner.requestID.text(for: runner.exchange.head.block) }

  func sendBody(_ piece: ByteBuffer) {
    if let whole = turn.body.add(piece) { writeData(whole, endsStream: false) }
  }

  func sendTrailer(_ fields: FieldBlock) { turn.trailer = HTTP2Writer.trailer(fields) }

  func sendEnd() { turn.ends = true }

  func sendAnswer(_ error: GatewayError, ends: Bool) -> Int {
    let shape = ErrorShape(runner.exchange.head)
    let (head, bytes) = HTTP2Writer.answer(error, shape, date: loop.date, requestID: requestID)
    turn.answer = head
    turn.ends = true
    if runner.exchange.head.isMethod("HEAD") { return 0 }
    if !bytes.isEmpty { sendBody(ByteBuffer(bytes: bytes)) }
    return bytes.count
  }

  func finished(_ ending: ExchangeAction.Ending) {
    drop()
    if case .truncated = ending {
      _ = turn.body.take()
      turn.answer = nil
      reset(.internalError)
    }
  }

  func flush() {
    guard !turn.isOver, !turn.isClosed else { return }
    let rest = turn.body.take()
    let endsBody = turn.ends && turn.trailer == nil
    writeHead(endsStream: endsBody && rest == nil)
    if let rest { writeData(rest, endsStream: endsBody) }
    guard turn.ends, !turn.isOver else { return }
    if turn.trailer == nil { writeData(ByteBuffer(), endsStream: true) } else { writeTrailer() }
  }

  func performed() {
    if hasMore, runner.isRunning, runner.standing.readsClient { serve() }
    waits.update()
  }

  // MARK: Frames

  private func writeHead(endsStream: Bool) {
    guard let head = turn.answer else { return }
    turn.answer = nil
    turn.hasAnswered = true
    if endsStream { turn.isOver = true }
    connection.write(id, .headers(.init(headers: head, endStream: endsStream)), onWritten: endsStream ? leaving() : nil)
    connection.flushSoon()
  }

  private func writeTrailer() {
    guard let fields = turn.trailer else { return }
    turn.trailer = nil
    turn.isOver = true
    connection.write(id, .headers(.init(headers: fields, endStream: true)), onWritten: leaving())
    connection.flushSoon()
  }

  private func writeData(_ piece: ByteBuffer, endsStream: Bool) {
    guard !turn.isOver, !turn.isClosed else { return }
    writeHead(endsStream: false)
    if endsStream { turn.isOver = true }
    let told = turn.unsent.write(piece.readableBytes)
    let promise = (endsStream ? leaving() : nil) ?? told.map { counting($0) }
    connection.write(id, .data(.init(data: .byteBuffer(piece), endStream: endsStream)), onWritten: promise)
    if turn.unsent.block() { runner.tell { $0.clientWritability(false, into: &$1) } }
    connection.flushSoon()
  }

  /// Tells when so many bytes have left.
  private func counting(_ count: Int) -> EventLoopPromise<Void> {
    let promise = loop.eventLoop.makePromise(of: Void.self)
    let id = id
    promise.futureResult.assumeIsolated().whenComplete { [weak self] _ in
      guard let self, self.id == id else { return }
      self.left(count)
    }
    return promise
  }

  private func left(_ count: Int) {
    guard turn.unsent.left(count), !turn.isClosed else { return }
    runner.tell { $0.clientWritability(true, into: &$1) }
    runner.perform()
  }

  /// The response is written before the request has come whole: when it has left, the client is told to send no more (RFC
  /// 9113, section 8.1). Not before, since a reset takes back what has not left.
  private func leaving() -> EventLoopPromise<Void>? {
    guard !turn.hasEnd else { return nil }
    let promise = loop.eventLoop.makePromise(of: Void.self)
    let id = id
    promise.futureResult.assumeIsolated().whenSuccess { [weak self] in
      guard let self, self.id == id, !self.turn.hasEnd else { return }
      self.reset(.noError)
    }
    return promise
  }

  private func reset(_ code: HTTP2ErrorCode) {
    turn.isOver = true
    guard !turn.isClosed, !turn.wasReset else { return }
    turn.wasReset = true
    connection.write(id, .rstStream(code))
    connection.flushSoon()
  }
}
