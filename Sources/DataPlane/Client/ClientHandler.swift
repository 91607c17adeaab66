import Logging
import NIOCore
import NIOHTTP1
import Routing

/// A client's connection: turns HTTP parts into events of a ``ProxyExchange`` and carries out its actions.
///
/// Requests are served one after another; what a client sends ahead waits in `waiting` while reading pauses. What one
/// read brought is taken in whole before anything is done about it, so that a decision knows whether the body has
/// ended.
///
/// A client that closes its side of the connection is gone for us, and its request is cancelled, as nginx, Envoy and
/// servers in Go and Python do: a client that only half-closes (`nc -N`) cannot be told from one that left until bytes
/// are sent to it, and a model server would work on for nobody until then.
final class ClientHandler: ChannelInboundHandler, ChannelOutboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  let loop: LoopContext
  let client: ClientInfo
  var context: ChannelHandlerContext?
  /// Where bytes go to the socket, past the encoder.
  var socketContext: ChannelHandlerContext?
  var exchange: ProxyExchange?
  var actions = ExchangeActions()
  var upstream: UpstreamHandler?
  var dispatched: EndpointID?
  var attempt = 0
  var clientIsDirty = false
  var upstreamIsDirty = false
  var isClosing = false
  /// The request is answered while the rest of its body is on its way: that is read and dropped.
  var isDiscarding = false
  /// Nothing that comes can become a request any more: after a request that ends the connection, and after bytes that
  /// are no HTTP. The decoder would keep such bytes without end.
  private(set) var isDeaf = false
  private var readsLastRequest = false
  var nextHead = NextHead()
  /// The first line of the head that is arriving has come whole.
  var hasRequestLine = true
  private var waiting = CircularBuffer<HTTPServerRequestPart>()
  private var waitingFault: GatewayError?
  private var isPerforming = false
  private var isInBurst = false
  private var readIsWaiting = false
  var deadline = ConnectionDeadline<ClientWait>()
  /// When `stall` looks again.
  var stallDeadline = ConnectionDeadline<Void>()
  var stall: StallWatch?
  /// Bytes that the client had not taken when `deadline` was set.
  var unsentAtDeadline = 0
  /// Bytes of the body since its deadline was last moved.
  var bodyProgress = 0
  var started = NIODeadline.uptimeNanoseconds(0)

  init(loop: LoopContext, client: ClientInfo) {
    self.loop = loop
    self.client = client
  }

  // MARK: The channel's events

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if context.channel.isActive { loop.add(self) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelActive(context: ChannelHandlerContext) {
    loop.add(self)
    if loop.isDraining { return context.close(promise: nil) }
    wait(for: .idle, seconds: loop.configuration.headerTimeoutSeconds)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    isClosing = true
    waiting.removeAll()
    deadline.cancel()
    stallDeadline.cancel()
    exchange?.clientClosed(into: &actions)
    perform()
    loop.remove(self)
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isClosing else { return }
    let part = unwrapInboundIn(data)
    switch part {
    case .head(let head): readsLastRequest = head.endsConnection
    case .body: break
    case .end: isDeaf = readsLastRequest
    }
    nextHead.decoded(part)
    waiting.append(part)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    serveWaiting()
    context.fireChannelReadComplete()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    exchange?.clientWritability(context.channel.isWritable, into: &actions)
    perform()
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // The decoder says this of everything that follows bytes it refused: those have had their answer.
    if error is ByteToMessageDecoderError { return }
    guard let fault = fault(for: error) else { return context.close(promise: nil) }
    guard !isDeaf else { return }
    isDeaf = true
    waitingFault = fault
  }

  func read(context: ChannelHandlerContext) {
    if readsClient { context.read() } else { readIsWaiting = true }
  }

  // MARK: Serving

  /// Serves what has come, as far as it is its turn.
  func serveWaiting() {
    while !isClosing, let part = waiting.first {
      switch part {
      case .head(let head):
        guard exchange == nil else { return perform() }
        waiting.removeFirst()
        start(head)
      case .body(let piece):
        waiting.removeFirst()
        exchange?.requestBody(piece, into: &actions)
      case .end:
        waiting.removeFirst()
        if isDiscarding { discarded() } else { exchange?.requestEnd(into: &actions) }
      }
    }
    if let fault = waitingFault, !isClosing { serve(fault) }
    perform()
  }

  /// What came cannot be read on: the request that it belongs to fails, or gets an answer of its own in its turn.
  private func serve(_ fault: GatewayError) {
    if exchange == nil {
      waitingFault = nil
      answerUnreadable(fault)
    } else if exchange?.requestEnded == false {
      waitingFault = nil
      exchange?.giveUp(fault, into: &actions)
    }
  }

  private func start(_ head: HTTPRequestHead) {
    loop.observer.requestStarted()
    started = loop.eventLoop.now
    let identifier = head.headers.first(name: "x-request-id") ?? loop.nextRequestID()
    var exchange = ProxyExchange(
      head: head, client: client, requestID: identifier,
      maximumBodyBytes: loop.configuration.maximumRequestBodyBytes)
    if loop.isDraining { exchange.drain() }
    if let context { exchange.clientWritability(context.channel.isWritable, into: &actions) }
    exchange.begin(into: &actions)
    self.exchange = exchange
  }

  /// Carries out what the exchange asked for, including what is asked meanwhile.
  func perform() {
    guard !isPerforming else { return }
    isPerforming = true
    while let action = actions.popFirst() { perform(action) }
    isPerforming = false
    if !isInBurst { flushAll() }
    upstream?.setReading(exchange?.readsUpstream ?? true)
    updateDeadlines()
    resumeReading()
  }

  /// The endpoint's burst of bytes begins or ends: writes in between are flushed together.
  func setBurst(_ isInBurst: Bool) { self.isInBurst = isInBurst }

  func flushClient() {
    guard clientIsDirty else { return }
    clientIsDirty = false
    context?.flush()
  }

  private func flushAll() {
    flushClient()
    if upstreamIsDirty {
      upstreamIsDirty = false
      upstream?.flush()
    }
  }

  private var readsClient: Bool {
    if isClosing { return true }
    return (exchange?.readsClient ?? true) && waiting.isEmpty
  }

  private func resumeReading() {
    guard readIsWaiting, readsClient else { return }
    readIsWaiting = false
    context?.read()
  }
}
