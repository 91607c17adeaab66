import NIOCore

/// Lets a stream of server-sent events pass in whole events, so that an error can be told between two of them if the
/// server is lost.
///
/// Source: WHATWG HTML, section 9.2.6: an event ends with an empty line.
struct EventBoundary {
  /// An event longer than this passes in parts.
  static let heldLimit = 64 << 10

  /// The part of an event that has come: a copy, since a slice would keep the whole buffer that was read.
  private(set) var held = ByteBuffer()
  /// The last two bytes that passed: a line may end with the next one.
  private var passed: (UInt8, UInt8) = (0, 0)
  /// A part of an event has passed, and its end has not.
  private(set) var isInside = false

  /// Takes the next bytes; returns what may pass now.
  mutating func take(_ piece: ByteBuffer) -> ByteBuffer? {
    let end = lastEnd(in: piece)
    guard end > 0 || isInside || held.readableBytes + piece.readableBytes > Self.heldLimit else {
      held.writeImmutableBuffer(piece)
      return nil
    }
    isInside = end == 0
    var rest = piece
    let whole = rest.readSlice(length: isInside ? piece.readableBytes : end) ?? ByteBuffer()
    let passing = join(whole)
    remember(passing)
    if rest.readableBytes > 0 { held.writeImmutableBuffer(rest) }
    return passing
  }

  /// What was held back, at the stream's regular end.
  mutating func finish() -> ByteBuffer? {
    defer { held = ByteBuffer() }
    return held.readableBytes > 0 ? held : nil
  }

  /// What was held, and these bytes behind it.
  private mutating func join(_ piece: ByteBuffer) -> ByteBuffer {
    guard held.readableBytes > 0 else { return piece }
    held.writeImmutableBuffer(piece)
    defer { held = ByteBuffer() }
    return held
  }

  private mutating func remember(_ passing: ByteBuffer) {
    passing.withUnsafeReadableBytes { bytes in
      if let last = bytes.last { passed = (bytes.count > 1 ? bytes[bytes.count - 2] : passed.1, last) }
    }
  }

  /// How many bytes of a piece there are up to the end of the last whole event; 0 where none ends in it. What came before is
  /// not searched again: no event ends there that has not passed.
  private func lastEnd(in piece: ByteBuffer) -> Int {
    let before = lastTwo
    return piece.withUnsafeReadableBytes { bytes in
      func byte(_ index: Int) -> UInt8 { index >= 0 ? bytes[index] : index == -1 ? before.1 : before.0 }
      var index = bytes.count - 1
      while index >= 0 {
        let isEnd =
          switch (bytes[index], byte(index - 1)) {
          case (HTTP1Bytes.lineFeed, HTTP1Bytes.lineFeed): true
          case (HTTP1Bytes.lineFeed, HTTP1Bytes.carriageReturn): byte(index - 2) == HTTP1Bytes.lineFeed
          case (HTTP1Bytes.carriageReturn, HTTP1Bytes.carriageReturn): true
          default: false
          }
        if isEnd { return index + 1 }
        index -= 1
      }
      return 0
    }
  }

  /// The last two bytes that came.
  private var lastTwo: (UInt8, UInt8) {
    held.withUnsafeReadableBytes { bytes in
      switch bytes.count {
      case 0: passed
      case 1: (passed.1, bytes[0])
      default: (bytes[bytes.count - 2], bytes[bytes.count - 1])
      }
    }
  }
}
