import NIOCore
import Routing

/// The end of a connection of HTTP/1 to an endpoint: reads its responses, and hands their parts to the exchange that uses it.
final class UpstreamHandler: ChannelDuplexHandler, UpstreamStream {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var context: ChannelHandlerContext?
  private var owner: ExchangeRunner?
  /// The pool that it rests in.
  private var pool: UpstreamPool?
  /// Where its endpoint's connections are kept.
  var home: UpstreamConnections?
  /// See ``UpstreamConnections/trust``.
  var trust = 0
  private var reader: HTTP1ResponseReader
  private let outgoing: OutgoingBytes
  private var sendsChunks = false
  private var outgoingTrailer: FieldBlock?
  private var isReading = true
  private var readIsWaiting = false
  /// Whether the last response lets the connection stay open.
  private var staysOpen = true
  /// The client and the endpoint speak another protocol.
  private var isTunnel = false
  private var inputHasEnded = false
  /// What was written is being sent, and then the end.
  private var isShutting = false
  /// The response ends with the connection: whether that ends in order must be known.
  private var endsWithConnection = false
  /// Bytes of the request could not be sent. NIO then closes the connection as if the endpoint had, and says so to nobody but
  /// the write's promise.
  private var hasFailedToSend = false

  init(scratch: ScratchBuffers, limits: HTTP1Limits) {
    reader = HTTP1ResponseReader(limits: limits)
    outgoing = OutgoingBytes(scratch: scratch)
  }

  /// Whether the connection stands.
  var isActive: Bool { context?.channel.isActive ?? false }

  /// Bytes of the request that the system has not taken.
  var unsent: Int { context?.unsentBytes ?? 0 }

  /// Whether the connection can carry another request, once the response has ended.
  var isReusable: Bool { staysOpen && reader.isAtRest }

  /// The head of the response.
  var head: ResponseHead { reader.head }

  /// The fields behind the body of the response that has ended.
  var trailer: FieldBlock? { reader.trailer }

  /// HTTP/1 has them.
  let hasChunks = true

  /// Hand on chunks as they come.
  var relaysChunks: Bool {
    get { reader.relaysChunks }
    set { reader.relaysChunks = newValue }
  }

  /// Read the token counts of the response's body as it passes.
  func readUsage() { reader.readUsage() }

  /// The token counts that have passed; `nil` where they are not read.
  var usage: TokenUsage? { reader.usage }

  /// From now on `owner` uses the connection, for a request whose method is HEAD or not.
  func take(_ owner: ExchangeRunner, isHead: Bool) {
    self.owner = owner
    pool = nil
    (endsWithConnection, hasFailedToSend) = (false, false)
    reader.begin(isHead: isHead)
  }

  /// Nobody uses the connection any more.
  func release(to pool: UpstreamPool, isReusable: Bool) {
    outgoing.flush(context)
    owner = nil
    setReading(true)
    pool.giveBack(self, isReusable: isReusable && self.isReusable)
  }

  /// The connection rests; a close takes it out of the pool.
  func rest(in pool: UpstreamPool) { self.pool = pool }

  /// Writes the head of a request; a connection that only passes has none.
  func write(_ head: RequestHead, _ fields: UpstreamFields) {
    sendsChunks = fields.framing == .chunked
    if fields.passage.isConnection {
      reader.beginTunnel()
      return tunnelBegan()
    }
    reader.offersUpgrade = fields.passage == .upgrade
    outgoing.write { HTTP1Writer.request(head, fields, into: &$0) }
  }

  /// Writes bytes of a request's body.
  func write(_ piece: ByteBuffer) {
    guard sendsChunks else { return outgoing.write(piece, to: context) }
    outgoing.writeChunk(piece, to: context)
  }

  /// Takes the fields behind a request's body, which only chunks can be followed by.
  func write(trailer: FieldBlock) { outgoingTrailer = trailer }

  /// Writes the end of a request.
  func writeEnd() {
    if isTunnel { return shutOutput() }
    let fields = outgoingTrailer
    outgoingTrailer = nil
    guard sendsChunks else { return }
    outgoing.write { out in
      out.writeStaticString("0\r\n")
      if let fields { HTTP1Writer.trailer(fields, into: &out) }
      out.writeStaticString("\r\n")
    }
  }

  /// Sends what was written.
  func flush() {
    guard outgoing.isDirty else { return }
    outgoing.flush(context, promise: endsWithConnection ? sendPromise() : nil)
  }

  /// Closes the connection; that of a tunnel which has ended in order when the endpoint was sent all of it.
  func close() { if !(isShutting && inputHasEnded) { context?.close(promise: nil) } }

  private func shutOutput() {
    isShutting = true
    outgoing.shut(context) { [self] in
      isShutting = false
      if inputHasEnded { close() }
    }
  }

  /// Whether bytes may be read; the other half of back-pressure towards the endpoint.
  func setReading(_ reads: Bool) {
    isReading = reads
    guard reads, readIsWaiting else { return }
    readIsWaiting = false
    context?.read()
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func read(context: ChannelHandlerContext) {
    if isReading { context.read() } else { readIsWaiting = true }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Bytes that nobody asked for could be taken for the answer to the next request.
    guard let owner else { return context.close(promise: nil) }
    reader.receive(unwrapInboundIn(data))
    owner.upstreamProgressed()
    while self.owner === owner {
      let part = reader.next()
      if case .head(let framing) = part { responseBegan(framing) }
      if case .switched = part { tunnelBegan() }
      if case .needMore = part { return }
      owner.upstreamRead(part, from: self)
      if case .fault = part { return }
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    owner?.upstreamReadComplete()
    context.fireChannelReadComplete()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    owner?.upstreamWritability(context.channel.isWritable)
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let refusal = UpstreamTLSFailure.refusal(error) {
      lost(GatewayError(.tlsFailed, refusal))
    } else {
      lost("\(error)")
    }
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    if let owner, !hasFailedToSend, reader.close() {
      staysOpen = false
      owner.upstreamRead(.end, from: self)
    }
    lost(hasFailedToSend ? "it took no more of the request" : "it closed the connection")
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .inputClosed? = event as? ChannelEvent, isTunnel {
      inputHasEnded = true
      if reader.close() { owner?.upstreamRead(.end, from: self) }
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func tunnelBegan() {
    isTunnel = true
    (staysOpen, endsWithConnection) = (false, true)
    context?.allowHalfClosure()
  }

  private func responseBegan(_ framing: BodyFraming) {
    staysOpen =
      framing != .untilClose && !reader.contradictsItself
      && ConnectionOptions(reader.head.block).staysOpen(reader.head.version)
    guard framing == .untilClose else { return }
    endsWithConnection = true
    // Also of what was written before.
    outgoing.flush(context, promise: sendPromise())
  }

  private func sendPromise() -> EventLoopPromise<Void>? {
    let promise = context?.eventLoop.makePromise(of: Void.self)
    promise?.futureResult.assumeIsolated().whenFailure { [weak self] error in
      // An endpoint may close in order without having read all of a request.
      if error as? ChannelError != .eof { self?.hasFailedToSend = true }
    }
    return promise
  }

  private func lost(_ reason: String) {
    // What has begun to answer has had the request, and must not get it again.
    lost(reader.hasBegun ? GatewayError(.invalidResponse, reason) : GatewayError(.noResponse, reason))
  }

  private func lost(_ failure: GatewayError) {
    pool?.forget(self)
    pool = nil
    owner?.upstreamLost(failure, from: self)
  }
}
