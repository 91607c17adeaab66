/// Where and why text is not JSON, in the words of Python's decoder, which is what vLLM's clients read.
struct JSONSyntaxError: Error, Equatable {
  var message: String
  /// Index of the character, counted from 0.
  var position: Int
}

/// Parses one JSON document and reports mistakes as Python's `json.loads` does.
struct JSONParser {
  private let bytes: [UInt8]
  private var index = 0
  private static let deepestNesting = 512

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSON {
    var parser = JSONParser(bytes)
    parser.skipSpace()
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.index == bytes.count else { throw parser.error("Extra data") }
    return value
  }

  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  private func error(_ message: String, at byte: Int? = nil) -> JSONSyntaxError {
    let end = min(byte ?? index, bytes.count)
    return JSONSyntaxError(message: message, position: bytes[..<end].count { $0 & 0xc0 != 0x80 })
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { index += 1 }
  }

  private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSON {
    guard depth < Self.deepestNesting else { throw error("Nesting is deeper than \(Self.deepestNesting) levels") }
    switch current {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: return try number()
    }
  }

  private mutating func literal(_ word: String, _ value: JSON) throws(JSONSyntaxError) -> JSON {
    guard bytes[index...].starts(with: word.utf8) else { throw error("Expecting value") }
    index += word.utf8.count
    return value
  }

  private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSON {
    var members: [JSON.Member] = []
    index += 1
    skipSpace()
    if current == UInt8(ascii: "}") {
      index += 1
      return .object([])
    }
    while true {
      guard current == UInt8(ascii: "\"") else {
        throw error("Expecting property name enclosed in double quotes")
      }
      let name = try string()
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw error("Expecting ':' delimiter") }
      index += 1
      skipSpace()
      members.append(JSON.Member(name, try value(depth: depth + 1)))
      skipSpace()
      if current == UInt8(ascii: "}") { break }
      guard current == UInt8(ascii: ",") else { throw error("Expecting ',' delimiter") }
      index += 1
      skipSpace()
    }
    index += 1
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSON {
    var values: [JSON] = []
    index += 1
    skipSpace()
    if current == UInt8(ascii: "]") {
      index += 1
      return .array([])
    }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      if current == UInt8(ascii: "]") { break }
      guard current == UInt8(ascii: ",") else { throw error("Expecting ',' delimiter") }
      index += 1
      skipSpace()
    }
    index += 1
    return .array(values)
  }

  private mutating func number() throws(JSONSyntaxError) -> JSON {
    let start = index
    func isDigit(_ byte: UInt8?) -> Bool { byte.map { (0x30...0x39).contains($0) } ?? false }
    if current == UInt8(ascii: "-") { index += 1 }
    guard isDigit(current) else { throw error("Expecting value", at: start) }
    if current == UInt8(ascii: "0") { index += 1 } else { while isDigit(current) { index += 1 } }
    var isInteger = true
    if current == UInt8(ascii: "."), index + 1 < bytes.count, isDigit(bytes[index + 1]) {
      isInteger = false
      index += 1
      while isDigit(current) { index += 1 }
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      var end = index + 1
      if end < bytes.count, bytes[end] == UInt8(ascii: "+") || bytes[end] == UInt8(ascii: "-") { end += 1 }
      if end < bytes.count, isDigit(bytes[end]) {
        isInteger = false
        index = end
        while isDigit(current) { index += 1 }
      }
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if isInteger, let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text) else { throw error("Expecting value", at: start) }
    return .number(number)
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    let start = index
    index += 1
    var content: [UInt8] = []
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"):
        try escape(into: &content, stringStart: start)
      case 0..<0x20:
        throw error("Invalid control character at")
      default:
        content.append(byte)
        index += 1
      }
    }
    throw error("Unterminated string starting at", at: start)
  }

  private mutating func escape(into content: inout [UInt8], stringStart: Int) throws(JSONSyntaxError) {
    guard index + 1 < bytes.count else { throw error("Unterminated string starting at", at: stringStart) }
    let plain: [UInt8: UInt8] = [
      UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5c, UInt8(ascii: "/"): 0x2f, UInt8(ascii: "b"): 0x08,
      UInt8(ascii: "f"): 0x0c, UInt8(ascii: "n"): 0x0a, UInt8(ascii: "r"): 0x0d, UInt8(ascii: "t"): 0x09,
    ]
    if let byte = plain[bytes[index + 1]] {
      content.append(byte)
      index += 2
      return
    }
    guard bytes[index + 1] == UInt8(ascii: "u") else { throw error("Invalid \\escape") }
    var code = try hex()
    if (0xd800..<0xdc00).contains(code), bytes[index...].starts(with: [0x5c, 0x75]) {
      let resume = index
      let low = try hex()
      if (0xdc00..<0xe000).contains(low) {
        code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
      } else {
        index = resume
      }
    }
    // A lone surrogate has no UTF-8 form; it becomes the replacement character.
    content.append(contentsOf: Array(String(Unicode.Scalar(code) ?? "\u{fffd}").utf8))
  }

  /// Reads `\uXXXX` at the index.
  private mutating func hex() throws(JSONSyntaxError) -> UInt32 {
    let digits = bytes[min(index + 2, bytes.count)..<min(index + 6, bytes.count)]
    let isHex = digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    guard digits.count == 4, isHex, let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
      throw error("Invalid \\uXXXX escape", at: index + 1)
    }
    index += 6
    return code
  }
}
