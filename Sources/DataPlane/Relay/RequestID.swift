import NIOCore
import Routing

/// A name that tells a request from all others: of the event loop, and counted there. Written as a UUID of version 8.
///
/// A client's own is kept if it is one: 16 to 64 letters, digits, `-` and `_`, as UUIDs, ULIDs and trace identifiers are. Anything
/// else would go into logs that others read.
///
/// Source: RFC 9562, section 5.8.
struct RequestID: Equatable {
  var loop: UInt64
  var number: UInt64

  /// Whether the head has an identifier that is kept.
  static func isKept(_ block: FieldBlock) -> Bool {
    guard !block.isRepeated(.xRequestID), let field = block.first(.xRequestID) else { return false }
    guard (16...64).contains(field.valueCount) else { return false }
    return block.withBytes(field.value) { $0.allSatisfy(isFit) }
  }

  /// Writes the identifier of a request with this head: the client's own, or this one.
  func write(for block: FieldBlock, into out: inout ByteBuffer) {
    if Self.isKept(block), let field = block.first(.xRequestID) {
      block.withBytes(field.value) { _ = out.writeBytes($0) }
    } else {
      withText { _ = out.writeBytes($0) }
    }
  }

  /// The same as text.
  func text(for block: FieldBlock) -> String {
    Self.isKept(block) ? block.text(.xRequestID) ?? "" : withText { String(decoding: $0, as: UTF8.self) }
  }

  private func withText<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withUnsafeTemporaryAllocation(byteCount: 36, alignment: 1) { text in
      let high = loop & ~0xF000 | 0x8000
      let low = number & (1 << 62 - 1) | 1 << 63
      var place = 0
      for index in 0..<32 {
        if [8, 12, 16, 20].contains(index) {
          text[place] = UInt8(ascii: "-")
          place += 1
        }
        let digit = UInt8((index < 16 ? high : low) >> UInt64(60 - index % 16 * 4) & 15)
        text[place] = digit < 10 ? digit + 0x30 : digit - 10 + 0x61
        place += 1
      }
      return body(UnsafeRawBufferPointer(text))
    }
  }

  private static func isFit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
    default: false
    }
  }
}
