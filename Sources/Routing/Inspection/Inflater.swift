/// Undoes DEFLATE as it arrives, cut anywhere: bits in, bytes out.
///
/// Of our own and not zlib's: the headers of zlib come with none of the packages that the build asks for, and what reads
/// bytes of strangers is in a language that checks its bounds. Source: RFC 1951.
struct Inflater: Sendable {
  /// Why it paused.
  enum Pause: Equatable {
    /// The bits do not suffice for the next step.
    case needMore
    /// ``withOutput(_:)`` is to be emptied.
    case full
    /// The last block has ended.
    case ended
    case fault(String)
  }

  private enum State {
    case blockHead, storedHead, stored, dynamicHead, lengthCode, lengths, symbols, ended
  }

  private static let windowBytes = 32_768
  private static let fixedLiterals = HuffmanCode(
    [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112) + [UInt8](repeating: 7, count: 24)
      + [UInt8](repeating: 8, count: 8), mayBeSparse: false)
  private static let fixedDistances = HuffmanCode([UInt8](repeating: 5, count: 32), mayBeSparse: false)
  private static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
    8193, 12_289, 16_385, 24_577,
  ]

  private var state = State.blockHead
  private var isLastBlock = false
  private var storedLeft = 0
  private var (literalCount, distanceCount, lengthCodeCount) = (0, 0, 0)
  /// Lengths of the codes of a block, as far as they have come.
  private var lengths: [UInt8] = []
  private var lengthCode: HuffmanCode?
  private var (literals, distances): (HuffmanCode?, HuffmanCode?)
  /// What came out: of old bytes as many as matches may reach back, then the new ones.
  private var output = [UInt8](repeating: 0, count: 2 * windowBytes)
  private var (position, newStart) = (0, 0)

  /// Begins anew; the memory stays.
  mutating func restart() {
    (state, position, newStart) = (.blockHead, 0, 0)
  }

  /// Goes on with these bits until it must pause.
  mutating func run(_ bits: inout BitInput, _ bytes: UnsafeRawBufferPointer, from index: inout Int) -> Pause {
    while state != .ended {
      guard position + 258 <= output.count else { return .full }
      bits.fill(bytes, from: &index)
      let pause = state == .symbols ? symbol(&bits) : structure(&bits)
      if let pause { return pause }
    }
    return .ended
  }

  /// Takes out what is new.
  mutating func withOutput(_ body: (UnsafeRawBufferPointer) -> Void) {
    output.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[newStart..<position])) }
    if position + 258 > output.count {
      let kept = position - Self.windowBytes
      output.withUnsafeMutableBytes { bytes in
        bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[kept..<position]))
      }
      position = Self.windowBytes
    }
    newStart = position
  }
}

// MARK: blocks

extension Inflater {
  /// A step of a block's head, or of one that is not compressed; `nil` where it was made.
  private mutating func structure(_ bits: inout BitInput) -> Pause? {
    switch state {
    case .blockHead: return blockHead(&bits)
    case .storedHead:
      guard let head = bits.take(32) else { return .needMore }
      guard head & 0xFFFF == ~(head >> 16) & 0xFFFF else { return .fault("the length of a stored block is wrong") }
      storedLeft = head & 0xFFFF
      state = .stored
    case .stored:
      guard storedLeft > 0 else {
        endBlock()
        return nil
      }
      guard let byte = bits.take(8) else { return .needMore }
      put(UInt8(byte))
      storedLeft -= 1
    case .dynamicHead: return dynamicHead(&bits)
    case .lengthCode:
      guard let length = bits.take(3) else { return .needMore }
      lengths[Self.lengthOrder[lengthCodeCount]] = UInt8(length)
      lengthCodeCount += 1
      if lengthCodeCount == storedLeft { return endLengthCode() }
    case .lengths: return codeLength(&bits)
    case .symbols, .ended: break
    }
    return nil
  }

  private mutating func blockHead(_ bits: inout BitInput) -> Pause? {
    guard let head = bits.take(3) else { return .needMore }
    isLastBlock = head & 1 == 1
    switch head >> 1 {
    case 0:
      bits.align()
      state = .storedHead
    case 1:
      (literals, distances) = (Self.fixedLiterals, Self.fixedDistances)
      state = .symbols
    case 2: state = .dynamicHead
    default: return .fault("a block is of no known kind")
    }
    return nil
  }

