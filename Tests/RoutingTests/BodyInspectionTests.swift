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
      ("application/jsonx", nil), ("multipart/mixed; boundary=x", nil), ("application/octet-stream", nil),
    ] as [(String?, BodyInspection?)])
  func contentType(type: String?, expected: BodyInspection?) {
    let head = Self.head(type.map { ["Content-Type": $0] } ?? [:])
    #expect(BodyInspection(head) == expected ?? .none)
    let reason = BodyInspection.reasonForNone(head)
    #expect((reason == nil) == (expected != nil))
    guard let reason else { return }
    #expect(reason.contains("'\(type?.prefix { $0 != ";" } ?? "")'") && reason.contains("application/json"))
  }

  @Test(
    "a form's boundary is read, quoted or not",
    arguments: [
      ("multipart/form-data; boundary=x", "x"), ("Multipart/Form-Data;charset=utf-8; BOUNDARY=\"a b:c\" ;", "a b:c"),
      ("multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW", "----WebKitFormBoundary7MA4YWxkTrZu0gW"),
      ("multipart/form-data; boundary==_x=?", "=_x=?"), ("multipart/form-data", nil),
      ("multipart/form-data; boundary=", nil),
      ("multipart/form-data; boundary=\"\"", nil), ("multipart/form-data; boundary=\"a", nil),
      ("multipart/form-data; boundary=\"a \"", nil), ("multipart/form-data; boundary=a; boundary=b", nil),
      ("multipart/form-data; boundary=a b", nil), ("multipart/form-data; boundary=\"a\\b\"", nil),
      ("multipart/form-data; boundary*=x; boundary=y", nil), ("multipart/form-data; boundary=é", nil),
      ("multipart/form-data; boundary=\(String(repeating: "x", count: 70))", String(repeating: "x", count: 70)),
      ("multipart/form-data; boundary=\(String(repeating: "x", count: 71))", nil),
    ] as [(String, String?)])
  func boundary(type: String, boundary: String?) {
    let inspection = BodyInspection(Self.head(["content-type": type]))
    if let boundary {
      #expect(inspection == .form(boundary: Array(boundary.utf8)))
    } else if case .invalid(let message) = inspection {
      #expect(message.contains("no valid boundary"))
    } else {
      Issue.record("\(inspection)")
    }
  }

  @Test("two content types are none") func twoTypes() {
    let head = RequestHead(
      method: "POST", path: "/", fields: [("content-type", "application/json"), ("Content-Type", "text/plain")])
    #expect(
      BodyInspection(head)
        == .invalid(message: "The request has more than one Content-Type. Send the one that its body has."))
  }

  @Test(
    "gzip and deflate are looked through, other codings are not",
    arguments: [
      ("gzip", .coded(.gzip, .strict)), ("X-GZIP", .coded(.gzip, .strict)), ("Deflate", .coded(.deflate, .strict)),
      ("br", .none), ("zstd", .none), ("gzip, gzip", .none), ("identity, gzip", .none), ("", .strict),
    ] as [(String, BodyInspection)])
  func codings(coding: String, expected: BodyInspection) {
    let head = Self.head(["content-type": "application/json", "content-encoding": coding])
    #expect(BodyInspection(head) == expected)
    let reason = BodyInspection.reasonForNone(head)
    #expect((reason == nil) == (expected != .none))
    if let reason { #expect(reason.contains("Content-Encoding '\(coding)'") && reason.contains("gzip and deflate")) }
    #expect(BodyInspection(Self.head(["content-type": "image/png", "content-encoding": coding])) == .none)
  }

  @Test("two fields of a coding are two codings, and a method without a body has none") func others() {
    let fields = [("content-type", "application/json"), ("content-encoding", "gzip"), ("Content-Encoding", "gzip")]
    #expect(BodyInspection(RequestHead(method: "POST", path: "/", fields: fields)) == .none)
    let identity = Self.head(["content-type": "application/json", "content-encoding": "Identity"])
    #expect(BodyInspection(identity) == .strict)
    #expect(BodyInspection(Self.head([:], method: "GET")) == .none)
    #expect(
      BodyInspection.reasonForNone(Self.head([:], method: "GET"))
        == "A request of the method GET is not looked into for a model.")
  }
}
