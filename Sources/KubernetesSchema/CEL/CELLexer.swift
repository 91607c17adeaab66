/// One word of an expression.
enum CELToken: Sendable, Equatable {
  case identifier(String)
  case int(Int64)
  case double(Double)
  case string(String)
  case symbol(String)
  case end
}

/// Cuts an expression into tokens.
struct CELLexer {
  private let scalars: [Unicode.Scalar]
  private var position = 0

  static func tokens(_ source: String) throws(CELError) -> [CELToken] {
    var lexer = CELLexer(scalars: Array(source.unicodeScalars))
    var tokens: [CELToken] = []
    while let token = try lexer.next() { tokens.append(token) }
    return tokens + [.end]
  }

  private init(scalars: [Unicode.Scalar]) {
    self.scalars = scalars
  }

  private func peek(_ offset: Int = 0) -> Unicode.Scalar? {
    position + offset < scalars.count ? scalars[position + offset] : nil
  }

  private mutating func take(while accepts: (Unicode.Scalar) -> Bool) -> String {
    var text = ""
    while let scalar = peek(), accepts(scalar) {
      text.unicodeScalars.append(scalar)
      position += 1
    }
    return text
  }

  private mutating func next() throws(CELError) -> CELToken? {
    _ = take { $0.properties.isWhitespace }
    while peek() == "/", peek(1) == "/" {
      _ = take { $0 != "\n" }
      _ = take { $0.properties.isWhitespace }
    }
    guard let scalar = peek() else { return nil }
    if scalar == "\"" || scalar == "'" { return .string(try string(isRaw: false)) }
    if scalar == "r" || scalar == "R", peek(1) == "\"" || peek(1) == "'" {
      position += 1
      return .string(try string(isRaw: true))
    }
    if ("0"..."9").contains(scalar) { return try number() }
    if Self.isWord(scalar) { return .identifier(take { Self.isWord($0) || ("0"..."9").contains($0) }) }
    return try symbol(scalar)
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
  }

  private mutating func symbol(_ scalar: Unicode.Scalar) throws(CELError) -> CELToken {
    let pair = String(scalar) + (peek(1).map { String($0) } ?? "")
    if ["&&", "||", "==", "!=", "<=", ">="].contains(pair) {
      position += 2
      return .symbol(pair)
    }
    guard "()[]{}.,?:+-*/%!<>".unicodeScalars.contains(scalar) else {
      throw CELError("Syntax error at column \(position + 1): unexpected '\(scalar)'")
    }
    position += 1
    return .symbol(String(scalar))
  }

  private mutating func number() throws(CELError) -> CELToken {
    let start = position
    var text = take { ("0"..."9").contains($0) }
    if text == "0", peek() == "x" || peek() == "X" {
      position += 1
      let digits = take { $0.properties.isASCIIHexDigit }
      guard let value = Int64(digits, radix: 16) else { throw badNumber(start) }
      return .int(value)
    }
    var isWhole = true
    if peek() == ".", let digit = peek(1), ("0"..."9").contains(digit) {
      isWhole = false
      position += 1
      text += "." + take { ("0"..."9").contains($0) }
    }
    if peek() == "e" || peek() == "E" {
      isWhole = false
      position += 1
      text += "e" + take { ("0"..."9").contains($0) || $0 == "-" || $0 == "+" }
    }
    if isWhole, let value = Int64(text) {
      if peek() == "u" || peek() == "U" { position += 1 }
      return .int(value)
    }
    guard !isWhole, let value = Double(text) else { throw badNumber(start) }
    return .double(value)
  }

  private func badNumber(_ start: Int) -> CELError {
    CELError("Syntax error at column \(start + 1): invalid number")
  }

  private mutating func string(isRaw: Bool) throws(CELError) -> String {
    let start = position
    guard let quote = peek() else { throw CELError("Syntax error: unterminated string") }
    let width = peek(1) == quote && peek(2) == quote ? 3 : 1
    position += width
    var text = ""
    while let scalar = peek() {
      if scalar == quote, width == 1 || (peek(1) == quote && peek(2) == quote) {
        position += width
        return text
      }
      position += 1
      if scalar == "\\", !isRaw {
        text.unicodeScalars.append(try escape())
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    throw CELError("Syntax error at column \(start + 1): unterminated string")
  }

  private mutating func escape() throws(CELError) -> Unicode.Scalar {
    guard let scalar = peek() else { throw CELError("Syntax error: unterminated string") }
    position += 1
    let simple: [Unicode.Scalar: Unicode.Scalar] = [
      "n": "\n", "r": "\r", "t": "\t", "\\": "\\", "\"": "\"", "'": "'", "?": "?", "`": "`",
      "a": "\u{7}", "b": "\u{8}", "f": "\u{c}", "v": "\u{b}",
    ]
    if let value = simple[scalar] { return value }
    let widths: [Unicode.Scalar: Int] = ["x": 2, "X": 2, "u": 4, "U": 8]
    if let width = widths[scalar], position + width <= scalars.count {
      let digits = String(String.UnicodeScalarView(scalars[position..<position + width]))
      position += width
      if let code = UInt32(digits, radix: 16), let value = Unicode.Scalar(code) { return value }
    }
    throw CELError("Syntax error at column \(position): invalid escape '\\\(scalar)'")
  }
}
