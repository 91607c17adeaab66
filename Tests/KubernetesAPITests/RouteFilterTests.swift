import Foundation
import JSONText
import KubernetesAPI
import Testing

@Suite("Filters and limits of routes")
struct RouteFilterTests {
  @Test(
    "durations are read as GEP-2257 writes them",
    arguments: [
      ("0s", 0), ("0h0m0s0ms", 0), ("1ms", 1_000_000), ("10s", 10_000_000_000), ("1m30s", 90_000_000_000),
      ("1h1h", 7_200_000_000_000), ("30s1m", 90_000_000_000), ("00001h", 3_600_000_000_000),
      ("99999h99999h99999h99999h", 1_439_985_600_000_000_000),
    ])
  func duration(text: String, nanoseconds: UInt64) {
    #expect(GatewayDuration(text)?.nanoseconds == nanoseconds)
  }

  @Test(
    "what is no duration is not read",
    arguments: [
      "", "1", "s", "1.5h", "-1s", "+1s", " 1s", "1s ", "1 s", "1d", "1us", "1S", "100000s", "1s1s1s1s1s", "1m-1s",
      "١s",
      "1hm", "1msm",
    ])
  func noDuration(_ text: String) {
    #expect(GatewayDuration(text) == nil)
  }

  @Test("a filter that cannot be read leaves the rest of its route readable, and is written back as it was")
  func unreadable() throws {
    let text = #"""
      {"metadata":{"name":"r"},"spec":{"rules":[{
        "filters":[{"type":"CORS","cors":{"allowOrigins":"*"}},
                   {"type":"RequestMirror","requestMirror":{"backendRef":{"name":"a","port":80},"fraction":{}}},
                   {"type":"Teleport","teleport":{"to":"mars"}},
                   {"type":"URLRewrite","urlRewrite":{"hostname":"a.example"}}],
        "retry":{"codes":[500,"502"]},"timeouts":7}]}}
      """#
    let route = try JSONDecoder().decode(HTTPRoute.self, from: Data(text.utf8))
    let rule = try #require(route.spec.rules.first)
    #expect(rule.filters.map(\.type) == ["CORS", "RequestMirror", "Teleport", "URLRewrite"])
    #expect(rule.filters[0].cors == nil)
    #expect(said(rule.filters[0].$cors) == #".allowOrigins is "*""#)
    #expect(said(rule.filters[1].$requestMirror) == ".fraction.numerator is missing")
    #expect(rule.filters[3].urlRewrite?.hostname == "a.example")
    #expect(rule.filters[3].$urlRewrite == nil)
    #expect(said(rule.$retry) == #".codes[1] is "502""#)
    #expect(said(rule.$timeouts) == " is 7")
    let written = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(route))
    let again = written["spec"]?["rules"]?[0]
    #expect(again?["filters"]?[0]?["cors"]?["allowOrigins"] == "*")
    #expect(again?["retry"]?["codes"]?[1] == "502")
    #expect(again?["timeouts"] == 7)
    #expect(again?["filters"]?[3]?["cors"] == nil)
  }

  private func said(_ member: UnreadableMember?) -> String? { member.map { "\($0.path) is \($0.found)" } }
}
