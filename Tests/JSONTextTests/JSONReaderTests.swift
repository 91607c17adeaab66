import JSONText
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
  @Test(
    "A text is read as the value it means",
    arguments: [
      ("null", .null), (" \t\r\n true \n", .bool(true)), ("false", .bool(false)), ("0", .integer(0)),
      ("-1", .integer(-1)), ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("-0", .number(-0.0)), ("1.0", .number(1)),
      ("1e3", .number(1000)), ("1E+2", .number(100)), ("-12.5e-1", .number(-1.25)),
      ("5e-324", .number(.leastNonzeroMagnitude)),
      ("1e-400", .number(0)), (#""""#, .string("")), (#""é😀\#u{7F}""#, .string("é😀\u{7F}")), ("[]", .array([])),
      ("{}", .object([:])), (#"[1,[{"a":[]}],{}]"#, [1, [["a": []]], [:]]),
      (#"{ "a" : 1 , "b" : { "c" : null } }"#, ["a": 1, "b": ["c": nil]]),
      (#"{"a":1,"b":2,"a":3}"#, ["a": 3, "b": 2]), (#"{"":""}"#, ["": ""]),
    ] as [(String, JSONValue)])
  func values(text: String, value: JSONValue) throws {
    #expect(try JSONReader.parse(text) == value)
  }

  @Test(
    "Escapes are decoded; a surrogate without its other half becomes U+FFFD",
    arguments: [
      (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"), (#"\u0041\u00e9\u00E9"#, "Aéé"), (#"\u0000"#, "\0"),
      (#"\ud83d\ude00"#, "😀"), (#"\uD83D\uDE00x"#, "😀x"), (#"\ud800"#, "\u{FFFD}"), (#"\udc00y"#, "\u{FFFD}y"),
      (#"\ud800A"#, "\u{FFFD}A"), (#"\ud800\n"#, "\u{FFFD}\n"), (#"\ud800\u0041"#, "\u{FFFD}A"),
      (#"\ud800\ud83d\ude00"#, "\u{FFFD}😀"), (#"a\\u0041"#, "a\\u0041"),
    ])
  func escapes(escaped: String, text: String) throws {
    #expect(try JSONReader.parse("\"\(escaped)\"") == .string(text))
  }

  @Test("Bytes that are no UTF-8 become U+FFFD")
  func invalidUTF8() throws {
    #expect(try JSONReader.parse([0x22, 0x61, 0xFF, 0x62, 0x22]) == .string("a\u{FFFD}b"))
  }

  @Test(
    "A mistake is named, with the byte that does not fit and where the broken thing begins",
    arguments: [
      ("", .value, 0, 0), (" ", .value, 1, 1), ("+1", .value, 0, 0), (".5", .value, 0, 0), ("NaN", .value, 0, 0),
      ("Infinity", .value, 0, 0), ("'a'", .value, 0, 0), ("\u{FEFF}1", .value, 0, 0), ("[1,]", .value, 3, 3),
      ("[,1]", .value, 1, 1), (#"{"a":}"#, .value, 5, 5), ("01", .trailing, 1, 1), ("-01", .trailing, 2, 2),
      ("1 2", .trailing, 2, 2), ("{}x", .trailing, 2, 2), ("0x10", .trailing, 1, 1),
      ("[01]", .itemSeparator, 2, 2), ("[1 2]", .itemSeparator, 3, 3), ("[1", .itemSeparator, 2, 2),
      ("[1}", .itemSeparator, 2, 2), ("{a:1}", .name, 1, 1), ("{", .name, 1, 1), (#"{"a":1,}"#, .name, 7, 7),
      (#"{"a" 1}"#, .colon, 5, 5), (#"{"a"}"#, .colon, 4, 4), (#"{"a":1 "b":2}"#, .memberSeparator, 7, 7),
      (#"{"a":1]"#, .memberSeparator, 6, 6), ("-", .digit(after: .sign), 1, 0), ("[-x]", .digit(after: .sign), 2, 1),
      ("1.", .digit(after: .point), 2, 1), ("[1.e1]", .digit(after: .point), 3, 2),
      ("1e", .digit(after: .exponent), 2, 1), ("[2.5E+]", .digit(after: .exponent), 6, 4),
      ("1e400", .numberRange, 5, 0), ("nul", .word("null", expected: 0x6C), 3, 0),
      ("[trUe]", .word("true", expected: 0x75), 3, 1), ("fals3", .word("false", expected: 0x65), 4, 0),
      ("\"a\nb\"", .controlCharacter, 2, 2), ("\"a\u{0}\"", .controlCharacter, 2, 2),
      ("[\"é", .unterminatedString, 4, 1), (#""a\"#, .unterminatedString, 3, 0), (#""\q""#, .escape, 2, 1),
      (#""\'""#, .escape, 2, 1), (#""\u12g4""#, .unicodeEscape, 5, 1), (#""\u123""#, .unicodeEscape, 6, 1),
      (#""\u12"#, .unicodeEscape, 5, 1), (#""\ud800\u12""#, .unicodeEscape, 11, 7),
      (#""\uFF１1""#, .unicodeEscape, 5, 1), ("// a\n1", .value, 0, 0),
    ] as [(String, JSONSyntaxError.Kind, Int, Int)])
  func mistakes(text: String, kind: JSONSyntaxError.Kind, offset: Int, start: Int) throws {
    let error = try #require(throws: JSONSyntaxError.self) { try JSONReader.parse(text) }
    let bytes = Array(text.utf8)
    #expect(error.kind == kind)
    #expect(error.offset == offset)
    #expect(error.start == start)
    #expect(error.byte == (offset < bytes.count ? bytes[offset] : nil))
  }

  @Test("Nesting has a limit, 256 unless the caller says otherwise")
  func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(throws: Never.self) { try JSONReader.parse(nested(256)) }
    let error = try #require(throws: JSONSyntaxError.self) { try JSONReader.parse(nested(257)) }
    #expect(error.kind == .depth(256))
    #expect(error.offset == 256)
    #expect(error.depth == 256)
    #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(nested(4), maximumDepth: 3) }
    #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(#"{"a":{"a":{}}}"#, maximumDepth: 2) }
    // Beside each other is not within each other.
    #expect(throws: Never.self) { try JSONReader.parse("[[],[],[{}],{}]", maximumDepth: 3) }
    #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(Array(repeating: 0x5B, count: 1_000_000)) }
  }
}
