import NIOCore

// What a client's connection waits for, and for how long.
extension ClientHandler {
  /// Bytes came; says whether anything can still become of them.
  func takesBytes(_ bytes: ByteBuffer) -> Bool {
    guard !isClosing, !isDeaf else { return false }
    if exchange == nil {
      if !isDiscarding { headArrives(bytes) }
    } else if exchange?.awaitsBody == true {
      bodyProgress += bytes.readableBytes
      if bodyProgress >= loop.configuration.minimumBodyBytes { waitForBody() }
    }
    return true
  }

  private func headArrives(_ bytes: ByteBuffer) {
    if deadline.kind != .head {
      guard !NextHead.isBlank(bytes) else { return }
      waitForHead()
      hasRequestLine = false
    }
    if !hasRequestLine { hasRequestLine = bytes.readableBytesView.contains(UInt8(ascii: "\n")) }
  }

  /// A head that never becomes whole must not hold a connection for ever.
  func waitForHead() { wait(for: .head, seconds: loop.configuration.headerTimeoutSeconds) }

  func wait(for kind: ClientWait, seconds: Int64) {
    deadline.set(kind, loop.eventLoop.now + .seconds(seconds), on: loop.eventLoop) { [weak self] in self?.timerFired() }
  }

  /// Waits after a response: a client that is still taking it when the time is over gets the same time again.
  func waitWhileTaken(for kind: ClientWait, seconds: Int64) {
    unsentAtDeadline = unsent
    wait(for: kind, seconds: seconds)
  }

  func updateDeadlines() {
    guard let exchange, !isClosing else { return stopWatching() }
    if exchange.awaitsBody {
      if deadline.kind != .body { waitForBody() }
    } else {
      deadline.clear()
    }
    if exchange.clientWritable {
      stopWatching()
    } else if stall == nil {
      stall = StallWatch(unsent: unsent)
      lookAgain()
    }
  }

  private func waitForBody() {
    bodyProgress = 0
    wait(for: .body, seconds: loop.configuration.bodyIdleTimeoutSeconds)
  }

  private func timerFired() {
    let passed = deadline.fired(now: loop.eventLoop.now, on: loop.eventLoop) { [weak self] in self?.timerFired() }
    switch passed {
    case nil: return
    case .closing where takesResponse: waitToClose()
    case .closing: closeNow()
    case _ where isClosing: return
    case .idle where takesResponse: becomeIdle()
    case .rest where takesResponse: discardRest()
    case .idle, .rest: closeNow()
    case .head: answerUnreadable(.headTimeout)
    case .body:
      exchange?.bodyTimedOut(into: &actions)
      perform()
    }
  }

  private var takesResponse: Bool { unsent < unsentAtDeadline }

  private var unsent: Int {
    do {
      return try context?.channel.syncOptions?.getOption(.bufferedWritableBytes) ?? 0
    } catch {
      return 0  // A channel that cannot tell is judged by its writability alone.
    }
  }

  private func stopWatching() {
    stall = nil
    stallDeadline.clear()
  }

  private func lookAgain() {
    let pause = TimeAmount.milliseconds(
      1000 * loop.configuration.clientStallTimeoutSeconds / Int64(StallWatch.looksUntilStalled))
    stallDeadline.set((), loop.eventLoop.now + pause, on: loop.eventLoop) { [weak self] in self?.lookForStall() }
  }

  private func lookForStall() {
    let again: () -> Void = { [weak self] in self?.lookForStall() }
    guard stallDeadline.fired(now: loop.eventLoop.now, on: loop.eventLoop, fire: again) != nil, !isClosing,
      let hasStalled = stall?.look(unsent: unsent)
    else { return }
    guard hasStalled else { return lookAgain() }
    exchange?.clientStalled(into: &actions)
    perform()
  }
}
