#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the codec asks of single bytes and of eight at a time.
enum HTTP1Bytes {
  static let carriageReturn = UInt8(ascii: "\r")
  static let lineFeed = UInt8(ascii: "\n")
  static let colon = UInt8(ascii: ":")
  static let space = UInt8(ascii: " ")

  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// Whether a method or a name may have the byte. Source: RFC 9110, section 5.6.2.
  @inline(__always)
  static func isToken(_ byte: UInt8) -> Bool {
    // A bit for each of the characters !#$%&'*+-.0-9 below 64, and of A-Z^_`a-z|~ from 64 on.
    let low: UInt64 = 0x03FF_6CFA_0000_0000
    let high: UInt64 = 0x57FF_FFFF_C7FF_FFFE
    if byte < 64 { return low >> UInt64(byte) & 1 != 0 }
    return byte < 128 && high >> UInt64(byte &- 64) & 1 != 0
  }

  /// Whether the value of a field, or a quoted text, may have the byte: no control character but a tab.
  @inline(__always)
  static func isValue(_ byte: UInt8) -> Bool { byte == 0x09 || byte >= 0x20 && byte != 0x7F }

  /// The end of the token that begins at `start`.
  static func tokenEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = start
    while index < bytes.count, isToken(bytes[index]) { index += 1 }
    return index
  }

  /// The first byte at or after `start` that no value of a field may have: a control character other than a tab.
  static func valueEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = start
    while true {
      index = plainEnd(bytes, from: index)
      guard index < bytes.count, bytes[index] == 0x09 else { return index }
      index += 1
    }
  }

  /// The first byte at or after `start` that is a control character; eight at a time.
  private static func plainEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = start
    while index + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let deleted = word ^ (ones &* 0x7F)
      // The lowest hit is exact; borrows make false hits only above it.
      let found = (((word &- ones &* 0x20) & ~word) | ((deleted &- ones) & ~deleted)) & (ones &* 0x80)
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < bytes.count, bytes[index] >= 0x20, bytes[index] != 0x7F { index += 1 }
    return index
  }

  /// The place of the first line feed at or after `start`.
  static func lineFeed(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = bytes.baseAddress, start < bytes.count,
      let found = memchr(base + start, Int32(lineFeed), bytes.count - start)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }

  /// The number that the bytes are in decimal digits; `nil` for anything else, and from 2^63 on.
  static func number(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard !bytes.isEmpty else { return nil }
    var number = 0
    for byte in bytes {
      let digit = byte &- 0x30
      guard digit < 10 else { return nil }
      let (product, over) = number.multipliedReportingOverflow(by: 10)
      let (sum, overAgain) = product.addingReportingOverflow(Int(digit))
      if over || overAgain { return nil }
      number = sum
    }
    return number
  }
}
