import JSONText
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
  @Test("Every character that must be escaped is, in its short form where it has one; no other is")
  func escapes() {
    let short: [UInt8: String] = [0x08: #"\b"#, 0x09: #"\t"#, 0x0A: #"\n"#, 0x0C: #"\f"#, 0x0D: #"\r"#]
    for byte in UInt8(0)..<0x20 {
      let hex = String(byte, radix: 16)
      let expected = short[byte] ?? #"\u"# + String(repeating: "0", count: 4 - hex.count) + hex
      #expect(JSONWriter.quoted("a\(Character(Unicode.Scalar(byte)))b") == "\"a\(expected)b\"")
    }
    #expect(JSONWriter.quoted(#"say "\/""#) == #""say \"\\/\"""#)
    #expect(JSONWriter.quoted("\r\n") == #""\r\n""#)
    let plain = "é 😀 \u{7F} \u{2028} \u{FFFD} '<>&"
    #expect(JSONWriter.quoted(plain) == "\"\(plain)\"")
    #expect(JSONWriter.quoted("") == "\"\"")
  }

  @Test("A string that is not stored as UTF-8 in one piece is written whole")
  func substrings() {
    let text = String("abc\"def\nghi".dropFirst(2).dropLast(1))
    #expect(JSONWriter.quoted(text) == #""c\"def\ngh""#)
    var bytes = Array("x=".utf8)
    JSONWriter.append(String(repeating: "long ", count: 100) + "\t", to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "x=\"" + String(repeating: "long ", count: 100) + "\\t\"")
  }

  @Test("Members are sorted in a value and stay in order in an ordered document")
  func order() {
    #expect(
      JSONWriter.text(of: ["b": 1, "a": [true, nil, 1.5], "": [:]] as JSONValue)
        == #"{"":{},"a":[true,null,1.5],"b":1}"#)
    #expect(
      JSONWriter.text(of: ["b": 1, "a": [true, nil, .number(1.5)], "": [:]] as OrderedJSON)
        == #"{"b":1,"a":[true,null,1.5],"":{}}"#)
  }

  @Test("Indented: two spaces a level, empty arrays and objects on one line")
  func indented() {
    let document: OrderedJSON = ["b": [1, [], ["a": nil]], "a": [:]]
    let expected = """
      {
        "b": [
          1,
          [],
          {
            "a": null
          }
        ],
        "a": {}
      }
      """
    #expect(JSONWriter.text(of: document, layout: .indented) == expected)
    #expect(JSONWriter.text(of: [] as OrderedJSON, layout: .indented) == "[]")
    #expect(JSONWriter.text(of: ["a": [1]] as JSONValue, layout: .indented) == "{\n  \"a\": [\n    1\n  ]\n}")
  }

  @Test("A double without a JSON form is null")
  func nonFinite() {
    let numbers: JSONValue = [.number(.infinity), .number(-.infinity), .number(.nan), .number(1)]
    #expect(JSONWriter.text(of: numbers) == "[null,null,null,1.0]")
    #expect(JSONWriter.text(of: OrderedJSON.number(.nan)) == "null")
  }
}
