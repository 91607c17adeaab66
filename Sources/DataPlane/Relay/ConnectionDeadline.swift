import NIOCore

/// A timer of a connection. Moving its deadline later costs no call to the event loop: the timer finds the new deadline when
/// it fires. A class, so that what it calls is kept once and not made anew at each request.
final class ConnectionDeadline<Kind> {
  /// What is waited for; `nil` waits for nothing.
  private(set) var kind: Kind?
  private var deadline = NIODeadline.distantFuture
  private var timer: Scheduled<Void>?
  private var timerFires = NIODeadline.distantFuture
  private let loop: any EventLoop
  private var onPassed: ((Kind) -> Void)?

  init(on loop: any EventLoop) { self.loop = loop }

  /// From now on calls `action` with what was waited for when a deadline has passed.
  func onPassed(_ action: @escaping (Kind) -> Void) { onPassed = action }

  /// Waits for `kind` for so many nanoseconds.
  func set(_ kind: Kind, in pause: TimeAmount) {
    self.kind = kind
    deadline = loop.now + pause
    if timer != nil && timerFires <= deadline { return }
    timer?.cancel()
    start()
  }

  /// Waits for nothing.
  func clear() { kind = nil }

  /// Waits for nothing and lets go of the timer, for good.
  func cancel() {
    clear()
    timer?.cancel()
    timer = nil
    onPassed = nil
  }

  private func start() {
    timerFires = deadline
    timer = loop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in self?.fired() }
  }

  private func fired() {
    timer = nil
    guard let kind else { return }
    guard deadline <= loop.now else { return start() }
    self.kind = nil
    onPassed?(kind)
  }
}
