import NIOCore
import Routing

/// A client of a listener of TLS that does not look inside: its bytes go to an endpoint, and the endpoint's come back. Nothing of
/// them is read; which endpoint it is, how often another is tried and how it ends is an exchange's affair, as it is of requests.
final class TunnelHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let loop: LoopContext
  private let client: ClientInfo
  /// What stands for a request: the name that the client asks for is its host.
  private let head: RequestHead
  /// TLS ends at the endpoint; until the tunnel is open the gateway could still say why it is not.
  private let isTLS: Bool
  private lazy var runner = ExchangeRunner(loop: loop, client: client, stream: self)
  private let outgoing: OutgoingBytes
  private var context: ChannelHandlerContext?
  /// What has come and is not wanted yet.
  private var held = ByteBuffer()
  private var isOpen = false
  private var inputHasEnded = false
  private var endIsTold = false
  private var hasShutOutput = false
  private var isOver = false
  private var readIsWaiting = false
  private let deadline: ConnectionDeadline<Wait>
  private var stall: StallWatch?
  private var unsentAtDeadline = 0

  private enum Wait {
    /// That the client takes any of what is sent to it.
    case taking
    /// That it takes the last of it, and closes.
    case closing
  }

  init(loop: LoopContext, client: ClientInfo, name: String?, isTLS: Bool) {
    self.loop = loop
    self.client = client
    self.isTLS = isTLS
    head = RequestHead(method: "", path: "/", authority: name ?? "")
    outgoing = OutgoingBytes(scratch: loop.scratch)
    deadline = ConnectionDeadline(on: loop.eventLoop)
    deadline.onPassed { [unowned self] in passed($0) }
  }

  // MARK: The channel's events

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    loop.add(self)
    context.allowHalfClosure()
    runner.begin(head, .none, fault: nil, passage: .connection(isTLS: isTLS))
    runner.requestEnd()
    runner.perform()
  }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isOver { return }
    var bytes = unwrapInboundIn(data)
    if held.readableBytes == 0 { held = bytes } else { held.writeBuffer(&bytes) }
    handOn()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .inputClosed? = event as? ChannelEvent {
      inputHasEnded = true
      handOn()
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    runner.tell { [isWritable] in $0.clientWritability(isWritable, into: &$1) }
    runner.perform()
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    lose()
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    // Behind the end of what is sent, the end of what comes is the end of the connection: what was held back has no other moment.
    if hasShutOutput {
      inputHasEnded = true
      handOn(all: true)
    }
    lose()
    isOver = true
    deadline.cancel()
    runner.cancelTimers()
    loop.remove(self)
    context.fireChannelInactive()
  }

  func read(context: ChannelHandlerContext) {
    if reads { context.read() } else { readIsWaiting = true }
  }

  // MARK: What passes

  private var reads: Bool { isOver || isOpen && held.readableBytes == 0 && runner.standing.readsClient }

  private func handOn(all: Bool = false) {
    guard isOpen, runner.isRunning, all || runner.standing.readsClient else { return }
    if held.readableBytes > 0 {
      let bytes = held
      held = ByteBuffer()
      runner.requestBody(bytes)
    }
    if inputHasEnded, !endIsTold {
      endIsTold = true
      runner.requestEnd()
    }
    runner.perform()
  }

  private func lose() {
    runner.tell { $0.clientClosed(into: &$1) }
    runner.perform()
  }

  private var unsent: Int { context?.unsentBytes ?? 0 }

  private func watch() {
    if isWritable || isOver {
      stall = nil
      if deadline.kind == .taking { deadline.clear() }
    } else if stall == nil {
      stall = StallWatch(unsent: unsent)
      lookLater()
    }
  }

  private func lookLater() {
    deadline.set(.taking, in: StallWatch.pause(seconds: loop.configuration.clientStallTimeoutSeconds))
  }

  private func passed(_ wait: Wait) {
    if wait == .closing { return unsent < unsentAtDeadline ? waitToClose() : closeNow() }
    guard let hasStalled = stall?.look(unsent: unsent) else { return }
    guard hasStalled else { return lookLater() }
    runner.tell { $0.clientStalled(into: &$1) }
    runner.perform()
  }
}

extension TunnelHandler: ClientConnection {
  /// It goes on until the time for that is over.
  func drain() {}

  func closeNow() { context?.close(promise: nil) }
}

extension TunnelHandler: ClientStream {
  var isWritable: Bool { context?.channel.isWritable ?? false }

  func sendUpgrade(_ head: ResponseHead) { isOpen = true }

  func sendBody(_ piece: ByteBuffer) { outgoing.write(piece, to: context) }

  func sendEnd() {
    hasShutOutput = true
    outgoing.shut(context)
  }

  /// The TLS is not ours, so that not even an alert could be told: the end of the connection is the answer.
  func sendAnswer(_ error: GatewayError, ends: Bool) -> Int { 0 }

  func flush() { outgoing.flush(context) }

  func performed() {
    if held.readableBytes > 0 || inputHasEnded && !endIsTold { handOn() }
    watch()
    guard readIsWaiting, reads else { return }
    readIsWaiting = false
    context?.read()
  }

  func finished(_ ending: ExchangeAction.Ending) {
    isOver = true
    held = ByteBuffer()
    if case .truncated = ending { return context?.closeWithReset() ?? () }
    if !hasShutOutput { outgoing.shut(context) }
    waitToClose()
  }

  private func waitToClose() {
    unsentAtDeadline = unsent
    deadline.set(.closing, in: .seconds(loop.configuration.clientCloseTimeoutSeconds))
  }

  // Nothing of HTTP is ever said here.
  func sendContinue() {}
  func sendInterim(_ head: ResponseHead) {}
  func sendHead(_ head: ResponseHead, _ framing: BodyFraming, hasChunks: Bool) -> Bool { false }
  func sendTrailer(_ fields: FieldBlock) {}
}
