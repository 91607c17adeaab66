/// What the scanners ask of single bytes and of eight at a time.
enum JSONBytes {
  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// The first byte at or after `start` that is a quote, a backslash or a control character; eight at a time.
  static func plainEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    firstHit(in: bytes, from: start) { word in
      zeros(of: word ^ (ones &* 0x22)) | zeros(of: word ^ (ones &* 0x5C)) | ((word &- (ones &* 0x20)) & ~word)
    } byte: { byte in
      byte == 0x22 || byte == 0x5C || byte < 0x20
    }
  }

  /// The first byte at or after `start` that is a quote, a brace or a bracket; eight at a time.
  static func structureEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    firstHit(in: bytes, from: start) { word in
      // One bit tells braces from brackets: with it set, two comparisons find all four.
      let folded = word | (ones &* 0x20)
      return zeros(of: word ^ (ones &* 0x22)) | zeros(of: folded ^ (ones &* 0x7B)) | zeros(of: folded ^ (ones &* 0x7D))
    } byte: { byte in
      byte == 0x22 || byte | 0x20 == 0x7B || byte | 0x20 == 0x7D
    }
  }

  /// The first line feed at or after `start`; eight at a time.
  static func lineFeed(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    firstHit(in: bytes, from: start) {
      zeros(of: $0 ^ (ones &* 0x0A))
    } byte: {
      $0 == 0x0A
    }
  }

  /// The first place at or after `start` where `first` stands before `second`, or where `first` is the last byte; eight at a time.
  static func pair(_ first: UInt8, _ second: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let (ahead, behind) = (ones &* UInt64(first), ones &* UInt64(second))
    var index = start
    while index + 9 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
      let next = bytes.loadUnaligned(fromByteOffset: index + 1, as: UInt64.self).littleEndian
      let found = zeros(of: word ^ ahead) & zeros(of: next ^ behind) & (ones &* 0x80)
      if found != 0 {
        let place = index + found.trailingZeroBitCount / 8
        // A borrow in one of both may make a false hit.
        if bytes[place] == first && bytes[place + 1] == second { return place }
        index = place + 1
      } else {
        index += 8
      }
    }
    while index < bytes.count, bytes[index] != first || index + 1 < bytes.count && bytes[index + 1] != second {
      index += 1
    }
    return index
  }

  /// Whether JSON takes the byte for white space.
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

  /// The first byte for which the top bit of its place in `wordHits` is set, or `byteHits` holds in the last few.
  ///
  /// Inlined, so that each caller has a loop of its own: no slower than two loops written out (measured).
  @inline(__always)
  private static func firstHit(
    in bytes: UnsafeRawBufferPointer, from start: Int, word wordHits: (UInt64) -> UInt64, byte byteHits: (UInt8) -> Bool
  ) -> Int {
    var index = start
    while index + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      // The lowest hit is exact; borrows make false hits only above it.
      let found = wordHits(word) & (ones &* 0x80)
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < bytes.count, !byteHits(bytes[index]) { index += 1 }
    return index
  }

  /// The top bit of each byte that is zero, of bytes above one perhaps too; other bits mean nothing.
  @inline(__always)
  private static func zeros(of word: UInt64) -> UInt64 { (word &- ones) & ~word }

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
