import Logging
import NIOCore
import NIOHTTP1
import Routing

/// A client's connection: turns HTTP parts into events of a ``ProxyExchange`` and carries out its actions.
///
/// Requests are served one after another; what a client sends ahead waits in `waiting` while reading pauses.
final class ClientHandler: ChannelInboundHandler, ChannelOutboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  let loop: LoopContext
  let client: ClientInfo
  var context: ChannelHandlerContext?
  var exchange: ProxyExchange?
  var actions = ExchangeActions()
  var upstream: UpstreamHandler?
  var dispatched: EndpointID?
  var attempt = 0
  var clientIsDirty = false
  var upstreamIsDirty = false
  var isClosing = false
  private var waiting = CircularBuffer<HTTPServerRequestPart>()
  private var waitingFault: ProxyFault?
  private var isPerforming = false
  private var isInBurst = false
  private var readIsWaiting = false
  private var deadline = ConnectionDeadline()
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
    exchange?.clientClosed(into: &actions)
    perform()
    loop.remove(self)
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isClosing else { return }
    isInBurst = true
    waiting.append(unwrapInboundIn(data))
    serveWaiting()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isInBurst = false
    perform()
    context.fireChannelReadComplete()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    exchange?.clientWritability(context.channel.isWritable, into: &actions)
    perform()
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let fault = fault(for: error) else { return context.close(promise: nil) }
    guard !isClosing else { return }
    isInBurst = false
    if exchange != nil, exchange?.requestEnded == false {
      exchange?.giveUp(fault, into: &actions)
      return perform()
    }
    waitingFault = fault
    serveWaiting()
  }

  func read(context: ChannelHandlerContext) {
    if readsClient { context.read() } else { readIsWaiting = true }
  }

  // MARK: From outside

  /// Bytes came that may not be a whole head yet.
  func bytesArrived() {
    guard !isClosing else { return }
    if exchange == nil {
      if deadline.kind != .head { wait(for: .head, seconds: loop.configuration.headerTimeoutSeconds) }
    } else if exchange?.awaitsBody == true {
      wait(for: .body, seconds: loop.configuration.bodyIdleTimeoutSeconds)
    }
  }

  /// Serves the running request, then closes.
  func drain() {
    if exchange == nil { return closeNow() }
    exchange?.drain()
  }

  /// Closes at once.
  func closeNow() { context?.close(promise: nil) }

  // MARK: Serving

  /// Feeds what has come to the exchange, as far as it is its turn.
  func serveWaiting() {
    while let part = waiting.first, !isClosing {
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
        exchange?.requestEnd(into: &actions)
      }
      perform()
    }
    guard let fault = waitingFault, exchange == nil, !isClosing else { return }
    waitingFault = nil
    answerUnreadable(fault)
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
    updateDeadline()
    resumeReading()
  }

  /// The endpoint's burst of bytes begins or ends: writes in between are flushed together.
  func setBurst(_ isInBurst: Bool) { self.isInBurst = isInBurst }

  func flushAll() {
    if clientIsDirty {
      clientIsDirty = false
      context?.flush()
    }
    if upstreamIsDirty {
      upstreamIsDirty = false
      upstream?.flush()
    }
  }

  /// Waits for the next request of this connection.
  func becomeIdle() {
    if loop.isDraining { return closeNow() }
    wait(for: .idle, seconds: loop.configuration.clientIdleTimeoutSeconds)
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

  // MARK: Deadlines

  private func updateDeadline() {
    guard let exchange, !isClosing else { return }
    if exchange.awaitsBody {
      if deadline.kind != .body { wait(for: .body, seconds: loop.configuration.bodyIdleTimeoutSeconds) }
    } else {
      deadline.clear()
    }
  }

  private func wait(for kind: ConnectionDeadline.Kind, seconds: Int64) {
    deadline.set(kind, loop.eventLoop.now + .seconds(seconds), on: loop.eventLoop) { [weak self] in self?.timerFired() }
  }

  private func timerFired() {
    let passed = deadline.fired(now: loop.eventLoop.now, on: loop.eventLoop) { [weak self] in self?.timerFired() }
    guard let passed, !isClosing else { return }
    switch passed {
    case .idle: closeNow()
    case .head: answerUnreadable(.headTimeout)
    case .body:
      exchange?.bodyTimedOut(into: &actions)
      perform()
    }
  }
}
