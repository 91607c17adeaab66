import Routing
import TestSupport
import Testing

@Suite("Model name scanner") struct ModelNameScannerTests {
  private static func scan(_ body: [UInt8], cutAt cut: Int) -> ModelNameScanner.Result {
    var scanner = ModelNameScanner()
    _ = scanner.scan(Array(body[..<cut]))
    _ = scanner.scan(Array(body[cut...]))
    return scanner.finish()
  }

  /// The result, the same wherever the body is cut in two, and byte by byte.
  private static func scan(_ text: String) -> ModelNameScanner.Result {
    let body = Array(text.utf8)
    let whole = scan(body, cutAt: 0)
    for cut in body.indices { #expect(scan(body, cutAt: cut) == whole, "cut at \(cut) of \(text.prefix(80))") }
    var scanner = ModelNameScanner()
    for byte in body { _ = scanner.scan([byte]) }
    #expect(scanner.finish() == whole)
    return whole
  }

  @Test(
    "finds the name, wherever the body is cut",
    arguments: [
      (#"{"model":"chatbot"}"#, "chatbot", #""chatbot""#),
      (#" { "model" : "a/b-1.5" , "x": 1"#, "a/b-1.5", #""a/b-1.5""#),
      (#"{"messages":[{"role":"user","content":"my \"model\": \"no\""}],"model":"m"}"#, "m", #""m""#),
      (#"{"a":{"model":"inner"},"b":["model",{"model":"x"}],"model":"outer"}"#, "outer", #""outer""#),
      (#"{"models":"x","mode":"y","Model":"z","model ":"w","":"v","model":"m"}"#, "m", #""m""#),
      (#"{"\u006dod\u0065l":"m"}"#, "m", #""m""#),
      (#"{"model":"\u00e9\n\"\\\/\ud83d\ude00é"}"#, "é\n\"\\/😀é", #""\u00e9\n\"\\\/\ud83d\ude00é""#),
      (#"{"model":"first","model":"second"}"#, "first", #""first""#),
      (#"{"model":""}"#, "", #""""#), ("\u{feff}{\"model\":\"m\"}", "m", #""m""#),
      ("\u{feff} {\"model\":\"m\"}", "m", #""m""#),
      (#"{"n":-1.5e+10,"t":true,"f":false,"z":null,"o":{},"l":[],"l2":[[1,2],{}],"model":"m"}"#, "m", #""m""#),
      (#"{"key that is longer than model by far, \u0041 \\":0,"model":"m"}"#, "m", #""m""#),
      ("{\"t\":\"caf\u{e9} 日本語 0123456789 \\u00e9 \\ud800 tail tail tail\",\"model\":\"m\"}", "m", #""m""#),
    ])
  func found(body: String, name: String, value: String) {
    guard case .found(let found, let range) = Self.scan(body) else {
      Issue.record("\(Self.scan(body)) for \(body)")
      return
    }
    #expect(found == name)
    #expect(String(decoding: Array(body.utf8)[range], as: UTF8.self) == value)
  }

  @Test("tells that there is none", arguments: [#"{}"#, #"{"a":{"model":"m"}}"#, #"{"modem":"x","model\u0000":1} "#])
  func absent(body: String) {
    #expect(Self.scan(body) == .absent)
  }

  @Test(
    "tells the bytes of a value that is no string",
    arguments: [
      (#"{"model":12,"x":1}"#, "12"), (#"{"model":null}"#, "null"), (#"{"model": {"model":"m"} }"#, #"{"model":"m"}"#),
      (#"{"model":["m"]}"#, #"["m"]"#), (#"{"model":true}"#, "true"), (#"{"model":1 }"#, "1"),
    ])
  func notAString(body: String, value: String) {
    guard case .notAString(let range) = Self.scan(body) else {
      Issue.record("\(Self.scan(body)) for \(body)")
      return
    }
    #expect(String(decoding: Array(body.utf8)[range], as: UTF8.self) == value)
  }

  @Test(
    "tells where a body goes wrong",
    arguments: [
      ("", 0), (" ", 1), ("[]", 0), ("\"model\"", 0), ("null", 0), ("{", 1), (#"{"model""#, 8), (#"{"model":"#, 9),
      (#"{"model":"m"#, 11), (#"{"a" "b"}"#, 5), (#"{"a":1,}"#, 7), (#"{,}"#, 1), (#"{"a":}"#, 5), (#"{"a":[1,]}"#, 8),
      (#"{"a":[1}"#, 7), (#"{"a":{]"#, 6), (#"{"a":1]"#, 6), (#"{"a":trve}"#, 7), (#"{"a":nul"#, 8), (#"{a:1}"#, 1),
      (#"{'model':"m"}"#, 1), (#"{"a":"\x"}"#, 7), (#"{"a":"\u12g4"}"#, 10), ("{\"a\":\"\n\"}", 6),
      ("{\"model\":\"a\u{0}\"}", 11), (#"{"model":"\ud83d"}"#, 16), (#"{"model":"\ude00"}"#, 15),
      (#"{"model":"\ud83dx\ude00"}"#, 16), ("{\"01234567\u{1}\":1}", 10), ("\u{feff}", 3), ("\u{feff}[]", 3),
      (" \u{feff}{}", 1),
      ("\u{feff}\u{feff}{}", 3), ("\u{feee}{}", 0),
    ])
  func malformed(body: String, offset: Int) {
    guard case .malformed(let found, let reason) = Self.scan(body) else {
      Issue.record("\(Self.scan(body)) for \(body)")
      return
    }
    #expect(found == offset, "\(body): \(reason)")
  }

  @Test("refuses names that are not UTF-8, too long, and nesting without end") func limits() {
    var scanner = ModelNameScanner()
    let broken = scanner.scan(Array(#"{"model":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8))
    #expect(broken == .malformed(offset: 12, reason: "the model name is not valid UTF-8"))

    let limit = ModelNameScanner.nameLimit
    for (length, isTaken) in [(limit, true), (limit + 1, false)] {
      var scanner = ModelNameScanner()
      let result = scanner.scan(Array("{\"model\":\"\(String(repeating: "x", count: length))\"}".utf8))
      if case .found = result { #expect(isTaken) } else { #expect(!isTaken) }
    }

    let depth = ModelNameScanner.depthLimit - 1
    for (levels, isTaken) in [(depth, true), (depth + 1, false)] {
      let (open, close) = (String(repeating: "[", count: levels), String(repeating: "]", count: levels))
      var scanner = ModelNameScanner()
      let result = scanner.scan(Array(#"{"a":\#(open)\#(close),"model":"m"}"#.utf8))
      if case .found = result { #expect(isTaken) } else { #expect(!isTaken) }
    }
  }

  @Test("stays with its answer") func final() {
    var scanner = ModelNameScanner()
    let answer = scanner.scan(Array(#"{"model":"m""#.utf8))
    #expect(answer == .found(name: "m", range: 9..<12))
    #expect(scanner.scan(Array("garbage".utf8)) == answer)
    #expect(scanner.finish() == answer)
  }

  @Test("survives any bytes, and a cut anywhere changes nothing") func fuzz() {
    var generator = SeededGenerator(7)
    let pieces = [
      "{", "}", "[", "]", ":", ",", "\"", "\\", "\"model\"", "\"m\"", "\\u00", "\\ud83d", "1e5", "true", "nul", " ",
      "\u{1}", "é", "\"model\":", "\"long enough for eight at a time\"", "{\"a\":",
    ]
    for _ in 0..<3000 {
      let count = Int.random(in: 1...12, using: &generator)
      let body = Array((0..<count).compactMap { _ in pieces.randomElement(using: &generator) }.joined().utf8)
      let cut = Int.random(in: 0...body.count, using: &generator)
      #expect(Self.scan(body, cutAt: cut) == Self.scan(body, cutAt: 0))
    }
  }

  @Test(
    "a rewritten name is read back as it was",
    arguments: ["m", "a\"b\\c", "tab\tnew\nline\r\u{1}", "é😀", "meta/llama-3"])
  func rewritten(name: String) {
    var scanner = ModelNameScanner()
    let value = ModelNameScanner.rewritten(name)
    let result = scanner.scan(Array(#"{"model":"#.utf8) + value + Array("}".utf8))
    #expect(result == .found(name: name, range: 9..<9 + value.count))
  }
}
