import NIOCore

// What a client's connection waits for, and for how long.
extension ClientHandler {
  func wait(for kind: ClientWait, seconds: Int64) {
    deadline.set(kind, in: .seconds(seconds))
  }

  /// Waits after a response: a client that is still taking it when the time is over gets the same time again.
  func waitWhileTaken(for kind: ClientWait, seconds: Int64) {
    unsentAtDeadline = unsent
    wait(for: kind, seconds: seconds)
  }

  /// Bytes of the body came that the request waits for.
  func bodyProgressed(_ bytes: Int) {
    bodyProgress += bytes
    if bodyProgress >= loop.configuration.minimumBodyBytes { waitForBody() }
  }

  func updateDeadlines() {
    guard runner.isRunning else {
      stopWatching()
      // A head that never becomes whole must not hold a connection for ever; one that has its turn only later may be whole.
      if connection.isInHead && takesRequests && deadline.kind != .head {
        wait(for: .head, seconds: loop.configuration.headerTimeoutSeconds)
      } else if connection.phase == .idle && !connection.isInHead && deadline.kind == .rest {
        becomeIdle()
      }
      return
    }
    if runner.standing.awaitsBody {
      if deadline.kind != .body { waitForBody() }
    } else {
      deadline.clear()
    }
    if isWritable {
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

  /// What was waited for did not come in time.
  func passed(_ kind: ClientWait) {
    switch kind {
    case .closing where takesResponse: waitToClose()
    case .closing: closeNow()
    case _ where isClosing: return
    case .idle where takesResponse: becomeIdle()
    case .rest where takesResponse: discardRest()
    case .idle, .rest: closeNow()
    case .head: runner.refuse(.headTimeout)
    case .body:
      runner.tell { $0.bodyTimedOut(into: &$1) }
      runner.perform()
    }
  }

  private var takesResponse: Bool { unsent < unsentAtDeadline }

  private var unsent: Int { context?.unsentBytes ?? 0 }

  private func stopWatching() {
    stall = nil
    stallDeadline.clear()
  }

  private func lookAgain() {
    stallDeadline.set((), in: StallWatch.pause(seconds: loop.configuration.clientStallTimeoutSeconds))
  }

  /// Looks whether the client takes what is sent to it.
  func lookForStall() {
    guard !isClosing, let hasStalled = stall?.look(unsent: unsent) else { return }
    guard hasStalled else { return lookAgain() }
    runner.tell { $0.clientStalled(into: &$1) }
    runner.perform()
    closeNow()
  }
}
