import Routing
import Testing

@Suite("Looking into bodies") struct BodyInspectionTests {
  private static func inspection(_ headers: Headers, method: String = "POST") -> BodyInspection {
    BodyInspection(method: method, headers: headers)
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
    let found = Self.inspection(type.map { ["content-type": $0] } ?? [:])
    guard let expected else {
      guard case .none(let reason) = found else {
        Issue.record("\(found)")
        return
      }
      #expect(reason.contains("'\(type?.prefix { $0 != ";" } ?? "")'") && reason.contains("application/json"))
      return
    }
    #expect(found == expected)
  }

  @Test("a compressed body is not looked into, nor one of a method that has none") func others() {
    guard case .none(let reason) = Self.inspection(["content-type": "application/json", "content-encoding": "gzip"])
    else {
      Issue.record("looked into gzip")
      return
    }
    #expect(reason == "The body has content-encoding 'gzip', which the gateway cannot look into: send it uncompressed.")
    #expect(Self.inspection(["content-type": "application/json", "content-encoding": "Identity"]) == .strict)
    guard case .none = Self.inspection([:], method: "GET") else {
      Issue.record("looked into a GET")
      return
    }
  }
}
