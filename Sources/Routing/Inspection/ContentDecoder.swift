/// A coding of bodies that the gateway can look through.
public enum ContentCoding: String, Sendable {
  /// Source: RFC 1952; RFC 9110, section 8.4.1.3: `x-gzip` is the same.
  case gzip
  /// Source: RFC 1950, with the header of zlib; some clients leave it out and send RFC 1951, which is taken too.
  case deflate
}

/// Decodes a body as it arrives, cut anywhere, bounded in size and in ratio.
public struct ContentDecoder: Sendable {
  /// What ended the decoding before the body did.
  public enum Fault: Sendable, Equatable {
    /// The bytes up to `offset` are not the beginning of a body with the coding.
    case malformed(offset: Int, reason: String)
    /// What comes out is more than may, or so much more than went in that it was made to be.
    case tooLarge
  }

  /// So many times what went in may come out, once that is more than ``freeBytes``: text shrinks to a tenth, seldom to a
  /// fiftieth.
  public static let maximumRatio = 100
  /// Bytes that may come out of any few.
  public static let freeBytes = 1 << 20

  private enum State {
    case gzipHead, gzipTime, extraLength, extra, name, comment, headSum
    case zlibHead
    case blocks
    case gzipSum, gzipLength, zlibSum
    /// Between two members of gzip: another may follow.
    case between
    case ended
  }

  /// What went wrong, if anything did.
  public private(set) var fault: Fault?
  /// Bytes that came out.
  public private(set) var decodedBytes = 0
  private let coding: ContentCoding
  private let maximumBytes: Int
  private var state: State
  private var seenBytes = 0
  private var bits = BitInput()
  private var inflater = Inflater()
  /// The flags of a gzip head.
  private var flags = 0
  private var extraLeft = 0
  /// There is no head around the blocks, nor a sum behind them.
  private var isBare = false
  private var memberBytes: UInt32 = 0
  private var crc = CRC32()
  private var adler = Adler32()

  /// A decoder at the beginning of a body.
  ///
  /// - Parameter maximumBytes: how many bytes may come out of it.
  public init(_ coding: ContentCoding, maximumBytes: Int) {
    self.coding = coding
    self.maximumBytes = maximumBytes
    state = coding == .gzip ? .gzipHead : .zlibHead
  }

  /// Takes the next bytes of the body; hands on what comes out of them, in pieces of at most 32 KiB.
  public mutating func decode(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
    var index = 0
    let before = seenBytes
    var isMoving = true
    while isMoving && fault == nil {
      bits.fill(bytes, from: &index)
      seenBytes = before + index
      isMoving = state == .blocks ? blocks(bytes, from: &index, body) : step()
    }
  }

  /// The body has ended: a part of a stream is a fault.
  public mutating func finish() {
    guard fault == nil, seenBytes > 0 else { return }
    if state != .ended && !(state == .between && bits.count == 0) { fail("it ends too early") }
  }

  private mutating func fail(_ reason: String) {
    fault = .malformed(offset: seenBytes - bits.count / 8, reason: reason)
  }

  /// Goes on with the blocks; says whether there may be more to do.
  private mutating func blocks(
    _ bytes: UnsafeRawBufferPointer, from index: inout Int, _ body: (UnsafeRawBufferPointer) -> Void
  ) -> Bool {
    let before = seenBytes - index
    let pause = inflater.run(&bits, bytes, from: &index)
    seenBytes = before + index
    inflater.withOutput { output in
      guard !output.isEmpty else { return }
      decodedBytes += output.count
      let isTooMuch = decodedBytes > Self.freeBytes && decodedBytes / Self.maximumRatio >= seenBytes
      guard decodedBytes <= maximumBytes, !isTooMuch else { return fault = .tooLarge }
      memberBytes &+= UInt32(truncatingIfNeeded: output.count)
      if coding == .gzip { crc.take(output) } else if !isBare { adler.take(output) }
      body(output)
    }
    switch pause {
    case .needMore: return false
    case .full: return true
    case .ended:
      state = coding == .gzip ? .gzipSum : isBare ? .ended : .zlibSum
      bits.align()
      return true
    case .fault(let reason):
      if fault == nil { fail(reason) }
      return false
    }
  }
}

// MARK: what is around the blocks

extension ContentDecoder {
  /// A step of what is around the blocks; says whether it was made.
  private mutating func step() -> Bool {
    switch state {
    case .gzipHead, .between: gzipHead()
    case .gzipTime: take(48, then: .extraLength)
    case .extraLength: extraLength()
    case .extra: extra()
    case .name: text(flag: 8, then: .comment)
    case .comment: text(flag: 16, then: .headSum)
    case .headSum: flags & 2 == 0 ? take(0, then: .blocks) : take(16, then: .blocks)
    case .zlibHead: zlibHead()
    case .gzipSum: check(crc.value, then: .gzipLength)
    case .gzipLength: check(memberBytes, then: .between)
    case .zlibSum: check(adler.value.byteSwapped, then: .ended)
    case .ended: ended()
    case .blocks: false
    }
  }

  private mutating func take(_ count: Int, then next: State) -> Bool {
    guard bits.take(count) != nil else { return false }
    state = next
    return true
  }

  private mutating func gzipHead() -> Bool {
    guard bits.count < 8 || bits.value & 0xFF == 0x1F, bits.count < 16 || bits.value & 0xFFFF == 0x8B1F else {
      fail(state == .between ? "what follows behind its end is no gzip" : "it does not begin as gzip does")
      return false
    }
    guard let head = bits.take(32) else { return false }
    guard head >> 16 & 0xFF == 8, head >> 29 == 0 else {
      fail("its head has a method or flags that gzip does not have")
      return false
    }
    flags = head >> 24
    (memberBytes, crc) = (0, CRC32())
    inflater.restart()
    state = .gzipTime
    return true
  }

  private mutating func extraLength() -> Bool {
    guard flags & 4 != 0 else { return take(0, then: .name) }
    guard let length = bits.take(16) else { return false }
    extraLeft = length
    state = .extra
    return true
  }

  private mutating func extra() -> Bool {
    guard extraLeft > 0 else { return take(0, then: .name) }
    guard bits.take(8) != nil else { return false }
    extraLeft -= 1
    return true
  }

  private mutating func text(flag: Int, then next: State) -> Bool {
    guard flags & flag != 0 else { return take(0, then: next) }
    guard let byte = bits.take(8) else { return false }
    if byte == 0 { state = next }
    return true
  }

  /// What begins with no head of zlib is taken for blocks alone. A head with a dictionary is one that nobody can have sent.
  private mutating func zlibHead() -> Bool {
    guard bits.count >= 16 else { return false }
    let (method, check) = (bits.value & 0xFF, (bits.value & 0xFF) << 8 | (bits.value >> 8) & 0xFF)
    isBare = method & 0x0F != 8 || method >> 4 > 7 || check % 31 != 0
    if isBare { return take(0, then: .blocks) }
    guard bits.value & 0x2000 == 0 else {
      fail("it asks for a dictionary")
      return false
    }
    return take(16, then: .blocks)
  }

  private mutating func check(_ expected: UInt32, then next: State) -> Bool {
    guard let sum = bits.take(32) else { return false }
    guard sum == expected else {
      fail("its checksum or length is not that of what came out")
      return false
    }
    state = next
    return true
  }

  private mutating func ended() -> Bool {
    if bits.count > 0 { fail("more follows behind its end") }
    return false
  }
}
