import Routing
import TestSupport
import Testing

@Suite("Resolving paths") struct PathNormalizerTests {
  private static func normalized(_ path: String) -> String? {
    bytes(path) { PathNormalizer.normalized($0) }.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(
    "dot segments are resolved, written in whatever way",
    arguments: [
      ("/public/../admin", "/admin"), ("/public/%2e%2e/admin", "/admin"), ("/public/%2e%2E/admin", "/admin"),
      ("/public/.%2e/admin", "/admin"), ("/public/./../admin", "/admin"), ("/a/b/c/./../../g", "/a/g"),
      ("/a/b/..", "/a/"), ("/a/..", "/"), ("/..", "/"), ("/.", "/"), ("/a/.", "/a/"), ("/../../a", "/a"),
      ("/a/../../../b", "/b"), ("/a//../b", "/a/b"), ("/a//.", "/a//"), ("//..", "/"), ("//../x", "/x"),
      ("/v1%2emodels", "/v1.models"), ("/a/%2E", "/a/"), ("/a/%2e%2e/", "/"), ("/%2e%2e%2f", "/..%2f"),
    ])
  func resolved(path: String, result: String) {
    #expect(Self.normalized(path) == result)
    #expect(Self.normalized(result) == nil, "once is enough")
  }

  @Test(
    "what has no dot segment stays as it is",
    arguments: [
      "/", "*", "", "/v1/chat/completions", "//", "//a//b/", "/.well-known/x", "/...", "/a/...", "/a..b", "/a./b",
      "/%252e%252e/x", "/%2f..%2f", "/%2", "/%", "/a%2", "/%20", "..", "a/../b", "/..;/x", "/a/.b",
    ])
  func unchanged(path: String) {
    #expect(Self.normalized(path) == nil)
  }

  @Test("is what a resolver that works on whole segments says") func properties() {
    var generator = SeededGenerator(5)
    let parts = ["", ".", "..", "a", "%2e", "%2E.", "b.c", "...", "%2F"]
    for _ in 0..<4000 {
      let count = Int.random(in: 1...6, using: &generator)
      let segments = (0..<count).compactMap { _ in parts.randomElement(using: &generator) }
      let path = "/" + segments.joined(separator: "/")
      var kept: [String] = []
      for segment in segments {
        let segment = segment.replacing("%2e", with: ".").replacing("%2E", with: ".")
        if segment == ".." { _ = kept.popLast() } else if segment != "." { kept.append(segment) }
      }
      let last = segments[count - 1].replacing("%2e", with: ".").replacing("%2E", with: ".")
      var expected = "/" + kept.joined(separator: "/")
      if (last == "." || last == "..") && !kept.isEmpty { expected += "/" }
      #expect(Self.normalized(path) ?? path == expected, "\(path)")
    }
  }
}
