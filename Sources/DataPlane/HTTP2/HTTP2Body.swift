import NIOCore

/// The bytes of a response that are to leave as one frame: small pieces that follow each other are put together.
struct HTTP2Body {
  /// Pieces are put together up to this.
  static let joinedLimit = 16 << 10

  private var bytes: ByteBuffer?
  /// They are a buffer of our own, to whose end more can be written.
  private var isOwn = false

  /// Adds a piece. Returns bytes that are enough for a frame.
  mutating func add(_ piece: ByteBuffer) -> ByteBuffer? {
    // Not the bytes themselves: holding them would make writing to them a copy.
    let count = bytes?.readableBytes ?? 0
    if count == 0, piece.readableBytes >= Self.joinedLimit { return piece }
    if count > 0, count + piece.readableBytes <= Self.joinedLimit {
      if !isOwn { copy(room: piece.readableBytes) }
      bytes?.writeImmutableBuffer(piece)
      return nil
    }
    let whole = take()
    if piece.readableBytes > 0 { bytes = piece }
    return whole
  }

  /// All that is there.
  mutating func take() -> ByteBuffer? {
    defer {
      bytes = nil
      isOwn = false
    }
    return bytes
  }

  private mutating func copy(room: Int) {
    guard let last = bytes else { return }
    var own = ByteBufferAllocator().buffer(capacity: max(2048, 2 * (last.readableBytes + room)))
    own.writeImmutableBuffer(last)
    bytes = own
    isOwn = true
  }
}
