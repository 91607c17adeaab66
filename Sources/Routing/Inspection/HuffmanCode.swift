/// A prefix code of DEFLATE: symbols by the bits that stand for them.
///
/// Source: RFC 1951, section 3.2.2. Codes of up to nine bits are looked up; longer ones, which are seldom, are counted out.
struct HuffmanCode: Sendable {
  /// What stands where a symbol is expected.
  enum Found: Equatable {
    case symbol(Int)
    case needMore
    case fault
  }

  private static let tableBits = 9
  static let maximumBits = 15

  /// By the next nine bits: the symbol, times 16, plus the bits of its code; 0 for longer codes and none.
  private var table = [UInt16](repeating: 0, count: 1 << tableBits)
  /// How many codes there are of each length, and the symbols in the order of their codes.
  private var counts = [UInt16](repeating: 0, count: maximumBits + 1)
  private var symbols: [UInt16] = []

  /// The code with these lengths by symbol, 0 for symbols that do not occur; `nil` where no such code exists.
  ///
  /// - Parameter mayBeSparse: whether one symbol of one bit, or none at all, is a code too.
  init?(_ lengths: some Collection<UInt8>, mayBeSparse: Bool) {
    for length in lengths { counts[Int(length)] += 1 }
    let used = lengths.count - Int(counts[0])
    counts[0] = 0
    var left = 1
    var starts = [Int](repeating: 0, count: Self.maximumBits + 2)
    for length in 1...Self.maximumBits {
      left = left << 1 - Int(counts[length])
      guard left >= 0 else { return nil }
      starts[length + 1] = starts[length] + Int(counts[length])
    }
    guard left == 0 || mayBeSparse && (used == 0 || used == 1 && counts[1] == 1) else { return nil }
    symbols = [UInt16](repeating: 0, count: used)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      symbols[starts[Int(length)]] = UInt16(symbol)
      starts[Int(length)] += 1
    }
    fillTable()
  }

  private mutating func fillTable() {
    var (code, index) = (0, 0)
    for length in 1...Self.tableBits {
      for _ in 0..<counts[length] {
        // Codes come with their first bit lowest.
        var place = Self.reversed(code, bits: length)
        while place < table.count {
          table[place] = symbols[index] << 4 | UInt16(length)
          place += 1 << length
        }
        code += 1
        index += 1
      }
      code <<= 1
    }
  }

  private static func reversed(_ code: Int, bits: Int) -> Int {
    (0..<bits).reduce(0) { $0 << 1 | (code >> $1) & 1 }
  }

  /// Takes the symbol that comes next.
  func take(_ bits: inout BitInput) -> Found {
    let entry = table[Int(bits.value & UInt64(table.count - 1))]
    let length = Int(entry & 15)
    guard length == 0 else {
      guard length <= bits.count else { return .needMore }
      bits.drop(length)
      return .symbol(Int(entry >> 4))
    }
    return takeLong(&bits)
  }

  private func takeLong(_ bits: inout BitInput) -> Found {
    var (code, first, index) = (0, 0, 0)
    for length in 1...Self.maximumBits {
      guard length <= bits.count else { return .needMore }
      code |= Int((bits.value >> UInt64(length - 1)) & 1)
      let count = Int(counts[length])
      if code - count < first {
        bits.drop(length)
        return .symbol(Int(symbols[index + code - first]))
      }
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    return .fault
  }
}

/// Bits that have come and were not taken, the next one lowest.
struct BitInput: Sendable {
  private(set) var value: UInt64 = 0
  private(set) var count = 0

  /// Takes in bytes while there is room for whole ones.
  mutating func fill(_ bytes: UnsafeRawBufferPointer, from index: inout Int) {
    while count <= 56, index < bytes.count {
      value |= UInt64(bytes[index]) << UInt64(count)
      count += 8
      index += 1
    }
  }

  /// Leaves so many bits out, which must be there.
  mutating func drop(_ bits: Int) {
    value >>= UInt64(bits)
    count -= bits
  }

  /// Takes so many bits, at most 32, if they are there.
  mutating func take(_ bits: Int) -> Int? {
    guard bits <= count else { return nil }
    let taken = Int(value & (1 << UInt64(bits) - 1))
    drop(bits)
    return taken
  }

  /// Leaves out what is left of a byte.
  mutating func align() { drop(count & 7) }
}
