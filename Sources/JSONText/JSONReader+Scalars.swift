/// Numbers and strings.
extension JSONReader {
  /// `[-](0|1-9…)[.…][e[+-]…]`; what follows a whole number is for the caller to judge, so `01` is 0 and a stray 1.
  mutating func number() throws(JSONSyntaxError) -> JSONValue {
    let start = position
    let isNegative = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits(after: .sign, start: start) }
    var isWhole = true
    if take(UInt8(ascii: ".")) {
      isWhole = false
      try digits(after: .point, start: position - 1)
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isWhole = false
      let exponent = position - 1
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits(after: .exponent, start: exponent)
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    // Negative zero is a double: an integer would lose its sign.
    if isWhole, let integer = Int64(text), integer != 0 || !isNegative { return .integer(integer) }
    guard let double = Double(text), double.isFinite else { throw error(.numberRange, start: start) }
    return .number(double)
  }

  private mutating func digits(
    after part: JSONSyntaxError.NumberPart, start: Int
  ) throws(JSONSyntaxError) {
    let first = position
    while let byte = current, 0x30...0x39 ~= byte { position += 1 }
    guard position > first else { throw error(.digit(after: part), start: start) }
  }

  /// The string that begins at the position.
  mutating func string() throws(JSONSyntaxError) -> String {
    let start = position
    position += 1
    var runStart = position
    // What was read before `runStart`: only strings with escapes are copied.
    var unescaped: [UInt8] = []
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        let run = bytes[runStart..<position]
        position += 1
        if unescaped.isEmpty { return String(decoding: run, as: UTF8.self) }
        return String(decoding: unescaped + run, as: UTF8.self)
      case UInt8(ascii: "\\"):
        unescaped += bytes[runStart..<position]
        try escape(into: &unescaped, stringStart: start)
        runStart = position
      case 0..<0x20: throw error(.controlCharacter)
      default: position += 1
      }
    }
    throw error(.unterminatedString, start: start)
  }

  private mutating func escape(
    into text: inout [UInt8], stringStart: Int
  ) throws(JSONSyntaxError) {
    let start = position
    position += 1
    switch current {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(bytes[position])
    case UInt8(ascii: "u"):
      position += 1
      text += try String(character(start: start)).utf8
      return
    case nil: throw error(.unterminatedString, start: stringStart)
    default: throw error(.escape, start: start)
    }
    position += 1
  }

  /// The scalar of `\uXXXX`, or of two of them that are a surrogate pair; the position stands behind the first `\u`.
  private mutating func character(start: Int) throws(JSONSyntaxError) -> Unicode.Scalar {
    let first = try hexadecimal(start: start)
    let resume = position
    if 0xD800..<0xDC00 ~= first, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
      let second = try hexadecimal(start: resume)
      if 0xDC00..<0xE000 ~= second {
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
      }
    }
    if 0xD800..<0xDC00 ~= first { position = resume }
    return Unicode.Scalar(first) ?? "\u{FFFD}"
  }

  private mutating func hexadecimal(start: Int) throws(JSONSyntaxError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw error(.unicodeEscape, start: start)
      }
      code = code << 4 + UInt32(digit)
      position += 1
    }
    return code
  }
}
