import NIOCore

/// What a client's connection waits for.
enum ClientWait {
  /// A request.
  case idle
  /// The rest of a request's head.
  case head
  /// More of a request's body.
  case body
  /// The rest of a request that is answered.
  case rest
  /// That the client takes the end of its last response, and closes its side.
  case closing
}

/// A timer of a client's connection. Moving its deadline later costs no call to the event loop: the timer
/// finds the new deadline when it fires.
struct ConnectionDeadline<Kind> {
  /// What is waited for; `nil` waits for nothing.
  private(set) var kind: Kind?
  private var deadline = NIODeadline.distantFuture
  private var timer: Scheduled<Void>?
  private var timerFires = NIODeadline.distantFuture

  /// Waits for `kind` until `deadline`.
  mutating func set(_ kind: Kind, _ deadline: NIODeadline, on loop: any EventLoop, fire: @escaping () -> Void) {
    self.kind = kind
    self.deadline = deadline
    if timer != nil && timerFires <= deadline { return }
    timer?.cancel()
    timerFires = deadline
    timer = loop.assumeIsolated().scheduleTask(deadline: deadline, fire)
  }

  /// Waits for nothing.
  mutating func clear() { kind = nil }

  /// Waits for nothing and lets go of the timer.
  mutating func cancel() {
    clear()
    timer?.cancel()
    timer = nil
  }

  /// The timer fired: what has passed its deadline, if anything; else the timer is set anew.
  mutating func fired(now: NIODeadline, on loop: any EventLoop, fire: @escaping () -> Void) -> Kind? {
    timer = nil
    guard let kind else { return nil }
    if deadline <= now {
      self.kind = nil
      return kind
    }
    set(kind, deadline, on: loop, fire: fire)
    return nil
  }
}
