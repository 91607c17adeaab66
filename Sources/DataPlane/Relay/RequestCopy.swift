import NIOCore
import Routing

/// A copy of a request on its way to a mirror: the same exchange once more, whose client takes everything and cares for
/// nothing. It neither slows nor fails the original.
final class RequestCopy: ClientStream {
  /// So many bytes may pile up for an endpoint that does not take them.
  private static let mostUnsent = 1 << 20

  private let loop: LoopContext
  private(set) lazy var runner = ExchangeRunner(loop: loop, client: client, stream: self)
  private let client: ClientInfo
  private var unsent = 0

  init(loop: LoopContext, client: ClientInfo) {
    self.loop = loop
    self.client = client
  }

  /// Sends the request as it stands now, and what is fed from now on, where the plan says.
  func begin(_ exchange: ProxyExchange, _ plan: ForwardPlan) {
    loop.add(self)
    runner.begin(copyOf: exchange, plan)
  }

  /// More of the request's body.
  func feed(_ piece: ByteBuffer) {
    unsent = runner.standing.readsClient ? 0 : unsent + piece.readableBytes
    if unsent > Self.mostUnsent { return abandon() }
    runner.tell { $0.requestBody(piece, into: &$1) }
    runner.perform()
  }

  /// The fields behind the request's body; ``end()`` follows.
  func feed(trailer fields: FieldBlock) { runner.requestTrailer(fields) }

  /// The request has come whole.
  func end() {
    runner.tell { $0.requestEnd(into: &$1) }
    runner.perform()
  }

  /// The rest of the request will not come, or is not worth waiting for.
  func abandon() {
    runner.tell { $0.clientClosed(into: &$1) }
    runner.perform()
  }

  // MARK: ClientStream

  var isWritable: Bool { true }
  func sendContinue() {}
  func sendInterim(_ head: ResponseHead) {}
  func sendHead(_ head: ResponseHead, _ framing: BodyFraming, hasChunks: Bool) -> Bool { false }
  func sendUpgrade(_ head: ResponseHead) {}
  func sendBody(_ piece: ByteBuffer) {}
  func sendTrailer(_ fields: FieldBlock) {}
  func sendEnd() {}
  func sendAnswer(_ error: GatewayError, ends: Bool) -> Int { 0 }
  func flush() {}
  func performed() {}

  func finished(_ ending: ExchangeAction.Ending) {
    runner.cancelTimers()
    // Not at once: the runner is still at work.
    loop.eventLoop.assumeIsolated().execute { [self] in loop.remove(self) }
  }
}

// Copies of the running request.
extension ExchangeRunner {
  /// Begins copies of the request, as it stands before its decision takes effect.
  func mirror(_ plans: [ForwardPlan]) {
    // What two sides say to each other in a protocol of their own cannot be said to a third.
    guard isRunning, !isCopy, exchange.passage == .none else { return }
    for plan in plans where loop.hasRoomForCopy {
      let copy = RequestCopy(loop: loop, client: client)
      copy.begin(exchange, plan)
      if !exchange.requestEnded { mirrors.append(copy) }
    }
  }

  /// Bytes of the client's body, or of a tunnel.
  func requestBody(_ piece: ByteBuffer) {
    bodyArrives()
    if upstreamDeadline.kind == .tunnelBytes { setUpstreamDeadline(.tunnelBytes) }
    tell { $0.requestBody(piece, into: &$1) }
    for copy in mirrors { copy.feed(piece) }
  }

  /// The fields behind the client's body; ``requestEnd()`` follows.
  func requestTrailer(_ fields: FieldBlock) {
    tell { exchange, _ in exchange.requestTrailer(fields) }
    for copy in mirrors { copy.feed(trailer: fields) }
  }

  /// The client's body is complete.
  func requestEnd() {
    tell { $0.requestEnd(into: &$1) }
    for copy in mirrors { copy.end() }
    mirrors = []
  }

  /// Copies of a request that did not come whole are given up.
  func endMirroring() {
    for copy in mirrors { copy.abandon() }
    mirrors = []
  }
}
