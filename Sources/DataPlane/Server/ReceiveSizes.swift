import NIOCore

/// How much one read of a connection takes: what fits into a small buffer that the connection keeps, or what fits into a
/// large one that it does not. A connection that rests after a long prompt then holds no more than one that was never used.
///
/// NIO keeps the buffers of an allocator that tells their next size, as many as it reads in a row, for as long as the
/// connection lives. This one tells none: then only the first is kept, and the others belong to whoever reads them.
struct ReceiveSizes: RecvByteBufferAllocator {
  /// Bytes of the buffer that is kept: a short request fits, or an event.
  static let small = 2048
  /// Bytes that one read takes at most: a prompt of tens of thousands of tokens comes in one or two.
  static let large = 256 << 10
  /// So that one buffer is kept, and not as many.
  static let readsInARow: UInt = 1

  private var next = Self.small

  func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { allocator.buffer(capacity: next) }

  /// Says whether the next read may bring more than the small buffer holds.
  mutating func record(actualReadBytes: Int) -> Bool {
    if actualReadBytes >= next { next = min(4 * next, Self.large) }
    return actualReadBytes >= Self.small
  }
}
