import TestSupport
import Testing

@testable import Routing

@Suite("Token counts of answers as they pass") struct UsageScannerTests {
  private static func scanned(_ pieces: [[UInt8]]) -> TokenUsage {
    var scanner = UsageScanner()
    for piece in pieces { piece.withUnsafeBytes { scanner.scan($0) } }
    return scanner.usage
  }

  /// What it finds, however the text is cut in two, and byte by byte.
  private static func scanned(everywhere text: String) -> [TokenUsage] {
    let bytes = Array(text.utf8)
    let cut = (0...bytes.count).map { scanned([Array(bytes[..<$0]), Array(bytes[$0...])]) }
    return cut + [scanned(bytes.map { [$0] })]
  }

  private static let answers: [(String, TokenUsage)] = [
    (
      #"{"id":"c","choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":12,"total_tokens":15,"completion_tokens":3}}"#,
      TokenUsage(input: 12, output: 3)
    ),
    (
      #"{"usage": {"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"audio_tokens":null,"cached_tokens": 8}}}"#,
      TokenUsage(input: 9, output: 2, cached: 8)
    ),
    (#"{"object":"list","data":[],"usage":{"prompt_tokens":5,"total_tokens":5}}"#, TokenUsage(input: 5)),
    (
      "data: {\"choices\":[],\"usage\":null}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":1}}"
        + "\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n",
      TokenUsage(input: 7, output: 2)
    ),
    (
      #"data: {"type":"response.completed","response":{"usage":{"input_tokens":4,"input_tokens_details":{"cached_tokens":0},"#
        + #""output_tokens":6,"output_tokens_details":{"reasoning_tokens":5},"total_tokens":10}}}"#,
      TokenUsage(input: 4, output: 6, cached: 0)
    ),
    (
      "event: message_start\ndata: {\"message\":{\"usage\":{\"input_tokens\":20,\"cache_read_input_tokens\":100,"
        + "\"cache_creation_input_tokens\":3,\"cache_creation\":{\"input_tokens\":1},\"output_tokens\":1}}}\n\n"
        + "event: message_delta\ndata: {\"delta\":{},\"usage\":{\"input_tokens\":0,\"output_tokens\":15}}\n\n",
      TokenUsage(input: 123, output: 15, cached: 100)
    ),
    (
      "{\r\n  \"usage\" :\r\n  {\r\n\"prompt_tokens\"\t: 1 ,\r\n \"completion_tokens\":2\r\n}}",
      TokenUsage(input: 1, output: 2)
    ),
  ]

  @Test("every family's counts are found, wherever the bytes are cut", arguments: answers)
  func families(_ text: String, _ usage: TokenUsage) {
    #expect(Set(Self.scanned(everywhere: text).map { "\($0)" }) == ["\(usage)"])
  }

  private static let others = [
    #"{"content":"\"usage\":{\"prompt_tokens\":1}"}"#, #"{"content":"a\\\"usage\":{\"prompt_tokens\":1}"}"#,
    #"{"usage":null,"x":{"prompt_tokens":1}}"#, #"{"usage":[{"prompt_tokens":1}]}"#,
    #"{"usage":"{\"prompt_tokens\":1}"}"#,
    #"{"usages":{"prompt_tokens":1},"my_usage":{"prompt_tokens":1}}"#, #"["usage",{"prompt_tokens":1}]"#,
    #"{"usage":{"prompt_tokens":"1","completion_tokens":null,"input_tokens":-1,"output_tokens":1.5,"x":"prompt_tokens\":1"}}"#,
    #"{"usage":{"prompt_tokens":[1],"completion_tokens":{"completion_tokens":2},"prompt_tokens\u0020":3,"output_tokens":1e3}}"#,
    #"{"usage":{"prompt_tokens":99999999999999999999999,"cached_tokens":1,"a":{"b":{"cached_tokens":1}}}}"#,
    #"{"text":"usage: {\"prompt_tokens\":1}","prompt_tokens":1}"#, "", "usage", #""usage":{"prompt_tokens":1}"#,
  ]

  @Test("the word elsewhere, and counts that are no whole numbers, are passed over", arguments: others)
  func passedOver(_ text: String) { #expect(Self.scanned(everywhere: text).allSatisfy { $0 == TokenUsage() }) }
}

