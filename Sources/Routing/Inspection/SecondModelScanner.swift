/// Goes on where ``ModelNameScanner`` found the model and tells whether the object has a second top-level member
/// `model`, in any letter case.
///
/// The gateway routes by the first, as soon as it has come; most parsers let the last one win. Without this look a
/// client could ask for one model by the name of another, and get that one's criticality. Parsers that do not regard letter
/// case (Go's) take `Model` for it too. The document's form is not
/// checked: what is not JSON, the model server refuses. Measured, optimized: 0.1 ns a byte of prose or token numbers,
/// 0.7 ns of code full of escapes.
public struct SecondModelScanner: Sendable {
  /// Whether a second `model` was seen; that does not change any more.
  public private(set) var hasFound = false

  private enum Place { case outside, string, escape, key, keyEscape, keyUnicode, ended }

  private var place = Place.outside
  private var depth = 1
  private var keyIsNext = false
  /// How many bytes of `model` the key has matched, in any letter case; `nil` after a difference.
  private var matched: Int?
  private var hexDigits = 0
  private var hexValue: UInt32 = 0

  /// A scanner behind the value of the first `model`.
  public init() {}

  /// Takes the next bytes of the body; says whether a second `model` was seen.
  public mutating func scan(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    while !hasFound && index < bytes.count {
      switch place {
      case .ended: return false
      case .string: index = Self.stringEnd(bytes, from: index)
      case .outside where depth > 1: index = JSONBytes.structureEnd(bytes, from: index)
      default: break
      }
      guard index < bytes.count else { break }
      step(bytes[index])
      index += 1
    }
    return hasFound
  }

  /// Where the string ends, or the bytes do, or an escape is cut in two.
  private static func stringEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = JSONBytes.plainEnd(bytes, from: start)
    while index + 1 < bytes.count && bytes[index] != UInt8(ascii: "\"") {
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
      index = JSONBytes.plainEnd(bytes, from: index)
    }
    return index
  }

  private mutating func step(_ byte: UInt8) {
    switch place {
    case .outside: outside(byte)
    case .string:
      if byte == UInt8(ascii: "\"") { place = .outside } else if byte == UInt8(ascii: "\\") { place = .escape }
    case .escape: place = .string
    case .key: key(byte)
    case .keyEscape:
      // No other escape stands for a letter of the name.
      if byte != UInt8(ascii: "u") { matched = nil }
      (hexDigits, hexValue) = (0, 0)
      place = byte == UInt8(ascii: "u") ? .keyUnicode : .key
    case .keyUnicode: keyUnicode(byte)
    case .ended: break
    }
  }

  private mutating func outside(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""):
      place = keyIsNext ? .key : .string
      matched = 0
      keyIsNext = false
    case UInt8(ascii: ","): keyIsNext = depth == 1
    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      depth -= 1
      if depth == 0 { place = .ended }
    default: break
    }
  }

  private mutating func key(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\\"): place = .keyEscape
    case UInt8(ascii: "\""):
      hasFound = matched == ModelNameScanner.key.utf8CodeUnitCount
      place = .outside
    default: match(byte)
    }
  }

  private mutating func keyUnicode(_ byte: UInt8) {
    guard let digit = JSONBytes.hexDigit(byte) else {
      place = .ended
      return
    }
    hexValue = hexValue << 4 | digit
    hexDigits += 1
    guard hexDigits == 4 else { return }
    place = .key
    if hexValue < 0x80 { match(UInt8(hexValue)) } else { matched = nil }
  }

  private mutating func match(_ byte: UInt8) {
    guard let at = matched, at < ModelNameScanner.key.utf8CodeUnitCount else {
      matched = nil
      return
    }
    matched = ModelNameScanner.key.utf8Start[at] == ASCIIBytes.lower(byte) ? at + 1 : nil
  }
}
