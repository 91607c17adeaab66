/// Chunks between the network and a reader, with a bound. Full means that the network waits.
struct CurlBuffer {
  private let limit: Int
  private var chunks: [[UInt8]] = []
  private var first = 0
  private var bytes = 0
  /// Whether the network was told to wait.
  private(set) var isPaused = false

  init(limit: Int) {
    self.limit = limit
  }

  /// Takes bytes, or refuses them and pauses when the limit is reached. One chunk may go over the limit.
  mutating func push(_ new: UnsafeRawBufferPointer) -> Bool {
    guard bytes < limit else {
      isPaused = true
      return false
    }
    chunks.append(Array(new))
    bytes += new.count
    return true
  }

  /// The oldest chunk.
  mutating func pop() -> [UInt8]? {
    guard first < chunks.count else { return nil }
    let chunk = chunks[first]
    chunks[first] = []
    first += 1
    bytes -= chunk.count
    if first == chunks.count {
      chunks.removeAll(keepingCapacity: true)
      first = 0
    }
    return chunk
  }

  /// Ends the pause once half of the room is free; `true` when the network must be told.
  mutating func unpause() -> Bool {
    guard isPaused, bytes <= limit / 2 else { return false }
    isPaused = false
    return true
  }
}
