/// Decides which object's status is written next. Does no I/O; times are monotonic nanoseconds passed in.
///
/// Only the newest wish for an object counts: one that is replaced while it waits is never written. An object is
/// written by one worker at a time, and one that fails waits alone while all others go on.
struct StatusQueue<Key: Hashable & Sendable & Comparable, Desired: Sendable>: Sendable {
  /// How a write ended.
  enum Outcome: Sendable {
    /// It is written, or there was nothing to write.
    case done
    /// Somebody else wrote first; the newest object is on its way to the store.
    case conflict
    /// It failed, and may succeed later.
    case failed
  }

  /// The pauses before a further attempt, in nanoseconds.
  struct Configuration: Sendable {
    var concurrency = 8
    /// After a conflict: time for the watch to bring what the other one wrote; doubles with each further one.
    var conflictPause: UInt64 = 50_000_000
    /// After the first failure; doubles with each further one.
    var firstBackoff: UInt64 = 500_000_000
    var longestBackoff: UInt64 = 60_000_000_000
  }

  private struct Entry {
    var desired: Desired
    var notBefore: UInt64 = 0
    var attempts = 0
    var isWriting = false
    var isPending = true
    /// No longer wished for, while it is being written.
    var isWithdrawn = false
  }

  let configuration: Configuration
  private var entries: [Key: Entry] = [:]
  private var writing = 0

  init(configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// Whether nothing waits and nothing is being written.
  var isEmpty: Bool { entries.isEmpty }

  /// Replaces all wishes: objects that are not named are no longer written, except those being written right now.
  mutating func submit(_ desired: [Key: Desired]) {
    for (key, entry) in entries where desired[key] == nil {
      guard entry.isWriting else {
        entries[key] = nil
        continue
      }
      entries[key]?.isPending = false
      entries[key]?.isWithdrawn = true
    }
    for (key, value) in desired {
      // A wish after a failure does not shorten its pause: an object the server refuses would be tried at every ring.
      var entry = entries[key] ?? Entry(desired: value)
      entry.desired = value
      entry.isPending = true
      entry.isWithdrawn = false
      entries[key] = entry
    }
  }

  /// The writes to begin now, in order of key, marked as under way.
  mutating func take(now: UInt64) -> [(key: Key, desired: Desired)] {
    let free = configuration.concurrency - writing
    guard free > 0 else { return [] }
    let keys = entries.filter { $0.value.isPending && !$0.value.isWriting && $0.value.notBefore <= now }.keys
    var taken: [(key: Key, desired: Desired)] = []
    for key in keys.sorted().prefix(free) {
      guard var entry = entries[key] else { continue }
      entry.isWriting = true
      entry.isPending = false
      entries[key] = entry
      taken.append((key, entry.desired))
    }
    writing += taken.count
    return taken
  }

  /// Notes the end of a write that ``take(now:)`` began.
  mutating func finished(_ key: Key, outcome: Outcome, now: UInt64) {
    writing -= 1
    guard var entry = entries[key] else { return }
    entry.isWriting = false
    if entry.isWithdrawn || (outcome == .done && !entry.isPending) {
      entries[key] = nil
      return
    }
    switch outcome {
    case .done:
      entry.attempts = 0
      entry.notBefore = 0
    case .conflict:
      entry.notBefore = now + pause(configuration.conflictPause, after: entry.attempts)
      entry.attempts = min(entry.attempts + 1, 16)
    case .failed:
      entry.notBefore = now + pause(configuration.firstBackoff, after: entry.attempts)
      entry.attempts = min(entry.attempts + 1, 16)
    }
    entry.isPending = true
    entries[key] = entry
  }

  /// The earliest time at which a waiting write may begin; `nil` while none waits or no place is free.
  var nextDue: UInt64? {
    guard writing < configuration.concurrency else { return nil }
    return entries.values.lazy.filter { $0.isPending && !$0.isWriting }.map(\.notBefore).min()
  }

  private func pause(_ first: UInt64, after attempts: Int) -> UInt64 {
    min(first << UInt64(attempts), configuration.longestBackoff)
  }
}
