import KubernetesClient

/// Decides after each look at a kind that cannot be read yet: is it worth a line in the log, and when to look again.
/// Reads no clock and draws no chance.
struct KindLook: Sendable {
  struct Verdict: Equatable, Sendable {
    /// Whether it differs from the look before, or has not been told for a minute.
    var isNews: Bool
    var pause: Duration
  }

  /// What lasts is told again so often, in nanoseconds: a log is read from its end.
  static let tellAgain: UInt64 = 60_000_000_000

  /// Whether the server did not serve the kind when it last gave an answer.
  private(set) var isMissing = false
  private let missingPause: Duration
  private let delays: ClosedRange<Duration>
  private var pace: WatchStateMachine
  private var told: (problem: String, at: UInt64)?

  /// - Parameters:
  ///   - missingPause: the pause after a kind was found to be not served.
  ///   - delays: the shortest and the longest pause after failures; they double in between.
  init(missingPause: Duration, delays: ClosedRange<Duration>) {
    self.missingPause = missingPause
    self.delays = delays
    pace = WatchStateMachine(delays: delays)
  }

  /// The kind is not served. This is told once: it is a way to install, not a fault.
  mutating func missing() -> Verdict {
    defer {
      isMissing = true
      told = nil
      pace = WatchStateMachine(delays: delays)
    }
    return Verdict(isNews: !isMissing, pause: missingPause)
  }

  /// The look failed.
  ///
  /// - Parameters:
  ///   - retryAfter: the pause that the server asks for; kept where it is longer than ours, up to two minutes.
  ///   - now: monotonic time in nanoseconds.
  ///   - jitter: from 0 up to 1; moves the pause between half of its length and all of it.
  mutating func failed(_ problem: String, retryAfter: Duration?, now: UInt64, jitter: Double) -> Verdict {
    let isNews = told.map { $0.problem != problem || now - $0.at >= Self.tellAgain } ?? true
    if isNews { told = (problem, now) }
    guard case .wait(let pause)? = pace.handle(.listFailed(.other(retryAfter: retryAfter)), jitter: jitter) else {
      return Verdict(isNews: isNews, pause: delays.upperBound)
    }
    return Verdict(isNews: isNews, pause: pause)
  }
}
