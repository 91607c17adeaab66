import Routing
import Testing

@Suite("Matching") struct MatchingTests {
  @Test(
    "host names",
    arguments: [
      ("example.com", "example.com", true), ("example.com", "EXAMPLE.com", true),
      ("Example.COM", "example.com", true), ("example.com", "a.example.com", false),
      ("*.example.com", "a.example.com", true), ("*.example.com", "a.b.Example.com", true),
      ("*.example.com", "example.com", false), ("*.example.com", ".example.com", false),
      ("*.example.com", "badexample.com", false), ("*.example.com", "", false),
    ])
  func hostnames(pattern: String, host: String, matches: Bool) {
    #expect(bytes(host) { HostnamePattern(pattern).matches($0) } == matches)
  }

  @Test(
    "paths",
    arguments: [
      (PathMatch.exact("/v1"), "/v1", true), (.exact("/v1"), "/v1/", false), (.exact("/v1"), "/V1", false),
      (.prefix("/"), "/", true), (.prefix("/"), "/anything", true), (.prefix("/"), "*", true),
      (.prefix("/v1"), "/v1", true), (.prefix("/v1"), "/v1/", true), (.prefix("/v1"), "/v1/chat", true),
      (.prefix("/v1"), "/v1x", false), (.prefix("/v1/"), "/v1", true), (.prefix("/v1/"), "/v1/chat", true),
      (.prefix("/v1/"), "/v1x", false), (.prefix("/v1/chat"), "/v1", false), (.prefix("/V1"), "/v1", false),
    ])
  func paths(match: PathMatch, path: String, matches: Bool) {
    #expect(bytes(path) { match.matches($0) } == matches)
  }

  @Test("path expressions take the whole path") func pathExpression() throws {
    let match = PathMatch.regularExpression(try CompiledExpression("/v[12]/.*"))
    #expect(bytes("/v1/chat") { match.matches($0) })
    #expect(!bytes("/x/v1/chat") { match.matches($0) })
  }

  @Test(
    "query parameters, decoded, the first value",
    arguments: [
      ("a=1", true), ("b=2&a=1", true), ("a=1&a=2", true), ("a=2&a=1", false), ("%61=%31", true), ("A=1", false),
      ("", false), ("a", false), ("aa=1", false), ("&&a=1&", true),
    ])
  func query(text: String, matches: Bool) {
    let match = RequestMatch(queryParameters: [exact("a", "1")])
    #expect(match.matches(request(query: text)) == matches)
  }

  @Test(
    "query values",
    arguments: [
      ("a=x+y", "x y"), ("a=x%20y", "x y"), ("a=100%", "100%"), ("a=%zz", "%zz"), ("a", ""), ("a=b=c", "b=c"),
      ("a=%", "%"), ("a=%4", "%4"), ("a=%4A%4b", "JK"), ("%61=%2B+", "+ "), ("b=1&a", ""), ("a=", ""),
    ])
  func queryValues(text: String, value: String) {
    #expect(RequestMatch(queryParameters: [exact("a", value)]).matches(request(query: text)))
  }

  @Test("an expression sees the decoded query value") func queryExpression() throws {
    let expression = ValueMatch(name: "a", value: .regularExpression(try CompiledExpression("x y+")))
    #expect(RequestMatch(queryParameters: [expression]).matches(request(query: "a=x%20yy")))
    #expect(!RequestMatch(queryParameters: [expression]).matches(request(query: "a=x%20z")))
    #expect(!RequestMatch(queryParameters: [expression]).matches(request()))
  }

  @Test("headers, all of them, by value or expression") func headers() throws {
    let match = RequestMatch(
      method: "POST",
      headers: [
        exact("tier", "gold"),
        ValueMatch(name: "user", value: .regularExpression(try CompiledExpression("team-[a-z]+"))),
      ])
    #expect(match.matches(request(headers: ["tier": "gold", "user": "team-a"])))
    #expect(!match.matches(request(headers: ["tier": "gold", "user": "team-1"])))
    #expect(match.matches(request(headers: ["Tier": "gold", "USER": "team-a"])))
    #expect(!match.matches(request(headers: ["tier": "gold"])))
    #expect(!match.matches(request(headers: ["tier": "Gold", "user": "team-a"])))
    #expect(!match.matches(request(method: "GET", headers: ["tier": "gold", "user": "team-a"])))
  }

