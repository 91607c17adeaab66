import NIOCore
import NIOHPACK
import NIOHTTP2
import Routing

/// One request over a connection of HTTP/2 to an endpoint, and its response.
final class HTTP2UpstreamStream {
  let connection: HTTP2UpstreamHandler
  private(set) var id = HTTP2StreamID.rootStream
  private var owner: ExchangeRunner?

  // What comes.
  private var reader: HTTP2ResponseReader
  private var window = ReceiveWindow(target: HTTP2Limits.streamWindow, left: HTTP2Limits.streamWindow)
  /// Bytes of the body that nobody has taken.
  private var held = 0
  private var isReading = true
  private var isServing = false

  // What goes.
  private var request: HPACKHeaders?
  private var requestTrailer: HPACKHeaders?
  private var body = HTTP2Body()
  private var ends = false
  private var unsentBytes = UnsentBytes()
  var unsent: Int { unsentBytes.count }
  /// Nothing more is written: the request is whole, or will not be.
  private var isOver = false
  /// Neither side will hear of the stream any more.
  private var isClosed = false

  /// HTTP/2 has none.
  let hasChunks = false
  var relaysChunks = false

  init(connection: HTTP2UpstreamHandler) {
    self.connection = connection
    reader = HTTP2ResponseReader(limits: connection.limits)
  }

  // MARK: What comes

  /// A header list of the response.
  func receive(_ fields: HPACKHeaders, ends: Bool) {
    owner?.upstreamProgressed()
    reader.receive(fields, ends: ends)
  }

  /// Bytes of the response's body.
  func receive(_ piece: ByteBuffer, ends: Bool) {
    owner?.upstreamProgressed()
    let count = piece.readableBytes
    held += count
    window.hold(count)
    reader.receive(piece, ends: ends)
  }

  /// The endpoint may send so much.
  func windowChanged(to left: Int) { if let increment = window.changed(to: left) { open(increment) } }

  /// The stream is no more. Where its response is not whole, that is why.
  func closed(_ failure: GatewayError) {
    (isClosed, isOver) = (true, true)
    reader.lose(failure)
  }

  /// The endpoint has ended this stream alone: it is there, and the request did not go to a connection that it had left.
  func reset(_ reason: String) {
    owner?.tell { exchange, _ in exchange.endpointIsThere() }
    closed(reason)
  }

  /// The same, in words that depend on whether the endpoint has begun to answer: then it has had the request, which must not be
  /// sent again.
  func closed(_ reason: String) {
    closed(GatewayError(reader.hasBegun ? .invalidResponse : .noResponse, reason))
  }

  /// Whether anything of a response has come.
  var hasBegun: Bool { reader.hasBegun }

  /// Tells what has come, as far as it is wanted.
  func serve() {
    guard !isServing else { return }
    isServing = true
    var told: ExchangeRunner?
    while isReading, let owner, let part = next(owner) {
      told = owner
      owner.upstreamRead(part, from: self)
    }
    isServing = false
    if let told, told === owner { told.upstreamReadComplete() }
  }

  /// The next part; a loss is told here.
  private func next(_ owner: ExchangeRunner) -> ResponsePart? {
    switch reader.next() {
    case .needMore: return nil
    case .interim: return .interim
    case .head(let framing): return .head(framing)
    case .body(let piece):
      take(piece.readableBytes)
      return .body(piece, data: piece.readableBytes)
    case .end: return .end
    case .lost(let failure):
      owner.upstreamLost(failure, from: self)
      return nil
    }
  }

  private func take(_ count: Int) {
    held -= count
    if let increment = window.release(count) { open(increment) }
  }

  private func open(_ increment: Int) {
    guard !reader.isWhole, !isClosed else { return }
    connection.write(id, .windowUpdate(windowSizeIncrement: increment))
    connection.flushSoon()
  }
}

extension HTTP2UpstreamStream: UpstreamStream {
  var head: ResponseHead { reader.head }
  var trailer: FieldBlock? { reader.trailer }
  var usage: TokenUsage? { reader.usage }
  func readUsage() { reader.readUsage() }

  func take(_ owner: ExchangeRunner, isHead: Bool) {
    self.owner = owner
    reader.begin(isHead: isHead)
  }

  func write(_ head: RequestHead, _ fields: UpstreamFields) {
    request = HTTP2Writer.request(head, fields, isSecure: connection.isSecure)
  }

  func write(_ piece: ByteBuffer) { if let whole = body.add(piece) { writeData(whole, ends: false) } }

  func write(trailer: FieldBlock) {
    let fields = HTTP2Writer.trailer(trailer)
    requestTrailer = fields.isEmpty ? nil : fields
  }

  func writeEnd() { ends = true }

  func flush() {
    guard !isOver else { return }
    let rest = body.take()
    let endsBody = ends && requestTrailer == nil
    writeHead(ends: endsBody && rest == nil)
    if let rest { writeData(rest, ends: endsBody) }
    guard ends, !isOver else { return }
    guard let fields = requestTrailer else { return writeData(ByteBuffer(), ends: true) }
    requestTrailer = nil
    isOver = true
    connection.write(id, .headers(.init(headers: fields, endStream: true)))
    connection.flushSoon()
  }

  func setReading(_ reads: Bool) {
    isReading = reads
    if reads, reader.hasMore { serve() }
  }

  func release(to pool: UpstreamPool, isReusable: Bool) {
    if isReusable { flush() }
    owner = nil
    if id != .rootStream, !isClosed { connection.write(id, .rstStream(.cancel)) }
    (isClosed, isOver) = (true, true)
    held = 0
    connection.flushSoon()
    pool.streamEnded(of: connection)
  }

  private func writeHead(ends: Bool) {
    guard let list = request else { return }
    request = nil
    guard let number = connection.begin(self) else {
      (isClosed, isOver) = (true, true)
      reader.lose(.requestRefused("its connection ends"))
      return serve()
    }
    id = number
    if ends { isOver = true }
    connection.write(id, .headers(.init(headers: list, endStream: ends)))
    connection.flushSoon()
  }

  private func writeData(_ piece: ByteBuffer, ends: Bool) {
    writeHead(ends: false)
    guard !isOver else { return }
    if ends { isOver = true }
    let promise = unsentBytes.write(piece.readableBytes).flatMap { counting($0) }
    connection.write(id, .data(.init(data: .byteBuffer(piece), endStream: ends)), onWritten: promise)
    if unsentBytes.block() { owner?.tell { $0.upstreamWritability(false, into: &$1) } }
    connection.flushSoon()
  }

  /// Tells when so many bytes have left.
  private func counting(_ count: Int) -> EventLoopPromise<Void>? {
    connection.promise { [weak self] in self?.left(count) }
  }

  private func left(_ count: Int) {
    if unsentBytes.left(count), !isClosed { owner?.upstreamWritability(true) }
  }
}
