import Routing
import TestSupport
import Testing

@Suite("Regular expressions") struct CompiledExpressionTests {
  @Test(
    "take a text as a whole or not at all",
    arguments: [
      ("abc", ["abc"], ["ab", "abcd", "xabc", ""]),
      ("", [""], ["a"]),
      ("a|bc|", ["a", "bc", ""], ["abc", "b"]),
      ("/v[0-9]+/.*", ["/v1/", "/v12/chat"], ["/v/", "/v1", "/va/x"]),
      ("(ab)*c?", ["", "abab", "ababc", "c"], ["aba", "cc"]),
      ("a{2,3}", ["aa", "aaa"], ["a", "aaaa"]),
      ("a{2}", ["aa"], ["a", "aaa"]),
      ("a{2,}", ["aa", "aaaaa"], ["a"]),
      ("a{x", ["a{x"], ["a"]),
      ("(?i)llama-[a-c]", ["LLaMA-B", "llama-c"], ["llama-d"]),
      ("(?i)[^a]", ["b"], ["a", "A"]),
      (#"\d+\.\w\s"#, ["12.x "], ["12x. ", "x.x "]),
      (#"[\d\-x]+"#, ["1-x"], ["y"]),
      (#"[\D]"#, ["x"], ["1"]),
      ("[]a]", ["]", "a"], ["b"]),
      ("[a-]", ["a", "-"], ["b"]),
      ("^a$", ["a"], ["^a$"]),
      ("a^b", [], ["ab", "a^b"]),
      ("(?P<name>x)(?:y)(?<n>z)", ["xyz"], ["xy"]),
      (".", ["é", "😀"], ["\n", ""]),
      ("(a*)*b", ["b", "aab"], ["a"]),
      (#"\x41\."#, ["A."], ["AA"]),
      ("a+?b*?", ["a", "aabb"], ["b"]),
    ] as [(String, [String], [String])])
  func wholeMatch(pattern: String, taken: [String], refused: [String]) throws {
    let expression = try CompiledExpression(pattern)
    for text in taken { #expect(expression.wholeMatch(text), "\(pattern) takes \(text)") }
    for text in refused { #expect(!expression.wholeMatch(text), "\(pattern) refuses \(text)") }
  }

  @Test(
    "that cannot be understood are refused with a reason",
    arguments: [
      "(", ")", "a)", "[a", "*", "a**", "a{3,2}", "a{1001}", "\\", #"(a)\1"#, "(?=a)", "(?<=a)", "(?!a)", "[z-a]",
      "[[:alpha:]]", #"\b"#, "(((a{1000}){1000}){1000})", "{2}", #"\xg0"#, "(?P<x", "a{99999999999999999999}",
      String(repeating: "(", count: 100_000),
    ])
  func refused(pattern: String) {
    let error = #expect(throws: ExpressionError.self) { try CompiledExpression(pattern) }
    #expect(error?.description.isEmpty == false)
  }

  @Test("cost time in proportion to the text, even hostile ones", .timeLimit(.minutes(1))) func linear() throws {
    let text = String(repeating: "a", count: 2000)
    #expect(try !CompiledExpression("(a+)+b").wholeMatch(text))
    #expect(try !CompiledExpression("(a|aa)*b").wholeMatch(text))
    #expect(try CompiledExpression("((((){1000}){1000}){1000}){1000}").wholeMatch(""))
  }

  @Test("never crash, whatever is written") func fuzz() {
    var generator = SeededGenerator(5)
    let pieces = [
      "(", ")", "(?:", "[", "]", "^", "-", "a", "é", "|", "*", "+", "?", "{", "2", ",", "}", "\\", "x", "d", ".",
    ]
    for _ in 0..<3000 {
      let count = Int.random(in: 1...10, using: &generator)
      let pattern = (0..<count).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
      do throws(ExpressionError) {
        _ = try CompiledExpression(pattern).wholeMatch("aéx2-")
      } catch {
        #expect(error.pattern == pattern && !error.reason.isEmpty)
      }
    }
  }

  @Test("are equal if written the same") func equality() throws {
    #expect(try CompiledExpression("a") == CompiledExpression("a"))
    #expect(try CompiledExpression("a") != CompiledExpression("[a]"))
  }
}
