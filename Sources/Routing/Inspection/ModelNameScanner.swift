/// Finds the top-level string member `model` of a JSON object, without building a tree and in one pass.
///
/// Feed it the body as it arrives, cut anywhere. It stops at the first `model`: the request can be routed while the
/// rest of the body is still on its way. Most parsers let the last of duplicate members win, so what follows is for
/// ``SecondModelScanner`` to look at. Keys and names are compared after decoding their escapes. Up to there the
/// structure of the document is checked; the inner form of numbers is not, since the model server does that. A byte
/// order mark of UTF-8 before the object is passed over, as many parsers do (RFC 8259, section 8.1).
public struct ModelNameScanner: Sendable {
  /// What is known so far. Every case but `needMore` is final: further bytes do not change it.
  public enum Result: Sendable, Equatable {
    /// More bytes, or ``ModelNameScanner/finish()``, will tell.
    case needMore
    /// The name, and the bytes of its value in the body, quotes included.
    case found(name: String, range: Range<Int>)
    /// The object is complete and has no member `model`.
    case absent
    /// `model` is not a string; the bytes of its value.
    case notAString(range: Range<Int>)
    /// The bytes up to `offset` are not the beginning of a JSON object, or exceed a limit.
    case malformed(offset: Int, reason: String)
  }

  /// Objects and arrays inside each other that are still followed.
  public static let depthLimit = 512
  /// Bytes of UTF-8 that a model name may have.
  public static let nameLimit = 1024

  private enum State {
    case document, byteOrderMark, keyOrEnd, key, colon, value, valueOrEnd, afterValue, string, escape, unicode, number,
      literal
  }

  /// What the string being read is for.
  private enum StringUse { case memberName, other, modelName }

  /// A top-level key before the end of the scan is `model` but for letter case: some parsers take it for `model`.
  public private(set) var hasOtherCase = false
  private var state = State.document
  private var use = StringUse.other
  private var offset = 0
  private var depth = 0
  /// A bit for each open container: 1 is an object.
  private var objects = SIMD8<UInt64>(repeating: 0)
  /// How many bytes of `model` the top-level key has matched, in any letter case; `nil` after a difference.
  private var keyMatched: UInt8? = 0
  private var keyIsExact = true
  private var keyIsModel = false
  private var valueStart: Int?
  private var name: [UInt8] = []
  private var hexDigits: UInt8 = 0
  private var hexValue: UInt32 = 0
  private var highSurrogate: UInt32?
  private var literal: StaticString = "null"
  private var literalMatched: UInt8 = 0
  private var result = Result.needMore {
    didSet { isDone = true }
  }
  private var isDone = false

  /// A scanner at the beginning of a body.
  public init() {}

  /// Takes the next bytes of the body.
  public mutating func scan(_ bytes: UnsafeRawBufferPointer) -> Result {
    if isDone { return result }
    var index = 0
    while index < bytes.count {
      if state == .string {
        if use != .modelName && (use != .memberName || keyMatched == nil) {
          index = JSONBytes.plainEnd(bytes, from: index)
        }
        guard index < bytes.count else { break }
      }
      step(bytes[index], at: offset + index)
      if isDone { return result }
      index += 1
    }
    offset += bytes.count
    return result
  }

  /// Says that the body is complete.
  public mutating func finish() -> Result {
    if !isDone {
      fail(offset, offset == 0 ? "the body is empty" : "the body ends inside a JSON object")
    }
    return result
  }

  private mutating func fail(_ offset: Int, _ reason: String) {
    result = .malformed(offset: offset, reason: reason)
  }
}

// MARK: structure

extension ModelNameScanner {
  private mutating func step(_ byte: UInt8, at offset: Int) {
    switch state {
    case .string: stringByte(byte, at: offset)
    case .escape: escapeByte(byte, at: offset)
    case .unicode: unicodeByte(byte, at: offset)
    case .number: numberByte(byte, at: offset)
    case .literal: literalByte(byte, at: offset)
    case .document, .byteOrderMark, .keyOrEnd, .key, .colon, .value, .valueOrEnd, .afterValue:
      if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { return }
      structureByte(byte, at: offset)
    }
  }

