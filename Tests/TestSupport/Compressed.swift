/// Text as a member of gzip whose blocks are not compressed, for tests that need the coding and not the compression.
public func storedGzip(_ text: String, blockBytes: Int = 1000) -> [UInt8] {
  let bytes = Array(text.utf8)
  var coded: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
  var start = 0
  repeat {
    let block = bytes[start..<min(start + blockBytes, bytes.count)]
    start += block.count
    let (low, high) = (UInt8(block.count & 0xFF), UInt8(block.count >> 8))
    coded += [start == bytes.count ? 1 : 0, low, high, ~low, ~high] + block
  } while start < bytes.count
  return coded + little(crc32(bytes)) + little(UInt32(bytes.count))
}

private func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> ($0 * 8) & 0xFF) } }

private func crc32(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(UInt32.max) { sum, byte in
    (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }
}

/// Text, and its last byte 258 times `matches` more, as DEFLATE without anything around it: 13 bits for each 258 bytes.
public func deflatedRun(behind text: String, matches: Int) -> [UInt8] {
  var bits: [Bool] = [true, true, false]
  func code(_ value: Int, _ count: Int) { for bit in (0..<count).reversed() { bits.append(value >> bit & 1 == 1) } }
  for byte in text.utf8 { code(0x30 + Int(byte), 8) }
  for _ in 0..<matches {
    code(0b1100_0101, 8)
    code(0, 5)
  }
  code(0, 7)
  while bits.count % 8 != 0 { bits.append(false) }
  return stride(from: 0, to: bits.count, by: 8).map { start in
    (0..<8).reduce(UInt8(0)) { $0 | (bits[start + $1] ? 1 << UInt8($1) : 0) }
  }
}
