/// Notices a client that takes nothing of what is sent to it, from looks at what is left to send.
struct StallWatch {
  /// Looks in a row without progress that make a stall.
  static let looksUntilStalled = 4

  private var unsent: Int
  private var quietLooks = 0

  /// A watch that begins while so many bytes are not sent.
  init(unsent: Int) { self.unsent = unsent }

  /// Looks again; says whether the client has stalled. What was added since the last look may hide what was taken, but
  /// nothing is added for long: the endpoint is not read while its client does not read.
  mutating func look(unsent: Int) -> Bool {
    quietLooks = unsent < self.unsent ? 0 : quietLooks + 1
    self.unsent = unsent
    return quietLooks >= Self.looksUntilStalled
  }
}