  private mutating func structureByte(_ byte: UInt8, at offset: Int) {
    switch (state, byte) {
    case (.document, UInt8(ascii: "{")): open(object: true, at: offset)
    case (.document, 0xEF) where offset == 0: state = .byteOrderMark
    case (.byteOrderMark, 0xBB) where offset == 1: return
    case (.byteOrderMark, 0xBF) where offset == 2: state = .document
    case (.byteOrderMark, _): fail(0, "the body is not a JSON object")
    case (.document, _): fail(offset, "the body is not a JSON object")
    case (.keyOrEnd, UInt8(ascii: "}")), (.valueOrEnd, UInt8(ascii: "]")): close(at: offset)
    case (.keyOrEnd, UInt8(ascii: "\"")), (.key, UInt8(ascii: "\"")): openKey()
    case (.keyOrEnd, _), (.key, _): fail(offset, "a member name in quotes is expected here")
    case (.colon, UInt8(ascii: ":")): state = .value
    case (.colon, _): fail(offset, "':' is expected here")
    case (.value, _), (.valueOrEnd, _): openValue(byte, at: offset)
    case (.afterValue, UInt8(ascii: ",")): state = innermostIsObject ? .key : .value
    case (.afterValue, UInt8(ascii: "}")) where innermostIsObject: close(at: offset)
    case (.afterValue, UInt8(ascii: "]")) where !innermostIsObject: close(at: offset)
    default: fail(offset, "',' or the end of the \(innermostIsObject ? "object" : "array") is expected here")
    }
  }

  private var innermostIsObject: Bool {
    objects[(depth - 1) >> 6] & (1 << UInt64((depth - 1) & 63)) != 0
  }

  private mutating func open(object: Bool, at offset: Int) {
    guard depth < Self.depthLimit else {
      return fail(offset, "objects and arrays are more than \(Self.depthLimit) deep")
    }
    let bit: UInt64 = 1 << UInt64(depth & 63)
    if object { objects[depth >> 6] |= bit } else { objects[depth >> 6] &= ~bit }
    depth += 1
    state = object ? .keyOrEnd : .valueOrEnd
  }

  private mutating func close(at offset: Int) {
    depth -= 1
    if depth == 0 { result = .absent } else { endValue(at: offset + 1) }
  }

  private mutating func openKey() {
    use = .memberName
    keyMatched = depth == 1 ? 0 : nil
    keyIsExact = true
    state = .string
  }

  private mutating func openValue(_ byte: UInt8, at offset: Int) {
    let isModel = depth == 1 && keyIsModel
    if isModel { valueStart = offset }
    switch byte {
    case UInt8(ascii: "\""):
      use = isModel ? .modelName : .other
      state = .string
    case UInt8(ascii: "{"): open(object: true, at: offset)
    case UInt8(ascii: "["): open(object: false, at: offset)
    case UInt8(ascii: "t"): openLiteral("true")
    case UInt8(ascii: "f"): openLiteral("false")
    case UInt8(ascii: "n"): openLiteral("null")
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): state = .number
    default: fail(offset, "a value is expected here")
    }
  }

  /// A value ended before `end`.
  private mutating func endValue(at end: Int) {
    if depth == 1, let start = valueStart { result = .notAString(range: start..<end) }
    state = .afterValue
  }

  private mutating func openLiteral(_ text: StaticString) {
    literal = text
    literalMatched = 1
    state = .literal
  }

  private mutating func literalByte(_ byte: UInt8, at offset: Int) {
    guard literal.utf8Start[Int(literalMatched)] == byte else { return fail(offset, "'\(literal)' is expected here") }
    literalMatched += 1
    if Int(literalMatched) == literal.utf8CodeUnitCount { endValue(at: offset + 1) }
  }

  private mutating func numberByte(_ byte: UInt8, at offset: Int) {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      return
    default:
      endValue(at: offset)
      if !isDone { step(byte, at: offset) }
    }
  }
}

