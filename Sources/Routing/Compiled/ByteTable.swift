/// Values by keys of bytes, looked up without a String and without an allocation.
///
/// Open addressing over FNV-1a. The keys are the table's own: a request chooses which of them is looked for, not how many
/// of them collide.
struct ByteTable<Value: Sendable>: Sendable {
  private var bytes: [UInt8] = []
  private var keys: [Range<Int>] = []
  private var values: [Value] = []
  /// Numbers of keys, -1 for an empty place; their count is a power of two.
  private var slots: [Int]
  private let ignoresCase: Bool
  /// The lengths of the keys, the longest first.
  let lengths: [Int]

  /// - Parameter ignoresCase: a capital letter that is looked for finds a small one.
  init(_ entries: [(key: String, value: Value)], ignoresCase: Bool = false) {
    self.ignoresCase = ignoresCase
    lengths = Set(entries.map(\.key.utf8.count)).sorted(by: >)
    var size = 2
    while size < 2 * entries.count { size *= 2 }
    slots = Array(repeating: -1, count: size)
    for entry in entries {
      let start = bytes.count
      bytes += Array(entry.key.utf8)
      keys.append(start..<bytes.count)
      values.append(entry.value)
      var place = bytes[start...].withUnsafeBytes { hash($0) } & (size - 1)
      while slots[place] >= 0 { place = (place + 1) & (size - 1) }
      slots[place] = keys.count - 1
    }
  }

  var isEmpty: Bool { keys.isEmpty }

  /// The value of a key.
  func find(_ key: UnsafeRawBufferPointer) -> Value? {
    if keys.isEmpty { return nil }
    var place = hash(key) & (slots.count - 1)
    while slots[place] >= 0 {
      let number = slots[place]
      if isSame(key, keys[number]) { return values[number] }
      place = (place + 1) & (slots.count - 1)
    }
    return nil
  }

  private func isSame(_ key: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    guard key.count == range.count else { return false }
    for index in 0..<key.count where folded(key[index]) != bytes[range.lowerBound + index] { return false }
    return true
  }

  private func hash(_ key: UnsafeRawBufferPointer) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in key { hash = (hash ^ UInt64(folded(byte))) &* 0x0000_0100_0000_01B3 }
    return Int(truncatingIfNeeded: hash ^ (hash >> 32))
  }

  @inline(__always)
  private func folded(_ byte: UInt8) -> UInt8 { ignoresCase ? ASCIIBytes.lower(byte) : byte }
}
