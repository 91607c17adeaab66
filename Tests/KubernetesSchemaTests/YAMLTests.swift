import JSONText
import Testing

@testable import KubernetesSchema

/// Manifests mean here what they mean to kubectl and the API server.
@Suite struct YAMLTests {
  /// Words and their JSON values, asked of kube-apiserver 1.36.2 in applied bodies.
  @Test(arguments: [
    ("y", "true"), ("Y", "true"), ("n", "false"), ("N", "false"), ("yes", "true"), ("No", "false"), ("on", "true"),
    ("OFF", "false"), ("True", "true"), ("tRUE", #""tRUE""#), ("1:30", #""1:30""#), ("012", "10"), ("0o12", "10"),
    ("0x1f", "31"), ("0b11", "3"), ("1_000", "1000"), (".5", "0.5"), ("1e3", "1000"), ("~", "null"), ("null", "null"),
    ("2001-01-01", #""2001-01-01""#), ("+1", "1"), ("-0", "0"), ("-7", "-7"), ("089", "89"), ("1.2.3", #""1.2.3""#),
    ("'y'", #""y""#), ("!!str 1", #""1""#), ("1Gi", #""1Gi""#), ("-", "[null]"), ("--1", #""--1""#),
    ("0x", #""0x""#), ("9223372036854775807", "9223372036854775807"),
  ])
  func plainWords(text: String, json: String) throws {
    let value = try yamlDocuments("a: \n  \(text)").first
    #expect(try value?["a"] ?? .null == JSONReader.parse(Array(json.utf8)))
  }

  @Test func keysAndMergesAreTexts() throws {
    let value = try yamlDocuments("base: &b {x: 1, y: 2}\nuse: {<<: *b, x: 3}\n1: {n: m}").first
    #expect(value == ["base": ["x": 1, "true": 2], "use": ["x": 3, "true": 2], "1": ["false": "m"]])
  }

  @Test func infinityHasNoJSON() {
    #expect(throws: YAMLNodeError.self) { try yamlDocuments("a: .inf") }
  }

  @Test func aliasesMayBeUsed() throws {
    let text = "a: &a {k: v}\nlist: [" + Array(repeating: "*a", count: 5000).joined(separator: ", ") + "]"
    #expect(try yamlDocuments(text).first?["list"]?.arrayValue?.count == 5000)
  }

  /// The "billion laughs": 9 lines that would unfold to a gigabyte.
  @Test func aliasesMayNotUnfoldWithoutEnd() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      text += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
    }
    let error = #expect(throws: YAMLNodeError.self) { try yamlDocuments(text) }
    #expect(error?.description.contains("excessive aliasing") == true)
  }

  @Test func nestingIsBounded() {
    for depth in [300, 100_000] {
      #expect(throws: (any Error).self) {
        try yamlDocuments(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
      }
    }
  }
}