/// The scanner, which sees an answer in pieces, against a reader that has all of it.
@Suite("Token counts in pieces and whole") struct UsagePropertyTests {
  private static let names = [
    "usage", "prompt_tokens", "completion_tokens", "input_tokens", "output_tokens", "cached_tokens",
    "cache_read_input_tokens", "cache_creation_input_tokens", "prompt_tokens_details", "us", #"u\"sage"#, "usage_x", "",
  ]
  private static let scalars = [
    "null", "true", "0", "1", "17", "4096", "-3", "2.5", "1e2", #""usage""#, #""\"usage\":{\"input_tokens\":1}""#,
    #""\\""#,
    #""{,""#, "9007199254740992", "99999999999999999999",
  ]

  private static func text(_ depth: Int, _ generator: inout SeededGenerator) -> String {
    func blank(_ generator: inout SeededGenerator) -> String {
      ["", "", " ", "\r\n "].randomElement(using: &generator) ?? ""
    }
    let kind = depth > 4 ? 0 : Int.random(in: 0..<5, using: &generator)
    if kind < 2 { return scalars.randomElement(using: &generator) ?? "" }
    let items = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
      let value = blank(&generator) + text(depth + 1, &generator) + blank(&generator)
      if kind == 2 { return value }
      let name = names.randomElement(using: &generator) ?? ""
      return "\(blank(&generator))\"\(name)\"\(blank(&generator)):\(value)"
    }
    return (kind == 2 ? "[" : "{") + items.joined(separator: ",") + (kind == 2 ? "]" : "}")
  }

  private static func read(_ document: OrderedDocument, into counts: inout UsageCounts) {
    switch document {
    case .array(let items): for item in items { read(item, into: &counts) }
    case .scalar: break
    case .object(let members):
      for (name, value) in members {
        if name == "usage", case .object(let members) = value {
          count(members, depth: 1, into: &counts)
        } else {
          read(value, into: &counts)
        }
      }
    }
  }

  private static func count(
    _ members: [(name: String, value: OrderedDocument)], depth: Int, into counts: inout UsageCounts
  ) {
    for (name, value) in members {
      switch value {
      case .object(let inner): count(inner, depth: depth + 1, into: &counts)
      case .array: break
      case .scalar(let text):
        guard let number = Int(text), 0...UsageObjectReader.valueLimit ~= number else { continue }
        for member in UsageCounts.Member.allCases where "\(member.name)" == name && member.depth == depth {
          counts.take(member, number)
        }
      }
    }
  }

  @Test("agree on the counts of any document, cut anywhere") func agree() throws {
    var generator = SeededGenerator(41)
    var told = 0
    for _ in 0..<20_000 {
      let text = Self.text(0, &generator)
      let document = try #require(OrderedDocument(text), "\(text)")
      var counts = UsageCounts()
      Self.read(document, into: &counts)
      told += counts.usage == TokenUsage() ? 0 : 1
      var scanner = UsageScanner()
      var rest = Array(text.utf8)[...]
      while !rest.isEmpty {
        let piece = Array(rest.prefix(Int.random(in: 1...40, using: &generator)))
        rest = rest.dropFirst(piece.count)
        piece.withUnsafeBytes { scanner.scan($0) }
      }
      try #require(scanner.usage == counts.usage, "\(text)")
    }
    #expect(told > 200)
  }

  @Test("bytes that are no JSON give the same counts however they are cut") func cuts() throws {
    var generator = SeededGenerator(43)
    let words = [
      "\"usage\"", ":", "{", "}", "\"", "usage", "\"prompt_tokens\":", "12", ",", " ", "\\", "[", "]", "\"usa",
    ]
    for _ in 0..<20_000 {
      let text = (0..<12).map { _ in words.randomElement(using: &generator) ?? "" }.joined()
      let bytes = Array(text.utf8)
      var (whole, parts) = (UsageScanner(), UsageScanner())
      bytes.withUnsafeBytes { whole.scan($0) }
      for byte in bytes { withUnsafeBytes(of: byte) { parts.scan($0) } }
      try #require(whole.usage == parts.usage, "\(text)")
    }
  }
}
