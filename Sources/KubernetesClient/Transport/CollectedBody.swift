import Synchronization

/// A body whose bytes are all in memory.
final class CollectedBody: HTTPBodySource {
  private let chunks: Mutex<ArraySlice<[UInt8]>>

  init(_ chunks: [[UInt8]]) {
    self.chunks = Mutex(chunks[...])
  }

  func next() async throws -> [UInt8]? {
    chunks.withLock { $0.popFirst() }
  }
}
