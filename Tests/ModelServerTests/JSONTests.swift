import Testing

@testable import ModelServer

@Suite("JSON with Python's messages")
struct JSONTests {
  @Test(
    "What is valid comes back as it was, members in order",
    arguments: [
      #"{"b":1,"a":[true,false,null,-1.5,"x\ny\"é😀"],"c":{}}"#, "[]", "0", #""""#, #"[1,{"a":[]}]"#,
    ])
  func roundTrip(text: String) throws {
    #expect(try JSONParser.parse(Array(text.utf8)).text == text)
  }

  @Test("Escapes are decoded, surrogate pairs too")
  func escapes() throws {
    let value = try JSONParser.parse(Array(#""A😀\/\t\ud800x""#.utf8))
    #expect(value == .string("A😀/\t\u{fffd}x"))
  }

  @Test(
    "Mistakes are reported with the words and place of json.loads",
    arguments: [
      ("{not json", "Expecting property name enclosed in double quotes", 1),
      ("{\"a\" 1}", "Expecting ':' delimiter", 5),
      ("{\"a\":1 \"b\":2}", "Expecting ',' delimiter", 7),
      ("[1,]", "Expecting value", 3),
      ("nul", "Expecting value", 0),
      ("{} x", "Extra data", 3),
      ("\"é", "Unterminated string starting at", 0),
      ("[\"é\\q\"]", "Invalid \\escape", 3),
      ("\"\\u12g4\"", "Invalid \\uXXXX escape", 2),
      ("\"a\nb\"", "Invalid control character at", 2),
      ("", "Expecting value", 0),
      ("-", "Expecting value", 0),
    ])
  func mistakes(text: String, message: String, position: Int) {
    #expect(throws: JSONSyntaxError(message: message, position: position)) {
      try JSONParser.parse(Array(text.utf8))
    }
  }

  @Test("A body of brackets is an error, not a crash")
  func deep() {
    #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array(repeating: 0x5b, count: 1_000_000)) }
  }
}
