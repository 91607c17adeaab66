/// Decides which object's status is looked at next, and written if it says something else. Does no I/O; times are
/// monotonic nanoseconds passed in.
///
/// Only the newest wish for an object counts: one that is replaced while it waits is never written. An object is
/// written by one worker at a time, and one that fails waits alone while all others go on. An object that was found to
/// say what it shall is not looked at again until the wish or the object changes, so that a change of one object among
/// ten thousand costs one look.
///
/// What says something new is written at once; what is the same but for numbers, at most once in ten seconds an object.
struct StatusQueue<Key: Hashable & Sendable & Comparable, Desired: Sendable & Equatable>: Sendable {
  /// What an object's status ought to say, and the version of the object as it is known.
  struct Wish: Equatable, Sendable {
    var desired: Desired
    var version: String?
  }

  /// How a look ended.
  enum Outcome: Equatable, Sendable {
    /// The object says what it shall at this version, or cannot be made to.
    case done(version: String?)
    /// The server does not have the object.
    case gone
    /// Somebody else wrote first; the newest object is on its way to the store.
    case conflict
    /// It failed, and may succeed later; not before the pause that the server asked for, in nanoseconds.
    case failed(retryAfter: UInt64 = 0)
  }

  /// The pauses before a further attempt, in nanoseconds.
  struct Configuration: Sendable {
    var concurrency = 8
    /// After a conflict: time for the watch to bring what the other one wrote; doubles with each further one.
    var conflictPause: UInt64 = 50_000_000
    /// After the first failure; doubles with each further one.
    var firstBackoff: UInt64 = 500_000_000
    var longestBackoff: UInt64 = 60_000_000_000
    /// After a change of numbers only, before the next one.
    var restAfterNumbers: UInt64 = 10_000_000_000
    /// After any other change, before one of numbers: pods that start together are then told of together.
    var restAfterNews: UInt64 = 1_000_000_000
    /// Whether a wish differs from the one before in numbers only.
    var isOnlyNumbers: @Sendable (_ old: Desired, _ new: Desired) -> Bool = { _, _ in false }
  }

  private struct Entry {
    var wish: Wish
    var notBefore: UInt64 = 0
    /// The same if the object or the wish changes after a failure: somebody may have mended what was wrong.
    var notBeforeIfChanged: UInt64 = 0
    /// The same for what is only numbers; 0 for everything else.
    var numbersNotBefore: UInt64 = 0
    var attempts = 0
    /// What is being written right now.
    var writing: Desired?
    var isPending = true
    /// No longer wished for, while it is being written.
    var isWithdrawn = false

    var isWaiting: Bool { isPending && writing == nil }
    var due: UInt64 { max(notBefore, numbersNotBefore) }
  }

  private struct Delayed: Comparable {
    var at: UInt64
    var key: Key

    static func < (left: Delayed, right: Delayed) -> Bool { (left.at, left.key) < (right.at, right.key) }
  }

  let configuration: Configuration
  private var entries: [Key: Entry] = [:]
  private var settled: [Key: Wish] = [:]
  /// From when on a change of numbers may be written.
  private var numbersFrom: [Key: UInt64] = [:]
  /// Those that may be taken at once and those that wait for their time; the next one is last, where taking is cheap.
  private var ready: [Key] = []
  private var delayed: [Delayed] = []
  private var writing = 0

