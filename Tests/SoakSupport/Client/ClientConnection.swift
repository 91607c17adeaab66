import NIOCore
import NIOPosix

/// One connection of a client: plays the script of a turn and collects what comes.
final class ClientConnection: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  private var context: ChannelHandlerContext?
  private var reader = MessageReader(readsRequests: false)
  private var turn: SoakTurn?
  private var steps: ArraySlice<SoakScript.Step> = []
  private var waitsForContinue = false
  private var sawFinalHead = false
  private var isPaused = false
  private var outcomes: [Outcome] = []
  private var current: Outcome?
  private var onDone: (([Outcome], Bool) -> Void)?
  private let ledger: Ledger
  private var watch: Scheduled<Void>?
  /// No turn takes as long.
  private static let patience = TimeAmount.seconds(30)
  private var hasEnded = false
  private var wasReset = false

  init(ledger: Ledger) { self.ledger = ledger }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  /// Plays a turn; `done` is called with an outcome for each request, and whether the connection can play another.
  func play(_ turn: SoakTurn, done: @escaping ([Outcome], Bool) -> Void) {
    self.turn = turn
    steps = SoakScript(turn).steps[...]
    outcomes = []
    current = nil
    (waitsForContinue, sawFinalHead) = (false, false)
    onDone = done
    if hasEnded || reader.isInside { return end() }
    watch = context?.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { [self] in hangs(turn) }
    expectNext()
    run()
  }

  func close() { context?.close(promise: nil) }

  private func hangs(_ turn: SoakTurn) {
    ledger.fault(
      "turn \(turn.number), \(turn.manner), hangs: \(turn.requests.map { "\($0.form) \($0.answer) \(ledger.entry($0.id))" }), "
        + "\(outcomes.count) outcomes, then \(current?.status ?? 0), waits for continue \(waitsForContinue)")
    close()
  }

  // MARK: Sending

  private func run() {
    while !isPaused, !waitsForContinue, onDone != nil, let step = steps.popFirst() {
      switch step {
      case .send(let bytes): context?.writeAndFlush(NIOAny(bytes), promise: nil)
      case .pause(let time):
        pause(time) {
          $0.isPaused = false; $0.run()
        }
      case .awaitContinue: waitsForContinue = true
      case .readLater(let time): readLater(time)
      case .close:
        leave()
        close()
      case .reset:
        leave()
        if let context { SocketEnd.reset(context) }
      }
    }
    finishIfDone()
  }

  private func pause(_ time: TimeAmount, _ then: @escaping (ClientConnection) -> Void) {
    isPaused = true
    after(time, then)
  }

  private func after(_ time: TimeAmount, _ then: @escaping (ClientConnection) -> Void) {
    guard let loop = context?.eventLoop else { return }
    loop.assumeIsolated().scheduleTask(in: time) { then(self) }
  }

  private func readLater(_ time: TimeAmount) {
    setReading(false)
    after(time) { $0.setReading(true) }
  }

  private func setReading(_ reads: Bool) {
    do {
      try context?.channel.syncOptions?.setOption(.autoRead, value: reads)
    } catch {
      close()
    }
  }

  // MARK: Receiving

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    reader.receive(unwrapInboundIn(data))
    guard onDone != nil else { return }
    while onDone != nil, let part = reader.next() { take(part) }
    run()
  }

  private func take(_ part: MessageReader.Part) {
    switch part {
    case .head(let head) where head.status == 100:
      if !waitsForContinue { ledger.fault("turn \(turn?.number ?? -1): 100 Continue that nobody asked for") }
      waitsForContinue = false
    case .head(let head) where head.status < 200: break
    case .head(let head):
      sawFinalHead = true
      current = Outcome(head)
    case .body(var piece): current?.body.writeBuffer(&piece)
    case .end: endResponse()
    case .fault(let reason):
      ledger.fault("turn \(turn?.number ?? -1): a client got what is no response: \(reason)")
      close()
    }
  }

  private func endResponse() {
    guard var outcome = current, let turn else { return }
    outcome.ending = .whole
    current = nil
    outcomes.append(outcome)
    if outcomes.count < turn.requests.count { return expectNext() }
    if reader.holdsBytes, !outcome.saysClose {
      ledger.fault("turn \(turn.number): bytes behind the last response")
    }
  }

  private func expectNext() {
    guard let turn, outcomes.count < turn.requests.count else { return }
    reader.isHead = turn.requests[outcomes.count].form == .head
  }

  private func finishIfDone() {
    guard let turn, onDone != nil, outcomes.count == turn.requests.count else { return }
    let last = outcomes.last
    if last?.saysClose == true || waitsForContinue { return finish(reusable: false) }
    if steps.isEmpty && !isPaused { finish(reusable: turn.manner != .lazyReader) }
  }

  // MARK: Endings

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    wasReset = true
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    hasEnded = true
    // Where the end of the connection is the end of the response, only an orderly one is.
    if !wasReset, reader.close(), current != nil { endResponse() }
    end()
  }

  /// The client goes away.
  private func leave() {
    guard let turn else { return }
    while outcomes.count < turn.requests.count {
      var outcome = Outcome()
      outcome.ending = .left
      outcomes.append(outcome)
    }
    finish(reusable: false)
  }

  /// The connection has ended.
  private func end() {
    guard let turn, onDone != nil else { return }
    if outcomes.count < turn.requests.count {
      // Behind a response that said so, or was cut short, nothing else is answered.
      let wasLast = outcomes.last?.saysClose ?? false
      var outcome = current ?? Outcome()
      if current == nil && wasLast { outcome.ending = .skipped }
      outcomes.append(outcome)
    }
    while outcomes.count < turn.requests.count {
      var outcome = Outcome()
      outcome.ending = .skipped
      outcomes.append(outcome)
    }
    finish(reusable: false)
  }

  private func finish(reusable: Bool) {
    watch?.cancel()
    watch = nil
    let done = onDone
    onDone = nil
    turn = nil
    done?(outcomes, reusable && !hasEnded)
  }
}
