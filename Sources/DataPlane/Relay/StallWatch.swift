import NIOCore

/// Notices a peer that takes nothing of what is sent to it, from looks at what is left to send.
struct StallWatch {
  /// Looks in a row without progress that make a stall.
  static let looksUntilStalled = 4

  /// The time between looks at a peer that may take nothing for so many seconds.
  static func pause(seconds: Int64) -> TimeAmount { .milliseconds(1000 * seconds / Int64(looksUntilStalled)) }

  private var unsent: Int
  private var quietLooks = 0

  /// A watch that begins while so many bytes are not sent.
  init(unsent: Int) { self.unsent = unsent }

  /// Looks again; says whether the client has stalled. What was added since the last look may hide what was taken, but
  /// nothing is added for long: who sends is not read while the other end does not read.
  mutating func look(unsent: Int) -> Bool {
    quietLooks = unsent < self.unsent ? 0 : quietLooks + 1
    self.unsent = unsent
    return quietLooks >= Self.looksUntilStalled
  }
}
