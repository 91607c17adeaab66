import TestSupport
import Testing

@testable import Routing

/// What a rule's policy makes of requests and responses.
@Suite struct PolicyTests {
  struct PathRow: CustomTestStringConvertible {
    var path, prefix, replacement, result: String
    var testDescription: String { "\(path) by \(prefix) to \(replacement)" }
  }

  /// The table of `HTTPPathModifier.replacePrefixMatch`, Gateway API v1.
  @Test(arguments: [
    PathRow(path: "/foo/bar", prefix: "/foo", replacement: "/xyz", result: "/xyz/bar"),
    PathRow(path: "/foo/bar", prefix: "/foo", replacement: "/xyz/", result: "/xyz/bar"),
    PathRow(path: "/foo/bar", prefix: "/foo/", replacement: "/xyz", result: "/xyz/bar"),
    PathRow(path: "/foo/bar", prefix: "/foo/", replacement: "/xyz/", result: "/xyz/bar"),
    PathRow(path: "/foo", prefix: "/foo", replacement: "/xyz", result: "/xyz"),
    PathRow(path: "/foo/", prefix: "/foo", replacement: "/xyz", result: "/xyz/"),
    PathRow(path: "/foo/bar", prefix: "/foo", replacement: "", result: "/bar"),
    PathRow(path: "/foo/", prefix: "/foo", replacement: "", result: "/"),
    PathRow(path: "/foo", prefix: "/foo", replacement: "", result: "/"),
    PathRow(path: "/foo/", prefix: "/foo", replacement: "/", result: "/"),
    PathRow(path: "/foo", prefix: "/foo", replacement: "/", result: "/"),
    PathRow(path: "/v1/x", prefix: "/", replacement: "/api", result: "/api/v1/x"),
  ])
  func aPrefixIsReplaced(_ row: PathRow) {
    #expect(PathChange.prefix(row.replacement).applied(to: row.path, of: .prefix(row.prefix)) == row.result)
  }

  struct RedirectRow: CustomTestStringConvertible {
    var redirect: RequestRedirect
    var port = 80
    var isSecure = false
    var location: String
    var testDescription: String { location }
  }

  @Test(arguments: [
    RedirectRow(redirect: RequestRedirect(hostname: "example.org"), location: "http://example.org/v1/models?a=b"),
    RedirectRow(
      redirect: RequestRedirect(scheme: "https"), location: "https://models.example.com/v1/models?a=b"),
    RedirectRow(redirect: RequestRedirect(), port: 8080, location: "http://models.example.com:8080/v1/models?a=b"),
    RedirectRow(
      redirect: RequestRedirect(scheme: "https"), port: 8080, location: "https://models.example.com/v1/models?a=b"),
    RedirectRow(redirect: RequestRedirect(port: 8443), location: "http://models.example.com:8443/v1/models?a=b"),
    RedirectRow(
      redirect: RequestRedirect(), port: 443, isSecure: true, location: "https://models.example.com/v1/models?a=b"),
    RedirectRow(
      redirect: RequestRedirect(path: .prefix("/v2"), status: 301), location: "http://models.example.com/v2/models?a=b"),
    RedirectRow(redirect: RequestRedirect(path: .full("/")), location: "http://models.example.com/?a=b"),
  ])
  func aRedirectSaysWhereTo(_ row: RedirectRow) throws {
    var asked = request("/v1/models", query: "a=b", method: "GET")
    var fixture = RouterFixture(
      rules: [rule("moved", path: .prefix("/v1"), policy: RulePolicy(redirect: row.redirect))])
    fixture.table.listeners[0].port = row.port
    if row.isSecure {
      fixture.table.listeners[0].serving = .https(TLSTermination(certificates: [object("certificate")]))
    }
    asked.arrival = Arrival(port: row.port, secureListener: row.isSecure ? fixture.table.listeners[0].id : nil)
    guard case .respond(let answer) = fixture.decide(asked) else { throw Failure("no answer") }
    #expect(answer.status == row.redirect.status)
    #expect(answer.fields == [HeaderChange.Field("location", row.location)])
    #expect(answer.subject.route == object("moved"))
  }

