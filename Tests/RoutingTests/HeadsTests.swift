import Routing
import TestSupport
import Testing

@Suite("Heads") struct HeadsTests {
  private static func find(_ name: String) -> KnownField { bytes(name) { KnownField.find($0) } }

  @Test("a known name is found in any letter case") func knownNames() {
    var generator = SeededGenerator(1)
    for known in KnownField.allCases where ![.other, .reserved, .added].contains(known) {
      let name = "\(known.name)"
      #expect(Self.find(name) == known)
      #expect(Self.find(name.uppercased()) == known)
      for _ in 0..<20 {
        let mixed = String(name.map { Bool.random(using: &generator) ? Character($0.uppercased()) : $0 })
        #expect(Self.find(mixed) == known, "\(mixed)")
      }
    }
  }

  @Test("a name that differs in one byte is none of them") func nearMisses() {
    for known in KnownField.allCases where ![.other, .reserved, .added].contains(known) {
      let name = Array("\(known.name)".utf8)
      for index in name.indices {
        for wrong in [UInt8(ascii: "_"), 0, name[index] ^ 0x80, name[index] &+ 1] {
          var bytes = name
          bytes[index] = wrong
          #expect(bytes.withUnsafeBytes { KnownField.find($0) } == Self.family(bytes), "\(known) at \(index)")
        }
      }
      for near in [name + Array("s".utf8), Array(name.dropLast())] {
        #expect(near.withUnsafeBytes { KnownField.find($0) } == Self.family(near), "\(known)")
      }
    }
    #expect(Self.find("") == .other)
    // `-` and `M` differ from `\r` and `m` by the bit that tells capitals from small letters.
    #expect(Self.find("content\rtype") == .other)
  }

  /// What a name is that is no known one.
  private static func family(_ name: [UInt8]) -> KnownField {
    let name = String(decoding: name, as: UTF8.self).lowercased()
    return name.hasPrefix("x-forwarded-") ? .xForwarded : name.hasPrefix("x-switchyard-") ? .xSwitchyard : .other
  }

  @Test(
    "names that only the gateway may set",
    arguments: [
      ("x-gateway-model-name", true), ("X-Gateway-Anything", true), ("x-llm-d-x", true), ("X-SLO-TTFT", true),
      ("x-prefiller-host-port", true), ("x-gateway", false), ("y-gateway-x", false), ("x-request-id", false),
    ])
  func reserved(name: String, isReserved: Bool) {
    #expect((Self.find(name) == .reserved) == isReserved)
    #expect(ReservedHeaders.isReserved(name) == isReserved)
  }

  @Test("fields are found by what they are and by name, the first of several") func lookUp() {
    let head = RequestHead(
      method: "POST", path: "/", authority: "a",
      fields: [("Content-Type", "text/plain"), ("X-Tier", "gold"), ("x-tier", "silver"), ("content-type", "b")])
    #expect(head.block.text(.contentType) == "text/plain")
    #expect(head.block.text("x-tier") == "gold")
    #expect(head.block.text("x-tie") == nil)
    #expect(head.block.value(of: .contentType, is: "text/plain"))
    #expect(!head.block.value(of: .contentType, is: "text/plai"))
    #expect(!head.block.contains(.contentEncoding) && head.block.first(.contentEncoding) == nil)
    #expect(head.block.fields.map { head.block.text($0.line) }[1] == "X-Tier: gold\r\n")
  }

  @Test("a head that is emptied has nothing of the request before") func reuse() {
    var head = RequestHead(
      method: "POST", path: "/v1", query: "a=1", authority: "a", version: .http1_0, fields: [("te", "trailers")])
    head.removeAll()
    #expect(head == RequestHead())
    #expect(!head.block.contains(.te))
  }

  @Test(
    "the host of an authority",
    arguments: [
      ("a:1", "a"), ("a", "a"), ("[::1]:80", "::1"), ("[::1]", "::1"), ("", ""), (":80", ""), ("[::1", "["),
      ("A.example.com:", "A.example.com"),
    ])
  func host(authority: String, host: String) {
    #expect(RequestHead(method: "GET", path: "/", authority: authority).hostText == host)
  }

  @Test("methods are compared letter for letter") func method() {
    let head = RequestHead(method: "POST", path: "/")
    #expect(head.isMethod("POST") && !head.isMethod("post") && !head.isMethod("POS") && !head.isMethod("POSTS"))
  }
}