// MARK: strings

extension ModelNameScanner {
  private mutating func stringByte(_ byte: UInt8, at offset: Int) {
    switch byte {
    case UInt8(ascii: "\\"): state = .escape
    case UInt8(ascii: "\""): endString(at: offset)
    case 0..<0x20: fail(offset, "a control character stands unescaped in a string")
    default: takeByte(byte, at: offset)
    }
  }

  private mutating func takeByte(_ byte: UInt8, at offset: Int) {
    switch use {
    case .other: return
    case .memberName:
      let at = keyMatched ?? 5
      keyMatched = at < 5 && Self.key.utf8Start[Int(at)] == ASCIIBytes.lower(byte) ? at + 1 : nil
      if ASCIIBytes.lower(byte) != byte { keyIsExact = false }
    case .modelName:
      if highSurrogate != nil { return failSurrogate(offset) }
      guard name.count < Self.nameLimit else {
        return fail(offset, "the model name is longer than \(Self.nameLimit) bytes")
      }
      name.append(byte)
    }
  }

  private mutating func endString(at offset: Int) {
    switch use {
    case .other: endValue(at: offset + 1)
    case .memberName:
      if depth == 1 { keyIsModel = keyMatched == 5 && keyIsExact }
      if keyMatched == 5 && !keyIsExact { hasOtherCase = true }
      state = .colon
    case .modelName:
      if highSurrogate != nil { return failSurrogate(offset) }
      guard let start = valueStart, let text = String(validating: name, as: UTF8.self) else {
        return fail(offset, "the model name is not valid UTF-8")
      }
      result = .found(name: text, range: start..<offset + 1)
    }
  }

  private mutating func escapeByte(_ byte: UInt8, at offset: Int) {
    state = .string
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): takeByte(byte, at: offset)
    case UInt8(ascii: "b"): takeByte(0x08, at: offset)
    case UInt8(ascii: "f"): takeByte(0x0C, at: offset)
    case UInt8(ascii: "n"): takeByte(0x0A, at: offset)
    case UInt8(ascii: "r"): takeByte(0x0D, at: offset)
    case UInt8(ascii: "t"): takeByte(0x09, at: offset)
    case UInt8(ascii: "u"):
      (hexDigits, hexValue) = (0, 0)
      state = .unicode
    default: fail(offset, "a backslash is followed by a character that JSON does not escape")
    }
  }

  private mutating func unicodeByte(_ byte: UInt8, at offset: Int) {
    guard let digit = JSONBytes.hexDigit(byte) else {
      return fail(offset, "\\u is not followed by four hexadecimal digits")
    }
    hexValue = hexValue << 4 | digit
    hexDigits += 1
    guard hexDigits == 4 else { return }
    state = .string
    guard use == .modelName else {
      if use == .memberName { takeByte(hexValue < 0x80 ? UInt8(hexValue) : 0, at: offset) }
      return
    }
    takeUnit(at: offset)
  }

  private mutating func takeUnit(at offset: Int) {
    switch (highSurrogate, hexValue) {
    case (nil, 0xD800...0xDBFF): highSurrogate = hexValue
    case (let high?, 0xDC00...0xDFFF):
      highSurrogate = nil
      takeScalar(0x10000 + (high - 0xD800) << 10 + (hexValue - 0xDC00), at: offset)
    case (nil, _): takeScalar(hexValue, at: offset)
    default: failSurrogate(offset)
    }
  }

  private mutating func takeScalar(_ value: UInt32, at offset: Int) {
    guard let scalar = Unicode.Scalar(value) else { return failSurrogate(offset) }
    for byte in UTF8.encode(scalar) ?? .init() where !isDone { takeByte(byte, at: offset) }
  }

  private mutating func failSurrogate(_ offset: Int) {
    fail(offset, "the model name holds half of a surrogate pair")
  }
}