  @Test(
    "of a header that is there more than once each value counts, and all of them as one",
    arguments: [
      (["gold"], true), (["silver", "gold"], true), (["gold", "silver"], true), (["silver", "bronze"], false),
      ([], false), (["silver,gold"], false), (["team-1", "team-a"], true), (["a", "b", "c"], true),
      (["a", "b"], false),
      (["a, b", "c"], true), (["", ""], false),
    ])
  func repeatedHeader(values: [String], matches: Bool) throws {
    let fields = [(name: "x-other", value: "gold")] + values.map { (name: "X-Tier", value: $0) }
    let head = RequestHead(method: "GET", path: "/", fields: fields + [(name: "x-tie", value: "gold")])
    let wanted = [
      exact("x-tier", "gold"), exact("x-tier", "a, b, c"),
      ValueMatch(name: "x-tier", value: .regularExpression(try CompiledExpression("team-[a-z]"))),
    ]
    #expect(wanted.contains { RequestMatch(headers: [$0]).matches(head) } == matches)
  }

  @Test("the model is the body's, whatever a client's header says") func modelHeader() {
    let match = RequestMatch(headers: [exact("x-gateway-model-name", "chatbot")])
    #expect(match.matches(request(model: "chatbot")))
    #expect(!match.matches(request(headers: ["x-gateway-model-name": "chatbot"], model: "other")))
    #expect(!match.matches(request(headers: ["x-gateway-model-name": "chatbot"])))
  }

  @Test("rules are tried in Gateway API order") func precedence() throws {
    let expression = PathMatch.regularExpression(try CompiledExpression("/v1/.*"))
    let wanted = [
      rule("host", hostname: "a.example.com"),
      rule("long-wildcard", hostname: "*.b.example.com"),
      rule("short-wildcard", hostname: "*.example.com", path: .exact("/v1/chat")),
      rule("exact", path: .exact("/v1")),
      rule("prefix-long", path: .prefix("/v1/chat")),
      rule("prefix", path: .prefix("/v1/"), method: "GET"),
      rule("prefix-headers", path: .prefix("/v1"), headers: [exact("a", "1"), exact("b", "1")]),
      rule("prefix-header", path: .prefix("/v1"), headers: [exact("a", "1")], query: [exact("q", "1")]),
      rule("prefix-query", path: .prefix("/v1"), query: [exact("q", "1")]),
      rule("prefix-oldest", path: .prefix("/v1")), rule("prefix-younger", path: .prefix("/v1/")),
      rule("expression", path: expression),
      rule("default"),
    ]
    // The two that are equal in precedence keep the order they come in.
    let shuffled = wanted.indices.sorted { ($0 == 9 ? -1 : -$0 % 5, -$0) < ($1 == 9 ? -1 : -$1 % 5, -$1) }
    let given = shuffled.filter { $0 != 10 }.map { wanted[$0] } + [wanted[10]]
    #expect(RouteRule.sorted(given).map(\.route.name) == wanted.map(\.route.name))
  }

  @Test("the first matching rule takes the request") func firstRule() {
    let rules = RouteRule.sorted([
      rule("all"), rule("chat", path: .prefix("/v1/chat")), rule("other-host", hostname: "x.org", path: .exact("/")),
    ])
    let table = RoutingTable(listeners: [
      Listener(gateway: object("gateway"), name: "http", port: 80, rules: rules)
    ])
    #expect(table.rule(for: request("/v1/chat/completions")) == "chat")
    #expect(table.rule(for: request("/v1/models")) == "all")
    #expect(table.rule(for: request("/")) == "all")
    #expect(table.rule(for: request("/", host: "x.org")) == "other-host")
  }

  @Test(
    "a request belongs to the most specific listener of its address and port",
    arguments: [
      ("10.0.0.1", 80, "a.example.com", "exact"), ("10.0.0.1", 80, "b.example.com", "wildcard"),
      ("10.0.0.1", 80, "x.org", "any"), ("10.0.0.2", 80, "a.example.com", "other-address"),
      ("10.0.0.1", 81, "x.org", nil), ("10.0.0.3", 80, "x.org", nil), (nil, 80, "a.example.com", "exact"),
    ] as [(String?, Int, String, String?)])
  func listeners(address: String?, port: Int, host: String, name: String?) {
    func listener(_ name: String, _ hostname: String?, _ address: String) -> Listener {
      Listener(
        gateway: object("gateway"), name: name, addresses: [address], port: 80,
        hostname: hostname.map { HostnamePattern($0) }, rules: [rule(name)])
    }
    let table = RoutingTable(listeners: [
      listener("any", nil, "10.0.0.1"), listener("wildcard", "*.example.com", "10.0.0.1"),
      listener("exact", "a.example.com", "10.0.0.1"), listener("other-address", nil, "10.0.0.2"),
      listener("no-address", "never.example.com", "10.0.0.9"),
    ])
    #expect(table.rule(for: request(host: host, address: address, port: port)) == name)
  }
}
