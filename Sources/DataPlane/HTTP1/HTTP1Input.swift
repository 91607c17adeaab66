import NIOCore

/// The bytes of a connection that have come and are not read yet.
struct HTTP1Input {
  private(set) var rest = ByteBuffer()

  /// How many there are.
  var count: Int { rest.readableBytes }

  /// The first of them.
  var first: UInt8? { rest.readableBytes > 0 ? rest.getInteger(at: rest.readerIndex) : nil }

  /// Takes bytes that came behind all others.
  mutating func receive(_ bytes: ByteBuffer) {
    guard bytes.readableBytes > 0 else { return }
    if rest.readableBytes == 0 {
      rest = bytes
      return
    }
    // A peer may always leave the beginning of its next message: without this the buffer would keep all that was read
    // before, for as long as the connection lives.
    if rest.readerIndex > rest.readableBytes { rest.discardReadBytes() }
    rest.writeImmutableBuffer(bytes)
  }

  /// Looks at the bytes.
  @inline(__always)
  func look<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { rest.withUnsafeReadableBytes(body) }

  /// Passes over bytes that are read.
  mutating func consume(_ count: Int) {
    rest.moveReaderIndex(forwardBy: count)
    // What was read must not be held: the memory is the channel's to use again.
    if rest.readableBytes == 0 { rest = ByteBuffer() }
  }

  /// Hands bytes on, without a copy.
  mutating func take(_ count: Int) -> ByteBuffer {
    if count == rest.readableBytes {
      defer { rest = ByteBuffer() }
      return rest
    }
    return rest.readSlice(length: count) ?? ByteBuffer()
  }

  /// Forgets all.
  mutating func removeAll() { rest = ByteBuffer() }
}
