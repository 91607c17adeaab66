/// A plain reader of a whole JSON object, to hold scanners that see it in pieces to: it goes down by recursion, keeps what
/// it finds, and stops at the first fault. As lenient as those on purpose: the inner form of numbers is not checked, nor
/// the encoding of any text but a wanted one, nor what follows the object.
public struct ReferenceJSON {
  /// A member of the object.
  public struct Member {
    /// The name, escapes decoded; `nil` where it is no text.
    public var name: String?
    /// The value where it is a string of valid text.
    public var text: String?
    /// The value is a string, of valid text or not.
    public var isString: Bool
    /// The bytes of the value.
    public var range: Range<Int>
  }

  /// The members up to the first fault.
  public private(set) var members: [Member] = []
  /// The object is whole.
  public private(set) var isWhole = false
  /// The name of the member whose value has the fault, if it is one.
  public private(set) var openName: String?
  private let bytes: [UInt8]
  private var index = 0

  private struct Fault: Error {}

  /// Reads a body.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    do {
      try object()
      isWhole = true
    } catch {}
  }

  private mutating func object() throws {
    blanks()
    try expect("{")
    blanks()
    if peek == UInt8(ascii: "}") { return }
    repeat {
      blanks()
      let name = try string()
      blanks()
      try expect(":")
      blanks()
      openName = name
      let start = index
      let isString = peek == UInt8(ascii: "\"")
      let text = isString ? try string() : nil
      if !isString { try value(depth: 1) }
      members.append(Member(name: name, text: text, isString: isString, range: start..<index))
      openName = nil
      blanks()
    } while try hasMore("}")
  }

  private mutating func value(depth: Int) throws {
    guard let byte = peek else { throw Fault() }
    switch byte {
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth < 512 else { throw Fault() }
      try container(byte == UInt8(ascii: "{"), depth: depth + 1)
    case UInt8(ascii: "t"): try expect("true")
    case UInt8(ascii: "f"): try expect("false")
    case UInt8(ascii: "n"): try expect("null")
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      while let byte = peek, Array("0123456789+-.eE".utf8).contains(byte) { index += 1 }
    default: throw Fault()
    }
  }

  private mutating func container(_ isObject: Bool, depth: Int) throws {
    index += 1
    blanks()
    let end = isObject ? "}" : "]"
    if peek == end.utf8.first {
      index += 1
      return
    }
    repeat {
      blanks()
      if isObject {
        _ = try string()
        blanks()
        try expect(":")
        blanks()
      }
      try value(depth: depth)
      blanks()
    } while try hasMore(end)
  }

  private mutating func hasMore(_ end: String) throws -> Bool {
    if peek == UInt8(ascii: ",") {
      index += 1
      return true
    }
    try expect(end)
    return false
  }

  /// The text of a string, `nil` where it is none that can be written in UTF-8.
  private mutating func string() throws -> String? {
    try expect("\"")
    var units: [UInt8] = []
    var isText = true
    while let byte = peek, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw Fault() }
      index += 1
      guard byte == UInt8(ascii: "\\") else {
        units.append(byte)
        continue
      }
      guard let scalar = try escape() else {
        isText = false
        continue
      }
      units += Array(String(scalar).utf8)
    }
    try expect("\"")
    return isText ? String(validating: units, as: UTF8.self) : nil
  }

  /// What stands behind a backslash, `nil` for half of a pair.
  private mutating func escape() throws -> Unicode.Scalar? {
    guard let byte = peek else { throw Fault() }
    index += 1
    let plain: [Character: Unicode.Scalar] = [
      "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t",
    ]
    if let scalar = plain[Character(Unicode.Scalar(byte))] { return scalar }
    guard byte == UInt8(ascii: "u") else { throw Fault() }
    let high = try unit()
    guard 0xD800...0xDBFF ~= high else { return Unicode.Scalar(high) }
    guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
      return nil
    }
    index += 2
    let low = try unit()
    guard 0xDC00...0xDFFF ~= low else { return nil }
    return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
  }

  private mutating func unit() throws -> UInt32 {
    guard index + 4 <= bytes.count else { throw Fault() }
    let digits = String(decoding: bytes[index..<index + 4], as: UTF8.self)
    guard digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16) else { throw Fault() }
    index += 4
    return value
  }

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func blanks() {
    while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { index += 1 }
  }

  private mutating func expect(_ text: String) throws {
    for byte in text.utf8 {
      guard peek == byte else { throw Fault() }
      index += 1
    }
  }
}
