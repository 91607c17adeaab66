/// Reads a body in chunks, cut anywhere, and tells its data from its framing, up to the trailer.
///
/// Source: RFC 9112, section 7.1.
struct ChunkReader {
  /// What comes next in the bytes.
  enum Step: Equatable {
    /// So many bytes are framing, and are read.
    case framing(Int)
    /// So many bytes are data.
    case data(Int)
    case fault(HTTP1Fault)
  }

  private enum State {
    case size, extensions, sizeEnd, data, dataReturn, dataFeed, trailer
  }

  private var state = State.size
  private var size = 0
  private var digits = 0
  private var extensions = ChunkExtension()

  /// The line of the last chunk, which has the size zero, has been read: no more steps.
  var isInTrailer: Bool { state == .trailer }

  /// Takes the next bytes, of which there is at least one.
  mutating func step(_ bytes: UnsafeRawBufferPointer, limits: HTTP1Limits) -> Step {
    if state == .data { return data(bytes.count) }
    var index = 0
    while index < bytes.count, state != .data, state != .trailer {
      if let fault = take(bytes[index], limits: limits) { return .fault(fault) }
      index += 1
    }
    return .framing(index)
  }

  private mutating func data(_ count: Int) -> Step {
    let taken = min(count, size)
    size -= taken
    if size == 0 { state = .dataReturn }
    return .data(taken)
  }

  private mutating func take(_ byte: UInt8, limits: HTTP1Limits) -> HTTP1Fault? {
    switch state {
    case .size: return takeSize(byte)
    case .extensions:
      switch extensions.take(byte, limit: limits.chunkExtensionBytes) {
      case .goesOn: break
      case .end: state = .sizeEnd
      case .fault: return .chunkExtension
      }
    case .sizeEnd:
      guard byte == HTTP1Bytes.lineFeed else { return .lineEnd }
      state = size == 0 ? .trailer : .data
    case .dataReturn:
      guard byte == HTTP1Bytes.carriageReturn else { return .chunkEnd }
      state = .dataFeed
    case .dataFeed:
      guard byte == HTTP1Bytes.lineFeed else { return .chunkEnd }
      (state, size, digits) = (.size, 0, 0)
    case .data, .trailer: break
    }
    return nil
  }

  private mutating func takeSize(_ byte: UInt8) -> HTTP1Fault? {
    let digit: UInt8
    switch byte {
    case 0x30...0x39: digit = byte - 0x30
    case 0x41...0x46, 0x61...0x66: digit = (byte | 0x20) - 0x61 + 10
    case HTTP1Bytes.carriageReturn where digits > 0:
      state = .sizeEnd
      return nil
    // Blanks before an extension are bad, and accepted by some: they could be read two ways.
    case UInt8(ascii: ";") where digits > 0:
      (state, extensions) = (.extensions, ChunkExtension())
      return nil
    default: return .chunkSize
    }
    // Fifteen digits stay below 2^63 whatever they are; more leading zeros than that nobody needs.
    guard digits < 15 else { return .chunkSize }
    digits += 1
    size = size << 4 | Int(digit)
    return nil
  }
}