  @Test("answers of the gateway's own have the response headers that the rule asks for") func localAnswers() throws {
    let pool = RouterFixture.pool("empty", endpoints: 0)
    let change = HeaderChange(
      set: [.init("Strict-Transport-Security", "max-age=9"), .init("Location", "https://b.example/")],
      add: [.init("x-a", "1"), .init("X-B", "2"), .init("content-type", "text/html"), .init("Retry-After", "9")],
      remove: ["x-b"])
    var fixture = RouterFixture(
      pools: [pool],
      rules: [
        rule("moved", path: .exact("/old"), policy: RulePolicy(responseHeaders: change, redirect: RequestRedirect())),
        rule("all", backends: [RouterFixture.backend(pool)], policy: RulePolicy(responseHeaders: change)),
      ])
    guard case .respond(let answer) = fixture.decide(request("/old")) else { throw Failure("no answer") }
    let names = ["Strict-Transport-Security", "Location", "x-a", "content-type", "Retry-After"]
    #expect(answer.fields.map(\.name) == names && answer.fields[1].value == "https://b.example/")
    #expect(try fixture.rejection(request("/")).fields.map(\.name) == [names[0], names[2]])
  }

  @Test func headersAreSetAddedAndRemoved() {
    var head = RequestHead(
      method: "GET", path: "/",
      fields: [("Accept", "a"), ("X-Old", "1"), ("x-old", "2"), ("X-Gone", "3"), ("Content-Type", "text/plain")])
    head.block.apply(
      HeaderChange(
        set: [.init("x-old", "new"), .init("Content-Type", "application/json")],
        add: [.init("Accept", "b"), .init("X-Gateway-Destination-Endpoint", "10.0.0.1:80")], remove: ["x-gone"]))
    let fields = head.block.fields.map { "\(head.block.text($0.name)): \(head.block.text($0.value))" }
    #expect(
      fields == [
        "Accept: a", "x-old: new", "Content-Type: application/json", "Accept: b",
        "X-Gateway-Destination-Endpoint: 10.0.0.1:80",
      ])
    #expect(head.block.value(of: .contentType, is: "application/json"))
    #expect(head.block.fields.last?.known == .added)
  }

  @Test func rewritesReachTheEndpointAndTheCopies() throws {
    let (pool, shadow) = (RouterFixture.pool("chat"), RouterFixture.pool("shadow"))
    let backendPolicy = RulePolicy(requestHeaders: HeaderChange(set: [.init("x-share", "blue")]))
    let policy = RulePolicy(
      requestHeaders: HeaderChange(add: [.init("x-team", "red")]),
      rewrite: URLRewrite(hostname: "vllm.internal", path: .prefix("/api")),
      mirrors: [RequestMirror(target: .pool(shadow.id)), RequestMirror(target: .invalid(reason: "gone"))])
    var fixture = RouterFixture(
      pools: [pool, shadow],
      rules: [
        rule(
          "chat", path: .prefix("/v1"), backends: [WeightedBackend(target: .pool(pool.id), policy: backendPolicy)],
          policy: policy)
      ])
    let plan = try fixture.plan(request())
    let treatment = try #require(plan.treatment)
    let head = try #require(treatment.head)
    #expect(head.pathText == "/api/chat/completions")
    #expect(head.hostText == "vllm.internal")
    #expect(head.block.text("x-team") == "red")
    #expect(head.block.text("x-share") == "blue")
    #expect(treatment.mirrors.map(\.pool) == [shadow.id])
    #expect(treatment.mirrors.first?.treatment?.head == head)
  }

  @Test func aMirrorGetsItsShare() throws {
    let (pool, shadow) = (RouterFixture.pool("chat"), RouterFixture.pool("shadow"))
    let mirror = RequestMirror(target: .pool(shadow.id), numerator: 25, denominator: 100)
    var fixture = RouterFixture(
      pools: [pool, shadow],
      rules: [rule("chat", backends: [RouterFixture.backend(pool)], policy: RulePolicy(mirrors: [mirror]))])
    var copies = 0
    for _ in 0..<2000 { copies += try fixture.plan(request()).treatment?.mirrors.count ?? 0 }
    #expect((420...580).contains(copies))
  }

  @Test func aRuleWithoutAPolicyCostsNothing() throws {
    let pool = RouterFixture.pool("chat")
    var fixture = RouterFixture(
      pools: [pool], rules: [rule("chat", backends: [RouterFixture.backend(pool)], policy: RulePolicy())])
    #expect(try fixture.plan(request()).treatment == nil)
  }
}
