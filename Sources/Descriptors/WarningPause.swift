import Synchronization

/// Lets a warning be said once a minute, however often its cause comes and goes.
final class WarningPause: Sendable {
  static let nanoseconds: UInt64 = 60_000_000_000
  private let next = Atomic<UInt64>(0)

  /// Whether to say it at `now`, in nanoseconds of a steady clock.
  func isOver(now: UInt64) -> Bool {
    let due = next.load(ordering: .relaxed)
    guard now >= due else { return false }
    return next.compareExchange(expected: due, desired: now + Self.nanoseconds, ordering: .relaxed).exchanged
  }
}
