/// Leaves a picker alone that failed again and again, and tries it with one request at a time: a state machine that is told the
/// time.
struct PickerBreaker: Equatable {
  /// Failures in a row for which it opens.
  static let failuresUntilOpen = 3
  /// How long it is open at first, in nanoseconds: 1 s. Each time that the trial fails it is open for twice as long.
  static let firstPause: UInt64 = 1_000_000_000
  /// The longest: 30 s.
  static let longestPause: UInt64 = 30_000_000_000

  /// How long the last failure is remembered at least, in nanoseconds: 5 min.
  static let memory: UInt64 = 300_000_000_000

  private var failures = 0
  private var failedAt: UInt64 = 0
  private var pauses = 0
  private var openUntil: UInt64 = 0
  /// The request that tries, since then.
  private var triedAt: UInt64?

  /// Whether a request may be sent now. The one that is let through after a pause is a trial, and others wait for what comes of it,
  /// at most for ``firstPause``.
  mutating func admits(now: UInt64) -> Bool {
    guard failures >= Self.failuresUntilOpen else { return true }
    guard now >= openUntil else { return false }
    if let triedAt, now < triedAt + Self.firstPause { return false }
    triedAt = now
    return true
  }

  /// The picker could not be reached, was lost, or did not answer in time.
  mutating func failed(now: UInt64) {
    failures += 1
    failedAt = now
    guard failures >= Self.failuresUntilOpen, now >= openUntil else { return }
    openUntil = now + min(Self.firstPause << UInt64(min(pauses, 8)), Self.longestPause)
    pauses += 1
    triedAt = nil
  }

  /// Whether nothing is known against the picker that is worth being kept.
  func isForgotten(now: UInt64) -> Bool { failures == 0 || now >= failedAt + Self.memory }

  /// The picker has answered.
  mutating func succeeded() { if failures > 0 { self = PickerBreaker() } }
}
