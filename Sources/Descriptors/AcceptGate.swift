/// Decides when a listening socket accepts: not while descriptors are short, and not at once after it failed.
///
/// Pausing and going on have marks of their own, so that one connection more or less does not make it flutter.
struct AcceptGate: Sendable {
  /// When to stop and when to go on, in descriptors that are not in use.
  struct Marks: Sendable, Equatable {
    /// Fewer than this: no more is accepted.
    var pauseBelow: Int
    /// This many: it goes on.
    var resumeAt: Int

    /// For clients of a gateway.
    static let clients = Marks(pauseBelow: 64, resumeAt: 96)
    /// Other servers may use some of what is left then, so that an operator can look at a gateway that is full.
    static let inner = Marks(pauseBelow: 24, resumeAt: 32)

    /// A socket that was told to accept while there was room accepts a few more when there is none: with fewer left than
    /// this, they are closed at once.
    static let closeBelow = 12

    init(pauseBelow: Int, resumeAt: Int) {
      self.pauseBelow = pauseBelow
      self.resumeAt = resumeAt
    }

    /// The marks for a process that may have `limit` descriptors: with very few, it cannot keep as many back.
    func scaled(limit: Int) -> Marks {
      Marks(pauseBelow: Self.scaled(pauseBelow, limit: limit), resumeAt: Self.scaled(resumeAt, limit: limit))
    }

    static func scaled(_ mark: Int, limit: Int) -> Int { limit >= 512 ? mark : mark * max(0, limit) / 512 }
  }

  /// What the listening socket does now.
  enum Answer: Sendable, Equatable {
    /// It accepts.
    case accept
    /// It asks again after so many nanoseconds.
    case wait(UInt64)
  }

  /// While it is paused it looks so often, in nanoseconds.
  static let pollInterval: UInt64 = 50_000_000
  /// After the first failure in a row it waits so long, then twice as long each time, in nanoseconds.
  static let shortestBackOff: UInt64 = 10_000_000
  /// It never waits longer than this, in nanoseconds.
  static let longestBackOff: UInt64 = 1_000_000_000

  /// Whether it is paused because descriptors are short.
  private(set) var isPaused = false
  /// Failures since a connection was last accepted.
  private(set) var failures = 0
  private var notBefore: UInt64 = 0

  /// The socket would accept; `spare` descriptors are not in use at `now`, in nanoseconds of any steady clock.
  mutating func ask(spare: Int, marks: Marks, now: UInt64) -> Answer {
    isPaused = spare < (isPaused ? marks.resumeAt : marks.pauseBelow)
    if isPaused { return .wait(Self.pollInterval) }
    return now < notBefore ? .wait(notBefore - now) : .accept
  }

  /// A connection was accepted.
  mutating func accepted() { failures = 0 }

  /// Accepting failed, and would at once fail again.
  mutating func failed(now: UInt64) {
    let backOff = min(Self.longestBackOff, Self.shortestBackOff << UInt64(min(failures, 10)))
    failures += 1
    notBefore = now + backOff
  }
}