  private mutating func endBlock() { state = isLastBlock ? .ended : .blockHead }

  private mutating func dynamicHead(_ bits: inout BitInput) -> Pause? {
    guard let head = bits.take(14) else { return .needMore }
    (literalCount, distanceCount) = (head & 31 + 257, head >> 5 & 31 + 1)
    guard literalCount <= 286, distanceCount <= 30 else { return .fault("a block has too many symbols") }
    storedLeft = head >> 10 + 4
    lengthCodeCount = 0
    lengths = [UInt8](repeating: 0, count: 19)
    state = .lengthCode
    return nil
  }

  private mutating func endLengthCode() -> Pause? {
    lengthCode = HuffmanCode(lengths, mayBeSparse: false)
    guard lengthCode != nil else { return .fault("the code of a block's code lengths is none") }
    lengths.removeAll(keepingCapacity: true)
    state = .lengths
    return nil
  }

  private mutating func codeLength(_ bits: inout BitInput) -> Pause? {
    var ahead = bits
    let symbol: Int
    switch lengthCode?.take(&ahead) ?? .fault {
    case .symbol(let found): symbol = found
    case .needMore: return .needMore
    case .fault: return .fault("a block's code lengths cannot be read")
    }
    if symbol < 16 {
      lengths.append(UInt8(symbol))
    } else {
      let (extraBits, base) = [(2, 3), (3, 3), (7, 11)][symbol - 16]
      guard let extra = ahead.take(extraBits) else { return .needMore }
      guard symbol > 16 || !lengths.isEmpty else {
        return .fault("the first code length of a block repeats one before it")
      }
      let length = symbol == 16 ? lengths[lengths.count - 1] : 0
      lengths.append(contentsOf: repeatElement(length, count: base + extra))
    }
    bits = ahead
    guard lengths.count <= literalCount + distanceCount else { return .fault("a block has too many code lengths") }
    return lengths.count == literalCount + distanceCount ? endLengths() : nil
  }

  private mutating func endLengths() -> Pause? {
    guard lengths[256] > 0 else { return .fault("a block has no code for its end") }
    literals = HuffmanCode(lengths[..<literalCount], mayBeSparse: true)
    distances = HuffmanCode(lengths[literalCount...], mayBeSparse: true)
    guard literals != nil, distances != nil else { return .fault("the codes of a block are none") }
    state = .symbols
    return nil
  }
}

// MARK: symbols

extension Inflater {
  /// A byte, a match, or the block's end; `nil` where it was taken.
  private mutating func symbol(_ bits: inout BitInput) -> Pause? {
    // A match is taken whole or not at all: it has at most 48 bits.
    var ahead = bits
    switch literals?.take(&ahead) ?? .fault {
    case .needMore: return .needMore
    case .fault: return .fault("there is no symbol of these bits")
    case .symbol(let symbol) where symbol < 256: put(UInt8(symbol))
    case .symbol(256): endBlock()
    case .symbol(let symbol):
      guard symbol - 257 < Self.lengthBases.count else { return .fault("there is no such length") }
      guard let extra = ahead.take(Self.lengthBits[symbol - 257]) else { return .needMore }
      if let pause = match(Self.lengthBases[symbol - 257] + extra, &ahead) { return pause }
    }
    bits = ahead
    return nil
  }

  private mutating func match(_ length: Int, _ bits: inout BitInput) -> Pause? {
    switch distances?.take(&bits) ?? .fault {
    case .needMore: return .needMore
    case .fault: return .fault("there is no distance of these bits")
    case .symbol(let symbol):
      guard symbol < Self.distanceBases.count else { return .fault("there is no such distance") }
      guard let extra = bits.take(max(0, symbol / 2 - 1)) else { return .needMore }
      let distance = Self.distanceBases[symbol] + extra
      guard distance <= min(position, Self.windowBytes) else { return .fault("a match begins before the first byte") }
      for _ in 0..<length { put(output[position - distance]) }
      return nil
    }
  }

  private mutating func put(_ byte: UInt8) {
    output[position] = byte
    position += 1
  }
}
