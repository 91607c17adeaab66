import NIOCore

/// What one request of a connection of HTTP/2 waits for from its client: more of the body, or that it takes the response.
final class HTTP2StreamWaits {
  weak var stream: HTTP2Stream?
  private let loop: LoopContext
  private var bodyProgress = 0
  private var stall: StallWatch?
  // Most requests wait for neither.
  private lazy var body = makeDeadline { [unowned self] in
    stream?.runner.tell { $0.bodyTimedOut(into: &$1) }
    stream?.runner.perform()
  }
  private lazy var look = makeDeadline { [unowned self] in lookForStall() }
  private var hasDeadlines = false

  init(loop: LoopContext) { self.loop = loop }

  /// Bytes of the body that the request waits for came.
  func bodyProgressed(_ bytes: Int) {
    bodyProgress += bytes
    if bodyProgress >= loop.configuration.minimumBodyBytes, hasDeadlines, body.kind != nil { waitForBody() }
  }

  /// Sets what the stream waits for, as it stands.
  func update() {
    guard let stream else { return }
    if stream.runner.standing.awaitsBody {
      if !hasDeadlines || body.kind == nil { waitForBody() }
    } else if hasDeadlines {
      body.clear()
    }
    if stream.isWritable || !stream.runner.isRunning {
      stall = nil
      if hasDeadlines { look.clear() }
    } else if stall == nil {
      stall = StallWatch(unsent: stream.unsent)
      lookAgain()
    }
  }

  /// Waits for nothing.
  func clear() {
    stall = nil
    guard hasDeadlines else { return }
    body.clear()
    look.clear()
  }

  /// The same, for good.
  func cancel() {
    guard hasDeadlines else { return }
    body.cancel()
    look.cancel()
  }

  private func makeDeadline(_ action: @escaping () -> Void) -> ConnectionDeadline<Void> {
    hasDeadlines = true
    let deadline = ConnectionDeadline<Void>(on: loop.eventLoop)
    deadline.onPassed { _ in action() }
    return deadline
  }

  private func waitForBody() {
    bodyProgress = 0
    body.set((), in: .seconds(loop.configuration.bodyIdleTimeoutSeconds))
  }

  private func lookAgain() {
    look.set((), in: StallWatch.pause(seconds: loop.configuration.clientStallTimeoutSeconds))
  }

  private func lookForStall() {
    guard let stream, let hasStalled = stall?.look(unsent: stream.unsent) else { return }
    guard hasStalled else { return lookAgain() }
    stream.runner.tell { $0.clientStalled(into: &$1) }
    stream.runner.perform()
  }
}
