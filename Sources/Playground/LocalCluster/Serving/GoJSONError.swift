import JSONText

extension JSONSyntaxError {
  /// The mistake in the words of Go's decoder, which are the real API server's.
  var goMessage: String {
    if case .depth = kind { return "exceeded max depth" }
    if case .numberRange = kind { return "number out of range" }
    guard let byte else { return "unexpected end of JSON input" }
    let shown =
      byte == UInt8(ascii: "\"") ? "\"" : JSONWriter.quoted(String(Unicode.Scalar(byte))).dropFirst().dropLast()
    return "invalid character '\(shown)' \(place)"
  }

  private var place: String {
    switch kind {
    case .value: "looking for beginning of value"
    case .name: "looking for beginning of object key string"
    case .colon: "after object key"
    case .memberSeparator: "after object key:value pair"
    case .itemSeparator: "after array element"
    case .word(let word, let expected): "in literal \(word) (expecting '\(Character(Unicode.Scalar(expected)))')"
    case .digit(after: .sign): "in numeric literal"
    case .digit(after: .point): "after decimal point in numeric literal"
    case .digit(after: .exponent): "in exponent of numeric literal"
    case .controlCharacter, .unterminatedString: "in string literal"
    case .escape: "in string escape code"
    case .unicodeEscape: "in \\u hexadecimal character escape"
    case .trailing: "after top-level value"
    case .depth, .numberRange: ""
    }
  }
}
