import TestSupport
import Testing

@testable import Routing

/// Who is believed, and what becomes of the words of others.
@Suite("Trusted callers") struct TrustedCallersTests {
  @Test(
    "a prefix has one spelling",
    arguments: [
      ("10.0.0.0/8", "10.0.0.0/8"), ("10.1.2.3/8", "10.0.0.0/8"), ("192.0.2.1", "192.0.2.1"),
      ("192.0.2.1/32", "192.0.2.1"), ("0.0.0.0/0", "0.0.0.0/0"), ("2001:DB8::/32", "2001:db8::/32"),
      ("2001:db8:0:0::1", "2001:db8::1"), ("::/0", "::/0"), ("fd00::1/64", "fd00::/64"), ("::1/128", "::1"),
      ("::ffff:10.1.2.3", "10.1.2.3"), ("::ffff:10.0.0.0/104", "10.0.0.0/8"), ("fd00::/65", "fd00::/65"),
      ("fd00::8000:0:0:0/65", "fd00::8000:0:0:0/65"),
    ])
  func prefix(_ written: String, _ text: String) { #expect(AddressPrefix(written)?.description == text) }

  @Test(
    "what is no prefix is not read",
    arguments: [
      "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8", "10.0.0", "10.0.0.256",
      "lb.example", "[::1]", "fe80::1%eth0", "::/129", "::1/", "1.2.3.4\0", "10.0.0.0 /8", "010.0.0.1",
    ])
  func noPrefix(_ written: String) { #expect(AddressPrefix(written) == nil) }

  private static func callers(_ prefixes: String...) throws -> TrustedCallers {
    TrustedCallers(try prefixes.map { try #require(AddressPrefix($0)) })
  }

  @Test(
    "an address is in a prefix or not",
    arguments: [
      ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.0/9", "10.128.0.1", false),
      ("10.0.0.0/8", "::ffff:10.0.0.1", true), ("0.0.0.0/0", "1.2.3.4", true), ("0.0.0.0/0", "::1", false),
      ("::/0", "::1", true), ("::/0", "1.2.3.4", false), ("2001:db8::/33", "2001:db8:7fff::1", true),
      ("2001:db8::/33", "2001:db8:8000::1", false), ("fd00::/65", "fd00::7fff:0:0:0", true),
      ("fd00::/65", "fd00::8000:0:0:0", false), ("::1", "::1", true), ("::1", "::2", false),
      ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("192.0.2.1", "x", false),
    ])
  func contains(_ prefix: String, _ address: String, _ isIn: Bool) throws {
    #expect(try Self.callers(prefix).contains(address) == isIn)
  }

  @Test func nobodyIsTrustedByDefault() {
    #expect(!TrustedCallers().contains("127.0.0.1") && !TrustedCallers().contains(nil))
  }

  @Test(
    "the client is the last of the chain that is no trusted caller",
    arguments: [
      ([], "10.0.0.1"), (["203.0.113.9"], "203.0.113.9"), (["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
      (["1.1.1.1, 203.0.113.9 ,10.0.0.7"], "203.0.113.9"), (["1.1.1.1", "203.0.113.9,10.0.0.7"], "203.0.113.9"),
      (["10.0.0.9, 10.0.0.8"], "10.0.0.9"), (["203.0.113.9:4711"], "203.0.113.9"),
      (["[2001:db8::1]:80"], "2001:db8::1"),
      (["2001:DB8::1"], "2001:db8::1"), (["1.1.1.1, unknown"], "10.0.0.1"), (["1.1.1.1, x, 10.0.0.7"], "10.0.0.7"),
      ([""], "10.0.0.1"), (["1.1.1.1,"], "1.1.1.1"),
    ] as [([String], String)])
  func client(_ chain: [String], _ client: String) throws {
    let fields = chain.map { (name: "X-Forwarded-For", value: $0) }
    let head = RequestHead(method: "GET", path: "/", fields: fields)
    #expect(try Self.callers("10.0.0.0/8").client(of: head.block, from: "10.0.0.1") == client)
  }

  // MARK: What a router leaves of a head

  private static let claims = [
    "x-gateway-destination-endpoint": "10.0.0.9:1", "x-llm-d-inference-objective": "vip", "x-slo-ttft-ms": "1",
    "x-prefiller-host-port": "10.0.0.9:1", "x-forwarded-for": "1.1.1.1", "x-forwarded-proto": "https",
    "x-forwarded-host": "h", "x-forwarded-port": "1", "x-forwarded-user": "root", "x-real-ip": "1.1.1.1",
    "forwarded": "for=1.1.1.1", "x-switchyard-endpoint": "10.0.0.9:1", "x-gateway-model-name": "other",
    "x-gateway-base-model-name": "other",
  ]

  private static func settled(_ headers: [String: String], from caller: String?) throws -> (OpenRoute, RequestHead) {
    var fixture = RouterFixture(rules: [rule("all")])
    fixture.table.listeners[0].trustedCallers = try callers("10.0.0.0/8")
    var asked = request(headers: headers)
    asked.arrival.caller = caller
    let router = RequestRouter(CompiledTables(Published(fixture.table)))
    let open = try router.route(asked.head, at: asked.arrival, in: router.tables.current)
    return (open, open.head ?? asked.head)
  }

  @Test("of others nothing is left of what they may not say", arguments: ["192.0.2.1", nil])
  func untrusted(_ caller: String?) throws {
    let (open, head) = try Self.settled(Self.claims.merging(["accept": "a"]) { $1 }, from: caller)
    #expect(head.block.fields.map { head.block.text($0.name) } == ["accept"])
    #expect(open.callers == nil)
    #expect(!head.block.contains(.xForwardedFor) && !head.block.contains(.reserved))
  }

  @Test("a trusted caller may say what gateways say, and it passes whatever Connection names") func trusted() throws {
    let (open, head) = try Self.settled(Self.claims, from: "10.1.1.1")
    let gone = ["x-gateway-model-name", "x-gateway-base-model-name", "x-switchyard-endpoint"]
    #expect(Set(head.block.fields.map { head.block.text($0.name) }) == Set(Self.claims.keys).subtracting(gone))
    #expect(open.callers != nil)
    #expect(try #require(head.block.first("x-llm-d-inference-objective")).known == .added)
    #expect(try #require(head.block.first("x-forwarded-for")).known == .xForwardedFor)
  }

  @Test("a head without any of it stays the one that came") func nothingToSettle() throws {
    let (open, head) = try Self.settled(["accept": "a"], from: "192.0.2.1")
    #expect(open.callers == nil && head == request(headers: ["accept": "a"]).head)
  }

  @Test("rules see what came from a trusted caller only") func matching() throws {
    var fixture = RouterFixture(rules: [
      rule("secure", headers: [exact("x-forwarded-proto", "https")], policy: RulePolicy(redirect: RequestRedirect())),
      rule("plain", policy: RulePolicy(redirect: RequestRedirect(hostname: "plain.example"))),
    ])
    fixture.table.listeners[0].trustedCallers = try Self.callers("10.0.0.0/8")
    for (caller, route) in [("10.0.0.1", "secure"), ("192.0.2.1", "plain")] {
      var asked = request(headers: ["x-forwarded-proto": "https"])
      asked.arrival.caller = caller
      guard case .respond(let answer) = fixture.decide(asked) else { throw Failure("no answer") }
      #expect(answer.subject.route == object(route))
    }
  }

  @Test(
    "a redirect keeps the scheme and the port by which the client came to a trusted caller",
    arguments: [
      (["x-forwarded-proto": "https"], "https://models.example.com/"),
      (["x-forwarded-proto": "HTTPS", "x-forwarded-port": "8443"], "https://models.example.com:8443/"),
      (["x-forwarded-port": "8080"], "http://models.example.com:8080/"),
      (["x-forwarded-proto": "wss", "x-forwarded-port": "99999"], "http://models.example.com/"),
    ] as [([String: String], String)])
  func redirect(_ headers: [String: String], _ location: String) throws {
    var fixture = RouterFixture(rules: [rule("moved", policy: RulePolicy(redirect: RequestRedirect()))])
    fixture.table.listeners[0].trustedCallers = try Self.callers("10.0.0.0/8")
    for (caller, location) in [("10.0.0.1", location), ("192.0.2.1", "http://models.example.com/")] {
      var asked = request("/", headers: headers)
      asked.arrival.caller = caller
      guard case .respond(let answer) = fixture.decide(asked) else { throw Failure("no answer") }
      #expect(answer.fields == [HeaderChange.Field("location", location)])
    }
  }

  @Test("the model is the one that a trusted caller names; of others the header is nothing") func model() throws {
    let (chat, lora) = (RouterFixture.pool("chat"), RouterFixture.pool("lora"))
    var fixture = RouterFixture(
      pools: [chat, lora], rules: [RouterFixture.modelRule("chat", chat), RouterFixture.modelRule("lora", lora)])
    fixture.table.listeners[0].trustedCallers = try Self.callers("10.0.0.0/8")
    for (caller, named, body, pool) in [
      ("10.0.0.1", "lora", "chat", lora), ("10.0.0.1", "lora", nil, lora), ("10.0.0.1", "", "chat", chat),
      ("192.0.2.1", "lora", "chat", chat),
    ] as [(String, String, String?, Pool)] {
      var asked = request(headers: ["X-Gateway-Model-Name": named], model: body)
      asked.arrival.caller = caller
      let plan = try fixture.plan(asked)
      #expect(plan.pool == pool.id && plan.model == (pool.id == lora.id ? "lora" : "chat"))
    }
  }

  @Test("what a route sets is not the sender's") func routes() throws {
    let pool = RouterFixture.pool("chat")
    let set = HeaderChange(set: [
      .init("x-llm-d-inference-objective", "batch"), .init("x-forwarded-user", "gateway"),
      .init("x-forwarded-proto", "https"),
    ])
    var fixture = RouterFixture(
      pools: [pool],
      rules: [rule("all", backends: [RouterFixture.backend(pool)], policy: RulePolicy(requestHeaders: set))])
    let head = try #require(try fixture.plan(request(headers: Self.claims)).treatment?.head)
    let fields = head.block.fields.map { "\(head.block.text($0.name)): \(head.block.text($0.value))" }
    #expect(
      fields == ["x-llm-d-inference-objective: batch", "x-forwarded-user: gateway", "x-forwarded-proto: https"])
  }
}
