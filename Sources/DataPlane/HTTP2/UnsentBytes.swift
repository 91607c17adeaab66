/// The bytes of one stream of HTTP/2 that were written and have not left: its peer takes none while they are many.
struct UnsentBytes: Equatable {
  private(set) var count = 0
  /// Those of them that nothing will tell of.
  private var untold = 0
  /// The peer takes nothing.
  private(set) var isBlocked = false

  /// Bytes are written. Returns of how many it is to be told when they have left: not of each piece, since each telling costs.
  mutating func write(_ bytes: Int) -> Int? {
    count += bytes
    untold += bytes
    guard untold >= HTTP2Limits.promisedBytes else { return nil }
    defer { untold = 0 }
    return untold
  }

  /// Whether the peer has just become one that takes nothing.
  mutating func block() -> Bool {
    guard !isBlocked, count >= HTTP2Limits.highWater else { return false }
    isBlocked = true
    return true
  }

  /// Bytes have left. Returns whether the peer has just become one that takes some again.
  mutating func left(_ bytes: Int) -> Bool {
    count -= bytes
    guard isBlocked, count <= HTTP2Limits.lowWater else { return false }
    isBlocked = false
    return true
  }
}
