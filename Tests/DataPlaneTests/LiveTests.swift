import NIOCore
import NIOHTTP1
import NIOPosix
import Routing
import Synchronization
import TestSupport
import Testing

@testable import DataPlane

/// The whole server on loopback sockets, with small model servers behind it.
@Suite(.timeLimit(.minutes(1))) struct LiveTests {
  static let pool = PoolID(.inferencePool, ObjectName(namespace: "default", name: "pool"))
  static let json = "application/json"

  static func post(_ body: String, extra: String = "") -> String {
    "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\(extra)"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  @Test func aRequestFindsItsModelServerAndIsRewritten() async throws {
    let upstream = try await TestUpstream.start { $0.json(#"{"got":"\#(String(buffer: $0.body).count)"}"#) }
    let model = Model(
      name: "chat", targets: [WeightedTarget(name: "chat-v2")], object: ObjectName(namespace: "default", name: "m"))
    try await TestGateway.run(endpoints: [upstream.endpoint], models: ["chat": model]) { gateway in
      let client = try await TestClient.connect(gateway.address)
      try await client.send(
        Self.post(#"{"model":"chat","prompt":"hi"}"#, extra: "X-Gateway-Destination-Endpoint: 10.0.0.9:1\r\n"))
      let answer = try await client.receive { $0.hasSuffix("}") }
      #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
      let seen = try #require(upstream.requests.first)
      #expect(seen.body == #"{"model":"chat-v2","prompt":"hi"}"#)
      #expect(seen.head.headers["content-length"] == ["33"])
      #expect(seen.head.headers["x-gateway-model-name"] == ["chat"])
      #expect(!seen.head.headers.contains(name: "x-gateway-destination-endpoint"))
      #expect(seen.head.headers["x-forwarded-for"] == ["127.0.0.1"])

      try await client.send(Self.post(#"{"model":"chat"}"#))
      _ = try await client.receive { $0.components(of: "HTTP/1.1 200") == 1 && $0.hasSuffix("}") }
      #expect(upstream.connections == 1)
      #expect(gateway.states.inFlight == 0)

      try await client.send("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
      let missing = try await client.receive { $0.hasSuffix(".\n") }
      #expect(missing.hasPrefix("HTTP/1.1 404 "))
      let lost = Self.post(#"{"model":"chat"}"#).replacing("/v1/completions", with: "/nowhere")
      try await client.send(lost + Self.post(#"{"model":"chat"}"#))
      let both = try await client.receive { $0.contains(".\n") && $0.hasSuffix(#""got":"19"}"#) }
      #expect(both.hasPrefix("HTTP/1.1 404 ") && both.contains("HTTP/1.1 200 "))
    }
    try await upstream.stop()
  }

  @Test func eventsAreRelayedAsTheyCome() async throws {
    let waiting = Mutex<TestUpstream.Call?>(nil)
    let upstream = try await TestUpstream.start { call in
      call.begin(["content-type": "text/event-stream", "transfer-encoding": "chunked"])
      call.write("data: one\n\n")
      waiting.withLock { $0 = call }
    }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await TestClient.connect(gateway.address)
      try await client.send(Self.post(#"{"model":"chat","stream":true}"#))
      let first = try await client.receive { $0.contains("data: one\n\n") }
      #expect(!first.contains("two"))
      #expect(gateway.states.inFlight == 1)
      let call = try #require(waiting.withLock { $0 })
      call.write("data: two\n\n")
      call.end()
      let rest = try await client.receive { $0.hasSuffix("0\r\n\r\n") }
      #expect(rest.contains("data: two\n\n"))
    }
    try await upstream.stop()
  }

  @Test func aServerThatDiesMidStreamIsTold() async throws {
    let upstream = try await TestUpstream.start { call in
      call.begin(["content-type": "text/event-stream", "transfer-encoding": "chunked"])
      call.write("data: one\n\n")
      call.die()
    }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await TestClient.connect(gateway.address)
      try await client.send(Self.post(#"{"model":"chat","stream":true}"#))
      let all = try await client.receiveUntilClosed()
      #expect(all.contains("data: one\n\n"))
      #expect(all.contains(#"data: {"error":{"message":"The model server at"#))
    }
    try await upstream.stop()
  }

  @Test func aServerThatDiesInAPlainBodyCutsTheConnection() async throws {
    let upstream = try await TestUpstream.start { call in
      call.begin(["content-type": "application/json", "content-length": "100"])
      call.write("{")
      call.die()
    }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await TestClient.connect(gateway.address)
      try await client.send(Self.post(#"{"model":"chat"}"#))
      #expect(try await client.receiveUntilClosed().hasSuffix("\r\n\r\n{"))
    }
    try await upstream.stop()
  }

  @Test func aClientOfHTTP10SeesThatItsResponseWasCut() async throws {
    let upstream = try await TestUpstream.start { call in
      call.begin(["content-type": "text/plain", "transfer-encoding": "chunked"])
      call.write("half")
      call.die()
    }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await TestClient.connect(gateway.address)
      try await client.send(Self.post(#"{"model":"chat"}"#).replacing("HTTP/1.1", with: "HTTP/1.0"))
      _ = try await client.receiveUntilClosed()
      #expect(client.wasReset)
    }
    try await upstream.stop()
  }

  @Test func whatAClientHasSentAheadCostsItNoAnswer() async throws {
    let (calls, call) = AsyncStream.makeStream(of: TestUpstream.Call.self)
    let upstream = try await TestUpstream.start { call.yield($0) }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await TestClient.connect(gateway.address)
      let old = Self.post(#"{"model":"chat"}"#, extra: "Connection: keep-alive\r\n").replacing(
        "HTTP/1.1", with: "HTTP/1.0")
      try await client.send(old)
      var waiting = calls.makeAsyncIterator()
      let first = try #require(await waiting.next())
      // A second request, and more: reading rests until its turn comes.
      try await client.send(old + String(repeating: "x", count: 65536))
      first.begin(["transfer-encoding": "chunked"])
      first.write("all ")
      _ = try await client.receive { $0.hasSuffix("all ") }
      // The response ends with the connection: nobody will read what is behind, and a close would be a reset.
      first.write("of it")
      first.end()
      #expect(try await client.receiveUntilClosed() == "of it")
      #expect(!client.wasReset)
    }
    try await upstream.stop()
  }

  @Test func anErrorReachesAClientThatIsStillSending() async throws {
    try await TestGateway.run(endpoints: []) { gateway in
      let client = try await TestClient.connect(gateway.address)
      try await client.send("GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 1_000_000) + "\r\n\r\n")
      #expect(try await client.receiveUntilClosed().hasPrefix("HTTP/1.1 431 "))
      #expect(!client.wasReset)
    }
  }

  @Test func refusedEndpointsArePassedOver() async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    let dead = (2...3).map { EndpointID(address: "127.0.0.\($0)", port: 1) }
    try await TestGateway.run(endpoints: dead + [upstream.endpoint]) { gateway in
      for _ in 0..<5 {
        let client = try await TestClient.connect(gateway.address)
        try await client.send(Self.post(#"{"model":"chat"}"#))
        #expect(try await client.receive { $0.hasSuffix("{}") }.hasPrefix("HTTP/1.1 200 "))
      }
      #expect(gateway.states.inFlight == 0)
    }
    try await TestGateway.run(endpoints: dead) { gateway in
      let client = try await TestClient.connect(gateway.address)
      try await client.send(Self.post(#"{"model":"chat"}"#))
      let answer = try await client.receive { $0.contains("}}") }
      #expect(answer.hasPrefix("HTTP/1.1 503 "))
      #expect(answer.contains("retry-after: 1\r\n"))
    }
    try await upstream.stop()
  }

  @Test func aPromptOfTenMegabytesArrivesWhole() async throws {
    let upstream = try await TestUpstream.start { $0.json("\($0.body.readableBytes)") }
    let dead = EndpointID(address: "127.0.0.2", port: 1)
    try await TestGateway.run(endpoints: [dead, upstream.endpoint]) { gateway in
      // The endpoint with a request in flight comes second: the body has to be sent again.
      gateway.states.state(of: upstream.endpoint).begin()
      let client = try await TestClient.connect(gateway.address)
      let body = #"{"prompt":"\#(String(repeating: "x", count: 10_000_000))","model":"chat"}"#
      try await client.send(Self.post(body))
      #expect(try await client.receive { $0.hasSuffix("\(body.utf8.count)") }.hasPrefix("HTTP/1.1 200 "))
      #expect(await gateway.records.next()?.attempts == 2)
    }
    try await upstream.stop()
  }

  @Test func aPortInUseIsReportedAndTakenWhenItIsFree() async throws {
    let other = try await TestUpstream.start { $0.json("{}") }
    let failures = AsyncStream.makeStream(of: [BindFailure].self, bufferingPolicy: .bufferingNewest(8))
    let listener = Listener(
      gateway: ObjectName(namespace: "default", name: "g"), name: "http", addresses: ["127.0.0.1"],
      port: other.endpoint.port)
    let table = Published(RoutingTable(listeners: [listener]))
    let states = EndpointStates()
    let server = GatewayServer(
      configuration: ProxyConfiguration(), table: table,
      router: RequestRouter(CompiledTables(table, states: states)),
      logger: quietLogger, onBindingsChanged: { failures.continuation.yield($0.failures) })
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await server.run() }
      var changes = failures.stream.makeAsyncIterator()
      let first = try #require(await changes.next())
      #expect(first.first?.port == other.endpoint.port)
      #expect(first.first?.cure.contains("Another process") == true)
      try await other.stop()
      #expect(await changes.next() == [])
      server.shutdownGracefully()
      try await tasks.waitForAll()
    }
  }
}

extension String {
  /// How often `part` occurs.
  func components(of part: String) -> Int { ranges(of: part).count }
}
