import Routing
import Testing

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
}
