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

  // What comes.
  private var head = RequestHead()
  private var window = ReceiveWindow(target: 0, left: 0)
  private var pieces: CircularBuffer<ByteBuffer> = []
  /// The request has come whole, and whether the exchange knows.
  private var hasEnd = false
  private var isEndTold = false
  private var requestTrailer: FieldBlock?
  private var isServing = false
  private var servesAgain = false

  // What goes.
  private var answer: HPACKHeaders?
  private var trailer: HPACKHeaders?
  private var body = HTTP2Body()
  private var ends = false
  /// Bytes that were written and have not left, and those of them that nothing will tell of.
  private(set) var unsent = 0
  private var unpromised = 0
  private var isBlocked = false
  /// The response's head was written.
  private(set) var hasAnswered = false
  /// The response was written whole, or will not be.
  private var isOver = false
  /// Neither side will hear of the stream any more.
  private var isClosed = false
  /// It was ended from our side.
  private(set) var wasReset = false

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
    window = ReceiveWindow(target: HTTP2Limits.streamWindow, left: HTTP2Limits.streamWindow)
    (hasEnd, isEndTold, ends, hasAnswered, isOver) = (endsStream, false, false, false, false)
    (requestTrailer, trailer) = (nil, nil)
    (isClosed, wasReset, isBlocked, unsent, unpromised) = (false, false, false, 0, 0)
    let (framing, fault) = HTTP2RequestReader.read(headers, endsStream: endsStream, limits: loop.limits, into: &head)
    runner.begin(head, framing, fault: fault)
  }

  /// Bytes of the body.
  func receive(_ piece: ByteBuffer, endsStream: Bool) {
    if endsStream { hasEnd = true }
    if isOver { return }
    waits.bodyProgressed(piece.readableBytes)
    guard piece.readableBytes > 0 else { return }
    window.hold(piece.readableBytes)
    connection.hold(piece.readableBytes)
    pieces.append(piece)
  }

  /// The header list behind the body. One that is no trailer ends the stream.
  func receiveTrailer(_ headers: HPACKHeaders) {
    hasEnd = true
    guard let fields = HTTP2RequestReader.trailer(headers, limits: loop.limits) else {
      reset(.protocolError)
      return runner.tell { $0.clientClosed(into: &$1) }
    }
    if !fields.fields.isEmpty { requestTrailer = fields }
  }

  /// The peer may send so much.
  func windowChanged(to left: Int) {
    if let increment = window.changed(to: left) { open(increment) }
  }

  /// The stream is no more.
  func closed() {
    isClosed = true
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

  private var hasMore: Bool { !pieces.isEmpty || (hasEnd && !isEndTold) }

  private func takeIn() {
    while runner.isRunning, runner.standing.readsClient, let piece = pieces.popFirst() {
      runner.requestBody(piece)
      take(piece.readableBytes)
    }
    guard runner.isRunning, runner.standing.readsClient, pieces.isEmpty, hasEnd, !isEndTold else { return }
    isEndTold = true
    if let requestTrailer { runner.requestTrailer(requestTrailer) }
    requestTrailer = nil
    runner.requestEnd()
  }

  /// Bytes were taken, or never will be.
  private func take(_ count: Int) {
    if let increment = window.release(count) { open(increment) }
    connection.release(count)
  }

  private func open(_ increment: Int) {
    guard !hasEnd, !isOver, !isClosed else { return }
    connection.write(id, .windowUpdate(windowSizeIncrement: increment))
    connection.flushSoon()
  }

  private func drop() {
    while let piece = pieces.popFirst() { connection.release(piece.readableBytes) }
  }
}

extension HTTP2Stream: ClientStream {
  var isWritable: Bool { !isBlocked }

  func sendContinue() {
    connection.write(id, .headers(.init(headers: HPACKHeaders([(":status", "100")]))))
    connection.flushSoon()
  }

  func sendInterim(_ head: ResponseHead) { connection.write(id, .headers(.init(headers: HTTP2Writer.interim(head)))) }

  func sendHead(_ head: ResponseHead, _ framing: BodyFraming, hasChunks: Bool) -> Bool {
    answer = HTTP2Writer.response(head, framing, date: loop.date, requestID: requestID)
    return false
  }

  /// HTTP/2 knows no `Upgrade`, so that nothing is offered to endpoints (RFC 9113, section 8.6).
  func sendUpgrade(_ head: ResponseHead) {}

