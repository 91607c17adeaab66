import NIOCore
import NIOPosix
import NIOSSL
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// Tunnels over sockets: what ends first, what breaks, who does not read.
@Suite(.timeLimit(.minutes(1))) struct TunnelLiveTests {
  private static func connect(_ gateway: TestGateway, _ offer: String = WebSocketExamples.offer) async throws
    -> TestClient
  {
    let client = try await TestClient.connect(gateway.address, halfCloses: true)
    try await client.send(offer)
    let head = try await client.receive { $0.contains("\r\n\r\n") }
    #expect(head.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"), "\(head)")
    return client
  }

  private static func expectNothingLeft(_ gateway: TestGateway) async throws {
    try await eventually("nothing is left") {
      let census = try await gateway.server.census()
      return census.tunnels == 0 && census.leased == 0 && gateway.states.inFlight == 0
    }
  }

  @Test func anEndIsPassedOnAndTheAnswerToItComesBack() async throws {
    let server = try await RawServer.echoing()
    try await TestGateway.run(endpoints: [server.endpoint]) { gateway in
      let client = try await Self.connect(gateway)
      try await client.send("hello")
      #expect(try await client.receive { $0 == "hello" } == "hello")
      #expect(gateway.states.inFlight == 1)
      let census = try await gateway.server.census()
      #expect((census.tunnels, census.leased, census.resting) == (1, 1, 0))
      try await client.close(.output)
      #expect(try await client.receiveUntilClosed() == "bye")
      #expect(!client.wasReset)
      let record = try #require(await gateway.records.next())
      #expect(record.status == 101 && record.error == nil)
      #expect((record.requestBytes, record.responseBytes) == (5, 8))
      try await Self.expectNothingLeft(gateway)
    }
    try await server.stop()
  }

  @Test func anEndpointMayEndFirst() async throws {
    let server = try await RawServer.start { peer, event in
      switch event {
      case .bytes where peer.text.hasSuffix("\r\n\r\n"):
        peer.send(WebSocketExamples.taken + "all that I say")
        peer.endOutput()
      default: break
      }
    }
    try await TestGateway.run(endpoints: [server.endpoint]) { gateway in
      let client = try await TestClient.connect(gateway.address, halfCloses: true)
      try await client.send(WebSocketExamples.offer)
      #expect(try await client.receiveUntilEnd().hasSuffix("\r\n\r\nall that I say"))
      try await client.send("and all that I have to say")
      try await client.close(.output)
      try await eventually("the endpoint has heard it") {
        server.peers.first?.text.hasSuffix("and all that I have to say") == true
      }
      let record = try #require(await gateway.records.next())
      #expect(record.error == nil && record.requestBytes == 26)
      try await Self.expectNothingLeft(gateway)
    }
    try await server.stop()
  }

  @Test func aSideThatBreaksCutsTheOther() async throws {
    let server = try await RawServer.echoing()
    try await TestGateway.run(endpoints: [server.endpoint]) { gateway in
      let first = try await Self.connect(gateway)
      server.peers.first?.reset()
      _ = try await first.receiveUntilClosed()
      #expect(first.wasReset)
      #expect(await gateway.records.next()?.error?.kind == .endpointLost)
      let second = try await Self.connect(gateway)
      try await second.close()
      #expect(await gateway.records.next()?.status == 101)
      try await Self.expectNothingLeft(gateway)
    }
    try await server.stop()
  }

  @Test func bytesWaitForWhoeverDoesNotRead() async throws {
    let server = try await RawServer.echoing()
    try await TestGateway.run(endpoints: [server.endpoint]) { gateway in
      let client = try await Self.connect(gateway)
      let peer = try #require(server.peers.first)
      peer.read(false)
      let size = 48 << 20
      async let sending: Void = client.send(String(repeating: "x", count: size))
      // The system's buffers fill, some MB each, and then nobody takes more of the client.
      var looks: [Int] = []
      try await eventually("the client is stopped") {
        looks.append(try await client.unsent)
        return looks.last != 0 && looks.count > 20 && Set(looks.suffix(20)).count == 1
      }
      #expect(looks.last ?? 0 > size / 4)
      peer.read(true)
      try await sending
      let back = try await client.receive { $0.utf8.count >= size }
      #expect(back.utf8.count == size)
      try await client.close()
      try await Self.expectNothingLeft(gateway)
    }
    try await server.stop()
  }

  @Test func theModelInTheQueryChoosesThePool() async throws {
    let (voice, other) = (try await RawServer.echoing(), try await RawServer.echoing())
    try await TestGateway.run { gateway in
      for (model, server) in [("voice", voice), ("other", other), ("voice", voice)] {
        let before = server.peers.count
        let client = try await Self.connect(gateway, WebSocketExamples.offer("/v1/realtime?model=\(model)"))
        #expect(server.peers.count == before + 1, "\(model)")
        try await client.close()
      }
      let client = try await TestClient.connect(gateway.address)
      try await client.send(WebSocketExamples.offer("/v1/realtime?model=nobody"))
      #expect(try await client.receive { $0.hasSuffix("}") }.hasPrefix("HTTP/1.1 404 "))
    } makeTable: { address in
      var table = TestGateway.makeTable(address: address, endpoints: [], models: [:])
      let rule = table.listeners[0].rules[0]
      table.listeners[0].rules = []
      for (model, server) in [("voice", voice), ("other", other)] {
        let pod = ObjectName(namespace: "default", name: model)
        let pool = Pool(
          id: PoolID(.inferencePool, pod), endpoints: [Endpoint(id: server.endpoint, pod: pod)])
        table.pools[pool.id] = pool
        var rule = rule
        rule.match.headers = [ValueMatch(name: "x-gateway-model-name", value: .exact(model))]
        rule.backends = [WeightedBackend(target: .pool(pool.id))]
        table.listeners[0].rules.append(rule)
      }
      return table
    }
    try await voice.stop()
    try await other.stop()
  }

  @Test(.enabled(if: isInstalled("openssl"))) func itIsTheSameInsideTLS() async throws {
    let server = try await RawServer.echoing(behind: "early ")
    try await TestGateway.run(certificates: TLSTests.store(["shop": "shop"])) { gateway in
      let client = try await TestClient.connect(
        gateway.address, tls: TestCertificates.shared.get().client(offers: ["http/1.1"]), name: "shop.example",
        halfCloses: true)
      try await client.send(WebSocketExamples.offer(host: "shop.example") + "hello")
      #expect(try await client.receive { $0.hasSuffix("hello") }.hasSuffix("\r\n\r\nearly hello"))
      #expect(server.peers.first?.text.contains("x-forwarded-proto: https\r\n") == true)
      try await client.close(.output)
      #expect(try await client.receiveUntilClosed() == "bye")
      #expect(client.failure == nil)
      let record = try #require(await gateway.records.next())
      #expect(record.error == nil && record.isTunnel)
      try await Self.expectNothingLeft(gateway)
    } makeTable: {
      TLSTests.table($0, server.endpoint, [("shop.example", TLSTests.https("shop"))])
    }
    try await server.stop()
  }
}
