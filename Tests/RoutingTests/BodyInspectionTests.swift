import Routing
import Testing

@Suite("Looking into bodies") struct BodyInspectionTests {
  private static func head(_ headers: [String: String], method: String = "POST") -> RequestHead {
    request(method: method, headers: headers).head
  }

  @Test(
    "JSON is held to its word, what may be JSON is tried, the rest is left alone",
    arguments: [
      ("application/json", .strict), ("Application/JSON; charset=utf-8", .strict), ("application/ld+json", .strict),
      (nil, .lenient), ("", .lenient), ("application/x-www-form-urlencoded", .lenient), ("text/plain", .lenient),
      ("text/json ;x", .lenient), ("application/jsonl", nil), ("application/json-seq", nil),
      ("application/jsonx", nil), ("multipart/form-data; boundary=x", nil), ("application/octet-stream", nil),
    ] as [(String?, BodyInspection?)])
  func contentType(type: String?, expected: BodyInspection?) {
    let head = Self.head(type.map { ["Content-Type": $0] } ?? [:])
    #expect(BodyInspection(head) == expected ?? .none)
    let reason = BodyInspection.reasonForNone(head)
    #expect((reason == nil) == (expected != nil))
    guard let reason else { return }
    #expect(reason.contains("'\(type?.prefix { $0 != ";" } ?? "")'") && reason.contains("application/json"))
  }

  @Test("a compressed body is not looked into, nor one of a method that has none") func others() {
    let compressed = Self.head(["content-type": "application/json", "content-encoding": "gzip"])
    #expect(BodyInspection(compressed) == .none)
    #expect(
      BodyInspection.reasonForNone(compressed)
        == "The body has content-encoding 'gzip', which the gateway cannot look into: send it uncompressed.")
    let identity = Self.head(["content-type": "application/json", "content-encoding": "Identity"])
    #expect(BodyInspection(identity) == .strict)
    #expect(BodyInspection(Self.head([:], method: "GET")) == .none)
    #expect(
      BodyInspection.reasonForNone(Self.head([:], method: "GET"))
        == "A request of the method GET is not looked into for a model.")
  }
}