  private var requestID: String { runner.requestID.text(for: runner.exchange.head.block) }

  func sendBody(_ piece: ByteBuffer) {
    if let whole = body.add(piece) { writeData(whole, endsStream: false) }
  }

  func sendTrailer(_ fields: FieldBlock) { trailer = HTTP2Writer.trailer(fields) }

  func sendEnd() { ends = true }

  func sendAnswer(_ error: GatewayError, ends: Bool) -> Int {
    let shape = ErrorShape(runner.exchange.head)
    let (head, bytes) = HTTP2Writer.answer(error, shape, date: loop.date, requestID: requestID)
    answer = head
    self.ends = true
    if runner.exchange.head.isMethod("HEAD") { return 0 }
    if !bytes.isEmpty { sendBody(ByteBuffer(bytes: bytes)) }
    return bytes.count
  }

  func finished(_ ending: ExchangeAction.Ending) {
    drop()
    if case .truncated = ending {
      _ = body.take()
      answer = nil
      reset(.internalError)
    }
  }

  func flush() {
    guard !isOver, !isClosed else { return }
    let rest = body.take()
    let endsBody = ends && trailer == nil
    writeHead(endsStream: endsBody && rest == nil)
    if let rest { writeData(rest, endsStream: endsBody) }
    guard ends, !isOver else { return }
    if trailer == nil { writeData(ByteBuffer(), endsStream: true) } else { writeTrailer() }
  }

  func performed() {
    if hasMore, runner.isRunning, runner.standing.readsClient { serve() }
    waits.update()
  }

  // MARK: Frames

  private func writeHead(endsStream: Bool) {
    guard let head = answer else { return }
    answer = nil
    hasAnswered = true
    if endsStream { isOver = true }
    connection.write(id, .headers(.init(headers: head, endStream: endsStream)), onWritten: endsStream ? leaving() : nil)
    connection.flushSoon()
  }

  private func writeTrailer() {
    guard let fields = trailer else { return }
    trailer = nil
    isOver = true
    connection.write(id, .headers(.init(headers: fields, endStream: true)), onWritten: leaving())
    connection.flushSoon()
  }

  private func writeData(_ piece: ByteBuffer, endsStream: Bool) {
    guard !isOver, !isClosed else { return }
    writeHead(endsStream: false)
    if endsStream { isOver = true }
    unsent += piece.readableBytes
    unpromised += piece.readableBytes
    var promise = endsStream ? leaving() : nil
    if promise == nil, unpromised >= HTTP2Limits.promisedBytes { promise = counting() }
    connection.write(id, .data(.init(data: .byteBuffer(piece), endStream: endsStream)), onWritten: promise)
    if unsent >= HTTP2Limits.highWater { isBlocked = true }
    if isBlocked { runner.tell { $0.clientWritability(false, into: &$1) } }
    connection.flushSoon()
  }

  /// Tells when what was written until now has left.
  private func counting() -> EventLoopPromise<Void> {
    let promise = loop.eventLoop.makePromise(of: Void.self)
    let (count, id) = (unpromised, id)
    unpromised = 0
    promise.futureResult.assumeIsolated().whenComplete { [weak self] _ in
      guard let self, self.id == id else { return }
      self.left(count)
    }
    return promise
  }

  private func left(_ count: Int) {
    unsent -= count
    guard isBlocked, unsent <= HTTP2Limits.lowWater, !isClosed else { return }
    isBlocked = false
    runner.tell { $0.clientWritability(true, into: &$1) }
    runner.perform()
  }

  /// The response is written before the request has come whole: when it has left, the client is told to send no more (RFC
  /// 9113, section 8.1). Not before, since a reset takes back what has not left.
  private func leaving() -> EventLoopPromise<Void>? {
    guard !hasEnd else { return nil }
    let promise = loop.eventLoop.makePromise(of: Void.self)
    let id = id
    promise.futureResult.assumeIsolated().whenSuccess { [weak self] in
      guard let self, self.id == id, !self.hasEnd else { return }
      self.reset(.noError)
    }
    return promise
  }

  private func reset(_ code: HTTP2ErrorCode) {
    isOver = true
    guard !isClosed, !wasReset else { return }
    wasReset = true
    connection.write(id, .rstStream(code))
    connection.flushSoon()
  }
}
