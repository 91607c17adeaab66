/// Why a text is not JSON, in the words of the real API server's decoder.
package struct JSONSyntaxError: Error, Equatable {
  package var message: String
}

/// Parses one JSON text. Integers that fit stay integers, so that a round trip through the store changes no digit.
package struct JSONReader {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  /// Deeper nesting is refused, so that no body can exhaust the stack.
  private static let maximumDepth = 256

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The value of a whole JSON text.
  ///
  /// - Throws: `JSONSyntaxError` for anything that is not exactly one JSON value.
  package static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONValue {
    var reader = JSONReader(bytes)
    let value = try reader.value()
    reader.skipSpace()
    guard reader.position == bytes.count else {
      throw JSONSyntaxError(message: "invalid character \(reader.shown()) after top-level value")
    }
    return value
  }

  private func shown() -> String {
    guard position < bytes.count else { return "end of input" }
    return "'\(Character(UnicodeScalar(bytes[position])))'"
  }

  private func unexpected(_ place: String) -> JSONSyntaxError {
    guard position < bytes.count else { return JSONSyntaxError(message: "unexpected end of JSON input") }
    return JSONSyntaxError(message: "invalid character \(shown()) \(place)")
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONValue {
    skipSpace()
    guard position < bytes.count else { throw unexpected("") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try nested { reader throws(JSONSyntaxError) in try reader.object() }
    case UInt8(ascii: "["): return try nested { reader throws(JSONSyntaxError) in try reader.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func nested(
    _ body: (inout JSONReader) throws(JSONSyntaxError) -> JSONValue
  ) throws(JSONSyntaxError) -> JSONValue {
    depth += 1
    guard depth <= Self.maximumDepth else { throw JSONSyntaxError(message: "exceeded max depth") }
    position += 1
    let result = try body(&self)
    depth -= 1
    return result
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
    for index in 0..<text.utf8CodeUnitCount {
      guard take(text.utf8Start[index]) else { throw unexpected("in literal \(text)") }
    }
    return value
  }

  private mutating func object() throws(JSONSyntaxError) -> JSONValue {
    var fields: [String: JSONValue] = [:]
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(fields) }
    repeat {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw unexpected("looking for beginning of object key string")
      }
      let key = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw unexpected("after object key") }
      fields[key] = try value()
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw unexpected("after object key:value pair") }
    return .object(fields)
  }

  private mutating func array() throws(JSONSyntaxError) -> JSONValue {
    var items: [JSONValue] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(items) }
    repeat {
      items.append(try value())
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw unexpected("after array element") }
    return .array(items)
  }

  private mutating func number() throws(JSONSyntaxError) -> JSONValue {
    let start = position
    while position < bytes.count, Self.isNumberByte(bytes[position]) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if let integer = Int64(text), !text.hasPrefix("+") { return .integer(integer) }
    if let double = Double(text), double.isFinite, !text.hasPrefix("+") { return .number(double) }
    position = start
    throw unexpected("looking for beginning of value")
  }

  private static func isNumberByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    position += 1
    var text: [UInt8] = []
    var start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        text.append(contentsOf: bytes[start..<position])
        position += 1
        return String(decoding: text, as: UTF8.self)
      }
      if byte < 0x20 { throw unexpected("in string literal") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        text.append(contentsOf: bytes[start..<(position - 1)])
        try escape(into: &text)
        start = position
      }
    }
    throw unexpected("")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
    guard position < bytes.count else { throw unexpected("") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "u"): text.append(contentsOf: String(try unicodeScalar()).utf8)
    default:
      position -= 1
      throw unexpected("in string escape code")
    }
  }

  /// A lone surrogate becomes U+FFFD, as in Go's decoder.
  private mutating func unicodeScalar() throws(JSONSyntaxError) -> Character {
    let first = try hexadecimal()
    if (0xD800..<0xDC00).contains(first), position + 6 <= bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    {
      let back = position
      position += 2
      let second = try hexadecimal()
      if (0xDC00..<0xE000).contains(second) {
        let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
        return Character(UnicodeScalar(code) ?? "\u{FFFD}")
      }
      position = back
    }
    return Character(UnicodeScalar(first) ?? "\u{FFFD}")
  }

  private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
    guard position + 4 <= bytes.count,
      let code = UInt32(String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16)
    else { throw unexpected("in \\u hexadecimal character escape") }
    position += 4
    return code
  }
}
