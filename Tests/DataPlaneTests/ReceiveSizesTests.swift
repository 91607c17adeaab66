import NIOCore
import Testing

@testable import DataPlane

/// As NIO asks for buffers: what a connection has to hold when it rests.
@Suite struct ReceiveSizesTests {
  private var pool = NIOPooledRecvBufferAllocator(
    capacity: Int(ReceiveSizes.readsInARow), recvAllocator: ReceiveSizes())

  /// Reads a message as a channel does; the capacities of the buffers that it took.
  private mutating func read(_ bytes: Int) -> [Int] {
    var capacities: [Int] = []
    var left = bytes
    while left > 0 {
      let (buffer, count) = pool.buffer(allocator: ByteBufferAllocator()) { buffer in
        let count = min(left, buffer.writableBytes)
        return buffer.writeRepeatingByte(0, count: count)
      }
      pool.record(actualReadBytes: count)
      capacities.append(buffer.capacity)
      left -= count
    }
    return capacities
  }

  @Test mutating func shortMessagesTakeTheSmallBuffer() {
    for _ in 0..<3 { #expect(read(1200) == [ReceiveSizes.small]) }
  }

  @Test mutating func aLongPromptComesInOneReadOnceTheConnectionHadOne() {
    #expect(read(220_000).count <= 5)
    #expect(read(220_000) == [ReceiveSizes.large])
  }

  @Test mutating func noLargeBufferIsKept() {
    for _ in 0..<3 {
      let biggest = read(1 << 20).max()
      #expect(biggest == ReceiveSizes.large)
      #expect(pool.count == 1)
      // The first read of what comes next may still be a large one, that is not kept either; then it is the small one's turn.
      _ = read(100)
      #expect(read(100) == [ReceiveSizes.small])
    }
  }
}