  init(configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// Whether nothing waits and nothing is being written.
  var isEmpty: Bool { entries.isEmpty }

  /// Replaces all wishes: objects that are not named are no longer written, except those being written right now.
  mutating func submit(_ wishes: [Key: Wish]) {
    settled = settled.filter { wishes[$0.key] != nil }
    numbersFrom = numbersFrom.filter { wishes[$0.key] != nil }
    for (key, entry) in entries where wishes[key] == nil { withdraw(key, entry) }
    for (key, wish) in wishes {
      guard var entry = entries[key] else {
        if settled[key] != wish { entries[key] = newEntry(wish, key) }
        continue
      }
      // What was wished for meanwhile is not any more, and was never written.
      if entry.writing == nil, settled[key] == wish {
        entries[key] = nil
        continue
      }
      // A changed wish shortens the pause after failures to the first one, and no further: an object that the server
      // refuses would be tried at every ring.
      if entry.wish != wish { entry.notBefore = min(entry.notBefore, entry.notBeforeIfChanged) }
      entry.wish = wish
      entry.isPending = true
      entry.isWithdrawn = false
      entry.numbersNotBefore = restOfNumbers(wish, key)
      entries[key] = entry
    }
    let waiting = entries.filter(\.value.isWaiting)
    ready = waiting.filter { $0.value.due == 0 }.keys.sorted(by: >)
    delayed = waiting.filter { $0.value.due > 0 }.map { Delayed(at: $1.due, key: $0) }.sorted(by: >)
  }

  private func newEntry(_ wish: Wish, _ key: Key) -> Entry {
    var entry = Entry(wish: wish)
    entry.numbersNotBefore = restOfNumbers(wish, key)
    return entry
  }

  /// Notes that an object was brought from what it said to `written`.
  private mutating func restNumbers(of key: Key, _ written: Desired, _ now: UInt64) {
    let known = settled[key]?.desired
    guard known != written else { return }
    let isOnlyNumbers = known.map { configuration.isOnlyNumbers($0, written) } ?? false
    let rest = isOnlyNumbers ? configuration.restAfterNumbers : configuration.restAfterNews
    numbersFrom[key] = max(numbersFrom[key] ?? 0, now + rest)
  }

  /// Until when a wish waits that brings numbers only; 0 for any other.
  private func restOfNumbers(_ wish: Wish, _ key: Key) -> UInt64 {
    guard let known = settled[key]?.desired, known != wish.desired, configuration.isOnlyNumbers(known, wish.desired)
    else { return 0 }
    return numbersFrom[key] ?? 0
  }

  private mutating func withdraw(_ key: Key, _ entry: Entry) {
    guard entry.writing != nil else {
      entries[key] = nil
      return
    }
    entries[key]?.isPending = false
    entries[key]?.isWithdrawn = true
  }

  /// The looks to begin now, in order of key, marked as under way.
  mutating func take(now: UInt64) -> [(key: Key, desired: Desired)] {
    let free = configuration.concurrency - writing
    guard free > 0 else { return [] }
    while let next = delayed.last, next.at <= now {
      delayed.removeLast()
      ready.insertDescending(next.key)
    }
    var taken: [(key: Key, desired: Desired)] = []
    while taken.count < free, let key = ready.popLast() {
      guard var entry = entries[key] else { continue }
      entry.writing = entry.wish.desired
      entry.isPending = false
      entries[key] = entry
      taken.append((key, entry.wish.desired))
    }
    writing += taken.count
    return taken
  }

  /// Notes the end of a look that ``take(now:)`` began.
  mutating func finished(_ key: Key, outcome: Outcome, now: UInt64) {
    writing -= 1
    guard var entry = entries[key], let written = entry.writing else { return }
    entry.writing = nil
    entries[key] = nil
    guard !entry.isWithdrawn else { return }
    switch outcome {
    case .done(let version):
      let checked = Wish(desired: written, version: version)
      restNumbers(of: key, written, now)
      settled[key] = checked
      if entry.isPending, entry.wish != checked { begin(entry.wish, key) }
    case .gone:
      settled[key] = nil
      if entry.isPending { begin(entry.wish, key) }
    case .conflict: retry(entry, key, after: configuration.conflictPause, now: now)
    case .failed(let asked):
      retry(entry, key, after: configuration.firstBackoff, atLeast: asked, now: now)
    }
  }

  /// Forgets that an object says what it shall: whoever asks has looked at it, and wants what it wishes.
  mutating func forget(_ key: Key) { settled[key] = nil }

  private mutating func begin(_ wish: Wish, _ key: Key) {
    let entry = newEntry(wish, key)
    entries[key] = entry
    if entry.due == 0 {
      ready.insertDescending(key)
    } else {
      delayed.insertDescending(Delayed(at: entry.due, key: key))
    }
  }

  private mutating func retry(_ entry: Entry, _ key: Key, after first: UInt64, atLeast asked: UInt64 = 0, now: UInt64) {
    var entry = entry
    let least = max(first, min(asked, configuration.longestBackoff))
    entry.notBefore = now + max(least, min(first << UInt64(entry.attempts), configuration.longestBackoff))
    entry.notBeforeIfChanged = now + least
    entry.attempts = min(entry.attempts + 1, 16)
    entry.isPending = true
    entries[key] = entry
    delayed.insertDescending(Delayed(at: entry.notBefore, key: key))
  }

  /// The earliest time at which a waiting look may begin; `nil` while none waits or no place is free.
  var nextDue: UInt64? {
    guard writing < configuration.concurrency else { return nil }
    return ready.isEmpty ? delayed.last?.at : 0
  }
}

extension Array where Element: Comparable {
  /// Puts an element at its place in an array whose greatest element is first.
  fileprivate mutating func insertDescending(_ element: Element) {
    var range = indices
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = self[middle] > element ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    insert(element, at: range.lowerBound)
  }
}
