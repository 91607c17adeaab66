/// What the scanner asks of single bytes and of eight at a time.
enum JSONBytes {
  /// The first byte at or after `start` that is a quote, a backslash or a control character; eight at a time.
  static func plainEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    var index = start
    while index + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let quotes = word ^ (ones &* 0x22)
      let escapes = word ^ (ones &* 0x5C)
      let hits =
        ((quotes &- ones) & ~quotes) | ((escapes &- ones) & ~escapes) | ((word &- (ones &* 0x20)) & ~word)
      // The lowest hit is exact; borrows make false hits only above it.
      let found = hits & tops
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x22 || byte == 0x5C || byte < 0x20 { return index }
      index += 1
    }
    return index
  }

  /// The first byte at or after `start` that is a quote, a brace or a bracket; eight at a time.
  static func structureEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    var index = start
    while index + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let quotes = word ^ (ones &* 0x22)
      // One bit tells braces from brackets: with it set, two comparisons find all four.
      let folded = word | (ones &* 0x20)
      let opening = folded ^ (ones &* 0x7B)
      let closing = folded ^ (ones &* 0x7D)
      let hits =
        ((quotes &- ones) & ~quotes) | ((opening &- ones) & ~opening) | ((closing &- ones) & ~closing)
      // The lowest hit is exact; borrows make false hits only above it.
      let found = hits & tops
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x22 || byte | 0x20 == 0x7B || byte | 0x20 == 0x7D { return index }
      index += 1
    }
    return index
  }

  /// The value of a hexadecimal digit.
  static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}
