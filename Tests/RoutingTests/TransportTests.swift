import TestSupport
import Testing

@testable import Routing

/// What is spoken with the endpoints of a pool.
@Suite struct TransportTests {
  private let id = PoolID(.service, ObjectName(namespace: "ns", name: "models"), port: 443)
  private let secure = UpstreamTransport(
    .http2,
    security: UpstreamTLS(
      serverName: "models.example", authorities: .bundles([ObjectName(namespace: "ns", name: "ca")]),
      alternativeNames: [.hostname("*.example"), .uri("spiffe://example/models")]))

  private func pool(_ transport: UpstreamTransport, _ states: EndpointStates) -> CompiledPool {
    CompiledPool(Pool(id: id, transport: transport), states: states)
  }

  @Test func theSameTransportIsTheSameObjectInEveryTable() {
    let states = EndpointStates()
    let (first, second) = (pool(secure, states), pool(secure, states))
    #expect(first.transport === second.transport && first.transport.transport == secure)
    #expect(pool(UpstreamTransport(), states).transport === CompiledTransport.plain)
  }

  @Test func anotherTransportIsAnother() {
    let states = EndpointStates()
    var other = secure
    other.security?.serverName = "others.example"
    #expect(pool(secure, states).transport !== pool(other, states).transport)
  }

  @Test func aTableShowsItUnlessItIsPlain() {
    func text(_ transport: UpstreamTransport) -> String {
      RoutingTable(pools: [id: Pool(id: id, transport: transport)]).jsonDescription()
    }
    #expect(!text(UpstreamTransport()).contains("transport"))
    let shown = text(secure)
    for part in ["http2", "models.example", "ns/ca", "*.example", "spiffe://example/models"] {
      #expect(shown.contains("\"\(part)\""))
    }
  }

  private static func certificate(_ name: String) -> ObjectName { ObjectName(namespace: "ns", name: name) }

  /// A Gateway that sends all to the pool.
  private func gateway(_ name: String, at port: Int, showing certificate: String?) -> Listener {
    Listener(
      gateway: ObjectName(namespace: "ns", name: name), name: "http", port: port,
      rules: [
        RouteRule(
          route: ObjectName(namespace: "ns", name: "all"), index: 0, backends: [WeightedBackend(target: .pool(id))])
      ], clientCertificate: certificate.map(Self.certificate))
  }

  @Test func eachGatewayShowsItsOwnCertificateToTheSameEndpoints() throws {
    let endpoint = Endpoint(
      id: EndpointID(address: "10.0.0.1", port: 443), pod: ObjectName(namespace: "ns", name: "pod"))
    let table = RoutingTable(
      listeners: [
        gateway("first", at: 1, showing: "first"), gateway("second", at: 2, showing: "second"),
        gateway("nobody", at: 3, showing: nil), gateway("other-first", at: 4, showing: "first"),
      ], pools: [id: Pool(id: id, endpoints: [endpoint], transport: secure)])
    let router = RequestRouter(CompiledTables(Published(table)))
    var generator = SeededGenerator(1)
    let found = try (1...4).map { port in
      let asked = request(port: port)
      let decision = router.decide(asked.head, at: asked.arrival, facts: asked.facts, now: 0, using: &generator)
      guard case .forward(let plan) = decision else { throw Failure("\(decision)") }
      return plan.candidates.current
    }
    let shown = found.map { $0.transport.transport.security?.clientCertificate?.name }
    #expect(shown == ["first", "second", nil, "first"])
    #expect(found[0].transport === found[3].transport && found[2].transport.transport == secure)
    #expect(found.allSatisfy { $0.state === found[0].state })
    #expect(found[0].transportOfBytes.transport.security?.clientCertificate?.name == "first")
    #expect(table.transports == Set(found.flatMap { [$0.transport.transport, $0.transportOfBytes.transport] }))
  }

  @Test func inClearNobodyIsShownACertificate() {
    let table = RoutingTable(
      listeners: [gateway("first", at: 1, showing: "first")],
      pools: [id: Pool(id: id, transport: UpstreamTransport(.http2))])
    #expect(table.transports == [UpstreamTransport(.http2), UpstreamTransport()])
  }
}
