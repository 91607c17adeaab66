import NIOCore
import NIOSSL
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// Listeners of TLS that do not look inside: all bytes go to an endpoint that the name chooses, or those inside.
@Suite(.timeLimit(.minutes(1)), .enabled(if: isInstalled("openssl"))) struct ListenerOfTLSTests {
  typealias Rule = (hostname: String?, endpoints: [EndpointID])

  /// Listeners of one port with their rules.
  private static func table(
    _ address: String, _ listeners: [(hostname: String?, serving: ListenerServing, rules: [Rule])]
  ) -> RoutingTable {
    var table = RoutingTable()
    for listener in listeners {
      let rules = listener.rules.enumerated().map { index, rule in
        let name = TLSTests.name("\(listener.hostname ?? "all")-\(index)")
        let pool = Pool(
          id: PoolID(.service, name, port: 443), endpoints: rule.endpoints.map { Endpoint(id: $0, pod: name) })
        table.pools[pool.id] = pool
        return RouteRule(
          route: name, index: 0, hostname: rule.hostname.map { HostnamePattern($0) },
          backends: [WeightedBackend(target: .pool(pool.id))])
      }
      table.listeners.append(
        Listener(
          gateway: TLSTests.name("gateway"), name: listener.hostname ?? "all", addresses: [address],
          port: TestGateway.port, serving: listener.serving,
          hostname: listener.hostname.map { HostnamePattern($0) }, rules: rules))
    }
    return table
  }

  /// Says who it is, and sends back what comes.
  private static func server(_ name: String, tls: String? = nil) async throws -> RawServer {
    let tls = try tls.map { try TestCertificates.shared.get().server(showing: $0) }
    return try await RawServer.start(tls: tls) { peer, event in
      switch event {
      case .bytes(let bytes): peer.send("\(name):\(bytes)")
      case .ended:
        peer.send("\(name):bye")
        peer.endOutput()
      case .closed: break
      }
    }
  }

  private static func connect(_ gateway: TestGateway, _ name: String?, halfCloses: Bool = false) async throws
    -> TestClient
  {
    try await TestClient.connect(
      gateway.address, tls: TestCertificates.shared.get().client(), name: name, halfCloses: halfCloses)
  }

  private static func expectNothingLeft(_ gateway: TestGateway) async throws {
    try await eventually("nothing is left") {
      let census = try await gateway.server.census()
      return census.tunnels == 0 && census.leased == 0 && census.clients == 0 && gateway.states.inFlight == 0
    }
  }

  @Test func theNameChoosesWhoEndsTLS() async throws {
    let (shop, api) = (try await Self.server("shop", tls: "shop"), try await Self.server("api", tls: "api"))
    try await TestGateway.run { gateway in
      for (name, server) in [("shop.example", "shop"), ("api.example", "api"), ("shop.example", "shop")] {
        let client = try await Self.connect(gateway, name, halfCloses: true)
        try await client.send("hello")
        #expect(try await client.receive { $0.hasSuffix("hello") } == "\(server):hello")
        // The endpoint's own certificate: the gateway has none.
        #expect(try await client.peerName() == server)
        let census = try await gateway.server.census()
        #expect((census.tunnels, census.clients, gateway.states.inFlight) == (1, 1, 1))
        try await client.close(.output)
        #expect(try await client.receiveUntilClosed() == "\(server):bye")
        #expect(client.failure == nil)
        let record = try #require(await gateway.records.next())
        #expect(record.error == nil && record.isTunnel && record.path == nil && record.method == "")
        #expect(record.pool?.kind == .service && record.requestBytes > 100 && record.responseBytes > 100)
        try await Self.expectNothingLeft(gateway)
      }
    } makeTable: {
      Self.table(
        $0, [(nil, .tls(.passthrough), [("shop.example", [shop.endpoint]), ("*.example", [api.endpoint])])])
    }
    try await shop.stop()
    try await api.stop()
  }

  @Test func insideATerminatedOneTheBytesAreThoseInside() async throws {
    let server = try await Self.server("inside")
    try await TestGateway.run(certificates: TLSTests.store(["shop": "shop"])) { gateway in
      let client = try await Self.connect(gateway, "shop.example", halfCloses: true)
      try await client.send("hello")
      #expect(try await client.receive { $0.hasSuffix("hello") } == "inside:hello")
      #expect(try await client.peerName() == "shop")
      #expect(server.peers.first?.text == "hello")
      try await client.close(.output)
      #expect(try await client.receiveUntilClosed() == "inside:bye")
      let record = try #require(await gateway.records.next())
      #expect(record.error == nil && (record.requestBytes, record.responseBytes) == (5, 22))
      try await Self.expectNothingLeft(gateway)
    } makeTable: {
      let serving = ListenerServing.tls(.terminate(TLSTermination(certificates: [TLSTests.name("shop")])))
      return Self.table($0, [("shop.example", serving, [(nil, [server.endpoint])])])
    }
    try await server.stop()
  }

  @Test func anEndpointThatTakesNoConnectionIsPassedOver() async throws {
    let server = try await Self.server("alive", tls: "shop")
    let closed = try await Self.server("closed")
    let dead = closed.endpoint
    try await closed.stop()
    try await TestGateway.run { gateway in
      for _ in 0..<4 {
        let client = try await Self.connect(gateway, "shop.example")
        try await client.send("hello")
        #expect(try await client.receive { $0.hasSuffix("hello") } == "alive:hello")
        try await client.close()
      }
      try await Self.expectNothingLeft(gateway)
    } makeTable: {
      Self.table($0, [(nil, .tls(.passthrough), [("shop.example", [dead, server.endpoint])])])
    }
    try await server.stop()
  }

  @Test func whoCannotBeServedSeesTheConnectionClosed() async throws {
    let closed = try await Self.server("closed")
    let dead = closed.endpoint
    try await closed.stop()
    try await TestGateway.run { gateway in
      // No listener has this one, and no route is asked.
      let stranger = try await Self.connect(gateway, "shop.other")
      #expect(try await stranger.receiveUntilClosed() == "" && stranger.failure?.contains("ALERT") != true)
      for name in ["shop.example", "api.example"] {
        let client = try await Self.connect(gateway, name)
        _ = try await client.receiveUntilClosed()
        #expect(client.failure?.contains("ALERT") != true, "\(client.failure ?? "")")
        let record = try #require(await gateway.records.next())
        #expect(record.status == 0 && !record.isTunnel)
        #expect(record.error?.kind == (name == "shop.example" ? .noEndpointAnswered : .noRoute))
      }
      try await Self.expectNothingLeft(gateway)
    } makeTable: {
      Self.table($0, [("*.example", .tls(.passthrough), [("shop.example", [dead])])])
    }
  }

  @Test func aSideThatBreaksCutsTheOther() async throws {
    let server = try await Self.server("shop", tls: "shop")
    try await TestGateway.run { gateway in
      let client = try await Self.connect(gateway, "shop.example")
      try await client.send("hello")
      _ = try await client.receive { $0.hasSuffix("hello") }
      server.peers.first?.reset()
      _ = try await client.receiveUntilClosed()
      #expect(client.wasReset)
      #expect(await gateway.records.next()?.error?.kind == .endpointLost)
      try await Self.expectNothingLeft(gateway)
    } makeTable: {
      Self.table($0, [(nil, .tls(.passthrough), [("shop.example", [server.endpoint])])])
    }
    try await server.stop()
  }

  @Test func itStandsBesideListenersOfHTTPSOnOnePort() async throws {
    let web = try await TestUpstream.start { $0.json("{}") }
    let server = try await Self.server("api", tls: "api")
    try await TestGateway.run(certificates: TLSTests.store(["shop": "shop"])) { gateway in
      #expect(try await TLSTests.ask(gateway, name: "shop.example").line == "HTTP/1.1 200 OK")
      let client = try await Self.connect(gateway, "api.example")
      try await client.send("hello")
      #expect(try await client.receive { $0.hasSuffix("hello") } == "api:hello")
      try await client.close()
      // A request for the other's name is not let through.
      let other = try await TLSTests.ask(gateway, name: "shop.example", host: "api.example")
      #expect(other.line == "HTTP/1.1 421 Misdirected Request")
    } makeTable: {
      Self.table(
        $0,
        [
          ("shop.example", TLSTests.https("shop"), [(nil, [web.endpoint])]),
          ("api.example", .tls(.passthrough), [(nil, [server.endpoint])]),
        ])
    }
    try await web.stop()
    try await server.stop()
  }
}
