import TestSupport
import Testing

@testable import Routing

/// Pages of other origins: the browser's question, and the headers of answers.
@Suite struct CORSTests {
  private static let origin = "https://www.example.com"

  private func preflight(_ origin: String = origin, method: String = "POST", headers: String? = nil) -> Asked {
    var fields = ["origin": origin, "access-control-request-method": method]
    fields["access-control-request-headers"] = headers
    return request(method: "OPTIONS", headers: fields)
  }

  private func answer(_ policy: CORSPolicy, _ asked: Asked, rule given: RouteRule? = nil) throws -> [String: String] {
    let pool = RouterFixture.pool("chat")
    var rule = given ?? rule("chat", backends: [RouterFixture.backend(pool)])
    rule.policy = RulePolicy(cors: policy)
    var fixture = RouterFixture(pools: [pool], rules: [rule])
    guard case .respond(let answer) = fixture.decide(asked) else { throw Failure("no answer to the question") }
    #expect(answer.status == 204)
    return Dictionary(uniqueKeysWithValues: answer.fields.map { ($0.name, $0.value) })
  }

  @Test func aPageThatMayUseTheRuleIsToldHow() throws {
    let policy = CORSPolicy(
      allowOrigins: [Self.origin], allowCredentials: true, allowMethods: ["GET", "PUT"], allowHeaders: ["x-a", "x-b"],
      exposeHeaders: ["x-c"], maxAge: 3600)
    #expect(
      try answer(policy, preflight()) == [
        "access-control-allow-origin": Self.origin, "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET, PUT", "access-control-allow-headers": "x-a, x-b",
        "access-control-expose-headers": "x-c", "access-control-max-age": "3600", "vary": "origin",
      ])
    #expect(try answer(policy, preflight("https://evil.example")) == ["vary": "origin"])
  }

  @Test func aWildcardIsToldAsOneUnlessCredentialsComeAlong() throws {
    var policy = CORSPolicy(allowOrigins: ["*"], allowMethods: ["*"], allowHeaders: ["*"])
    let open = try answer(policy, preflight(headers: "x-any"))
    #expect(open["access-control-allow-origin"] == "*")
    #expect(open["access-control-allow-methods"] == "*")
    #expect(open["access-control-allow-headers"] == "*")
    policy.allowCredentials = true
    let withCredentials = try answer(policy, preflight(method: "DELETE", headers: "x-any"))
    #expect(withCredentials["access-control-allow-origin"] == Self.origin)
    #expect(withCredentials["access-control-allow-methods"] == "DELETE")
    #expect(withCredentials["access-control-allow-headers"] == "x-any")
  }

  @Test(arguments: [
    ("https://*.example.com", "https://a.example.com", true),
    ("https://*.example.com", "https://a.b.example.com", true),
    ("https://*.example.com", "https://example.com", false), ("https://*.example.com", "http://a.example.com", false),
    ("https://*.example.com", "https://evil.com/.example.com", false), ("http://x:8080", "http://x:8080", true),
    ("http://x:8080", "http://x", false), ("https://Example.com", "https://example.com", true),
  ])
  func originsMatchByLabel(_ pattern: String, _ origin: String, _ isAllowed: Bool) {
    #expect(CORSPolicy(allowOrigins: [pattern]).allows(origin) == isAllowed)
  }

  @Test func aQuestionAboutARuleThatAsksForAModelIsAnswered() throws {
    let pool = RouterFixture.pool("chat")
    let policy = CORSPolicy(allowOrigins: [Self.origin])
    var rule = RouterFixture.modelRule("gemma", pool)
    rule.match.method = "POST"
    #expect(try answer(policy, preflight(), rule: rule)["access-control-allow-origin"] == Self.origin)
  }

  @Test func aQuestionThatNoRuleAnswersIsForwarded() throws {
    let pool = RouterFixture.pool("chat")
    var fixture = RouterFixture(pools: [pool], rules: [rule("chat", backends: [RouterFixture.backend(pool)])])
    #expect(try fixture.plan(preflight()).pool == pool.id)
  }

  @Test func whatAnEndpointSaysOfTheMatterDoesNotCount() throws {
    let pool = RouterFixture.pool("chat", endpoints: 0)
    let ready = RouterFixture.pool("ready")
    let policy = RulePolicy(cors: CORSPolicy(allowOrigins: [Self.origin], exposeHeaders: ["x-request-id"]))
    var fixture = RouterFixture(
      pools: [pool, ready],
      rules: [
        rule("chat", path: .prefix("/v1"), backends: [RouterFixture.backend(pool)], policy: policy),
        rule("ready", path: .prefix("/ready"), backends: [RouterFixture.backend(ready)], policy: policy),
      ])
    let change = try #require(
      try fixture.plan(request("/ready", headers: ["origin": Self.origin])).treatment?.responseChanges.first)
    var head = ResponseHead(
      status: 200,
      fields: [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Credentials", "true"), ("Vary", "accept")])
    head.block.apply(change)
    let fields = head.block.fields.map { "\(head.block.text($0.name)): \(head.block.text($0.value))" }
    #expect(
      fields == [
        "Vary: accept", "access-control-allow-origin: \(Self.origin)", "access-control-expose-headers: x-request-id",
        "vary: origin",
      ])
    // A page may read why its request failed.
    let error = try fixture.rejection(request(headers: ["origin": Self.origin]))
    #expect(error.kind == .noReadyEndpoint)
    #expect(error.fields.first == HeaderChange.Field("access-control-allow-origin", Self.origin))
  }
}
