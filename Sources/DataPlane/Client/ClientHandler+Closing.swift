import NIOCore

// The ways in which a client's connection ends.
extension ClientHandler {
  /// Serves the running request, then closes.
  func drain() {
    connection.isDraining = true
    // Nothing was asked that an answer could be lost of, and some clients look at a resting connection only when they need it.
    if !runner.isRunning && !isClosing { closeWhenWritten(lingers: connection.phase != .idle) }
  }

  /// Closes at once.
  func closeNow() {
    connection.close()
    context?.close(promise: nil)
  }

  /// Closes at once with a reset: where the end of the connection is the end of the response, only a reset tells that
  /// the response was cut short.
  func closeWithReset() {
    connection.close()
    context?.closeWithReset()
  }

  /// Closes once the client has been sent all that was written, or will not take it. A client that is still sending would
  /// lose the answer to a reset, and those before it, so it may go on for a moment after our side is closed: what it has sent
  /// may be with the system already, where nobody sees it.
  func closeWhenWritten(lingers: Bool = true) {
    connection.close()
    guard let context else { return }
    let promise = context.eventLoop.makePromise(of: Void.self)
    outgoing.flush(context, promise: promise)
    waitToClose()
    promise.futureResult.assumeIsolated().whenComplete { [weak self] _ in
      guard let self, let context = self.context else { return }
      guard lingers else { return context.close(promise: nil) }
      context.close(mode: .output, promise: nil)
      self.waitToClose(seconds: 2)
    }
  }

  /// Waits until the client has taken all, or has closed its side.
  func waitToClose(seconds: Int64? = nil) {
    waitWhileTaken(for: .closing, seconds: seconds ?? loop.configuration.clientCloseTimeoutSeconds)
  }

  /// Waits for the next request of this connection.
  func becomeIdle() {
    if loop.isDraining { return closeWhenWritten() }
    connection.shrink()
    waitWhileTaken(for: .idle, seconds: loop.configuration.clientIdleTimeoutSeconds)
  }

  /// The answer was sent before the request had come whole: its rest is dropped, then the next one is served.
  func discardRest() {
    waitWhileTaken(for: .rest, seconds: loop.configuration.bodyIdleTimeoutSeconds)
  }
}
