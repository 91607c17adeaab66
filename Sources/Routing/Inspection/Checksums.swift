/// The checksum of gzip's members. Source: RFC 1952, section 8.
struct CRC32: Sendable {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }

  private var rest: UInt32 = .max

  /// The sum of what was taken in.
  var value: UInt32 { ~rest }

  mutating func take(_ bytes: UnsafeRawBufferPointer) {
    var rest = rest
    Self.table.withUnsafeBufferPointer { table in
      for byte in bytes { rest = rest >> 8 ^ table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)] }
    }
    self.rest = rest
  }
}

/// The checksum of zlib's streams. Source: RFC 1950, section 8.2.
struct Adler32: Sendable {
  private var (low, high): (UInt32, UInt32) = (1, 0)

  /// The sum of what was taken in.
  var value: UInt32 { high << 16 | low }

  mutating func take(_ bytes: UnsafeRawBufferPointer) {
    var start = 0
    while start < bytes.count {
      // So many bytes of 255 keep the sums within 32 bits.
      let end = min(start + 5552, bytes.count)
      for byte in bytes[start..<end] {
        low += UInt32(byte)
        high += low
      }
      (low, high) = (low % 65_521, high % 65_521)
      start = end
    }
  }
}
