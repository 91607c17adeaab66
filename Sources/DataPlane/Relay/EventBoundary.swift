import NIOCore

/// Lets a stream of server-sent events pass in whole events, so that an error can be told between two of them if the
/// server is lost.
///
/// Source: WHATWG HTML, section 9.2.6: an event ends with an empty line.
struct EventBoundary {
  /// An event longer than this passes in parts.
  static let heldLimit = 64 << 10

  private var held = ByteBuffer()
  /// A part of an event has passed, and its end has not.
  private(set) var isInside = false

  /// Takes the next bytes; returns what may pass now.
  mutating func take(_ piece: ByteBuffer) -> ByteBuffer? {
    var all = piece
    if held.readableBytes > 0 {
      held.writeImmutableBuffer(piece)
      all = held
      held = ByteBuffer()
    }
    let end = all.withUnsafeReadableBytes(Self.lastEnd)
    if end == 0 {
      guard all.readableBytes > Self.heldLimit || isInside else {
        held = all
        return nil
      }
      isInside = true
      return all
    }
    isInside = false
    let passed = all.readSlice(length: end)
    if all.readableBytes > 0 { held = all }
    return passed
  }

  /// What was held back, at the stream's regular end.
  mutating func finish() -> ByteBuffer? {
    defer { held = ByteBuffer() }
    return held.readableBytes > 0 ? held : nil
  }

  /// How many bytes there are up to the end of the last whole event.
  private static func lastEnd(_ bytes: UnsafeRawBufferPointer) -> Int {
    var index = bytes.count
    while index >= 2 {
      if bytes[index - 1] == HTTP1Bytes.lineFeed {
        if bytes[index - 2] == HTTP1Bytes.lineFeed { return index }
        let isReturn = bytes[index - 2] == HTTP1Bytes.carriageReturn
        if isReturn, index >= 3, bytes[index - 3] == HTTP1Bytes.lineFeed { return index }
      } else if bytes[index - 1] == HTTP1Bytes.carriageReturn, bytes[index - 2] == HTTP1Bytes.carriageReturn {
        return index
      }
      index -= 1
    }
    return 0
  }
}
