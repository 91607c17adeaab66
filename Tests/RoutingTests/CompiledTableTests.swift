import TestSupport
import Testing

@testable import Routing

@Suite("Compiled tables") struct CompiledTableTests {
  /// Draws tables and requests from few words, so that they meet often.
  private struct Draws {
    var generator: SeededGenerator
    let hosts = ["a.example.com", "*.example.com", "*.b.example.com", "*.com", "x.org"]
    let requestHosts = ["a.example.com", "A.Example.com", "c.b.example.com", "b.example.com", "x.org", "", ".com", "y"]
    let paths = ["/", "/v1", "/v1/", "/v1/chat", "/v1/chat/completions", "//", "/v"]
    let requestPaths = ["/", "/v1", "/v1/", "/v1/chat", "/v1/chatx", "/v1/chat/completions/x", "*", "//", "//x", "/v"]
    let models = ["a", "b", "lora-a", "lora-b", ""]

    mutating func of(_ texts: [String]) -> String { texts.randomElement(using: &generator) ?? "" }
    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

    mutating func value() throws -> ValuePattern {
      chance(25) ? .regularExpression(try CompiledExpression(of(["a|b", "lora-.*", "[a-z]"]))) : .exact(of(models))
    }

    mutating func path() throws -> PathMatch {
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: .exact(of(requestPaths))
      case 1: .regularExpression(try CompiledExpression(of(["/v1.*", "/v1/(chat|x)", ".*"])))
      default: .prefix(of(paths))
      }
    }

    mutating func rule(_ number: Int) throws -> RouteRule {
      var match = RequestMatch(path: try path(), method: chance(10) ? "GET" : nil)
      for name in [modelNameHeader, baseModelNameHeader, "x-tier"] where chance(35) {
        match.headers.append(ValueMatch(name: name, value: try value()))
      }
      if chance(10) { match.queryParameters = [ValueMatch(name: "q", value: try value())] }
      return RouteRule(
        route: ObjectName(namespace: of(["default", "team"]), name: "route-\(number)"), index: 0,
        hostname: chance(50) ? HostnamePattern(of(hosts)) : nil, match: match, backends: [])
    }

    mutating func table() throws -> RoutingTable {
      let listeners = try (0..<Int.random(in: 1...4, using: &generator)).map { number in
        let rules = try (0..<Int.random(in: 0...30, using: &generator)).map { try rule($0 + 100 * number) }
        return Listener(
          gateway: object("gateway"), name: "l\(number)",
          addresses: ["10.0.0.1", "10.0.0.2"].filter { _ in chance(70) },
          port: chance(80) ? 80 : 81, hostname: chance(60) ? HostnamePattern(of(hosts)) : nil,
          rules: chance(70) ? RouteRule.sorted(rules) : rules,
          baseModels: chance(50) ? ["default": ["lora-a": "a"], "team": ["lora-a": "b", "b": "a"]] : [:])
      }
      return RoutingTable(listeners: listeners)
    }

    mutating func request() -> Asked {
      var headers: [String: String] = [:]
      if chance(50) { headers["x-tier"] = of(models) }
      if chance(10) { headers[modelNameHeader] = of(models) }
      return RoutingTests.request(
        of(requestPaths), host: of(requestHosts), address: chance(20) ? nil : of(["10.0.0.1", "10.0.0.2"]),
        query: chance(20) ? "q=\(of(models))" : nil, method: chance(20) ? "GET" : "POST", headers: headers,
        model: chance(80) ? of(models) : nil)
    }
  }

  /// The rule that a search from the first to the last finds.
  private static func linear(_ table: RoutingTable, _ asked: Asked) -> String? {
    var best: Listener?
    for listener in table.listeners where listener.port == asked.arrival.port {
      if let address = asked.arrival.address, !listener.addresses.contains(address) { continue }
      if let hostname = listener.hostname, !bytes(asked.head.hostText, { hostname.matches($0) }) { continue }
      let isBetter = best.map {
        HostnamePattern.specificity(listener.hostname) > HostnamePattern.specificity($0.hostname)
      }
      if isBetter ?? true { best = listener }
    }
    guard let best else { return nil }
    return best.rules.first { rule in
      rule.matches(
        asked.head, model: asked.model, baseModel: asked.model.map { best.baseModel(of: $0, for: rule.route) })
    }?.route.name
  }

  @Test("find the rule that a search from the first to the last finds") func sameAsLinear() throws {
    var draws = Draws(generator: SeededGenerator(21))
    var found = 0
    for _ in 0..<300 {
      let table = try draws.table()
      for _ in 0..<40 {
        let asked = draws.request()
        let expected = Self.linear(table, asked)
        #expect(table.rule(for: asked) == expected)
        found += expected == nil ? 0 : 1
      }
    }
    #expect(found > 3000)
  }

  @Test("the rules that are possible by the head hold the one that the model decides") func possible() throws {
    var draws = Draws(generator: SeededGenerator(22))
    for _ in 0..<200 {
      let router = RequestRouter(CompiledTables(Published(try draws.table())))
      for _ in 0..<20 {
        let asked = draws.request()
        let routed = Result { try router.route(asked.head, at: asked.arrival, in: router.tables.current) }
        guard case .success(let open) = routed else { continue }
        let rules = open.rules(for: asked.head)
        #expect(rules.dropLast().allSatisfy { $0.match.dependsOnModel })
        #expect(rules.contains { $0.match.dependsOnModel } == (open.need == .model))
        let resolved = Result { try router.resolve(open, asked.head, facts: asked.facts) }
        guard case .success(let decided) = resolved else { continue }
        #expect(rules.contains(decided.rule))
      }
    }
  }

  @Test("a reader sees each table that is published, compiled once") func readers() {
    let published = Published(RoutingTable())
    let tables = CompiledTables(published)
    let readers = [RoutingReader(tables), RoutingReader(tables)]
    let asked = request("/v1")
    let listener = Listener(gateway: object("gateway"), name: "http", port: 80, rules: [rule("one")])
    #expect(readers[0].table.listener(for: asked.head, at: asked.arrival) == nil)
    published.publish(RoutingTable(listeners: [listener]))
    #expect(readers[0].table.listener(for: asked.head, at: asked.arrival) != nil)
    #expect(readers[0].table === readers[1].table && readers[0].table === tables.current)
    #expect(readers[0].table.table.listeners == [listener])
  }

  @Test("an endpoint's state lives on from table to table; one that left is forgotten once it is idle")
  func states() {
    func table(_ numbers: Int...) -> RoutingTable {
      let id = PoolID(.inferencePool, object("pool"))
      return RoutingTable(pools: [id: Pool(id: id, endpoints: numbers.map { endpoint($0) })])
    }
    let published = Published(table(1, 2))
    let tables = CompiledTables(published)
    let states = [1, 2].map { tables.states.known(endpoint($0).id) }
    states[0]?.begin()
    #expect(tables.states.busy == [endpoint(1).id] && tables.states.inFlight == 1)
    published.publish(table(2))
    #expect(tables.states.known(endpoint(1).id) === states[0])
    #expect(tables.states.known(endpoint(2).id) === states[1])
    states[0]?.end()
    published.publish(table(2, 3))
    #expect(tables.states.known(endpoint(1).id) == nil)
    #expect(tables.states.known(endpoint(2).id) === states[1])
    #expect(tables.states.inFlight == 0)
  }
}
