import Routing
import TestSupport
import Testing

@testable import DataPlane

/// Requests that wait for a full pool: over sockets, on several event loops.
@Suite(.timeLimit(.minutes(1))) struct QueueLiveTests {
  private static let body = #"{"model":"chat"}"#
  private static let request =
    "POST /v1/completions HTTP/1.1\r\nhost: a\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"

  /// A gateway to one endpoint that is full until its metrics say otherwise.
  private static func run(
    _ configuration: ProxyConfiguration = ProxyConfiguration(),
    _ body: (_ gateway: TestGateway, _ upstream: TestUpstream) async throws -> Void
  ) async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    try await TestGateway.run(endpoints: [upstream.endpoint], configuration: configuration) { gateway in
      load(gateway, upstream, waiting: 10)
      try await body(gateway, upstream)
    }
    try await upstream.stop()
  }

  private static func load(_ gateway: TestGateway, _ upstream: TestUpstream, waiting: Int) {
    // Its metrics are believed for as long as the test takes.
    gateway.states.state(of: upstream.endpoint).update(EndpointLoad(waiting: waiting, scrapedAt: .max))
  }

  private static func waiting(_ gateway: TestGateway) -> Int { gateway.states.queues[LiveTests.pool]?.count ?? 0 }

  @Test func theyAreSentOnceThereIsRoom() async throws {
    try await Self.run { gateway, upstream in
      var clients: [TestClient] = []
      for _ in 0..<8 {
        let client = try await TestClient.connect(gateway.address)
        try await client.send(Self.request)
        clients.append(client)
      }
      try await eventually("the queue is as it should be") { Self.waiting(gateway) == 8 }
      #expect(upstream.requests.isEmpty)
      Self.load(gateway, upstream, waiting: 0)
      for client in clients {
        #expect(try await client.receive { $0.hasSuffix("{}") }.hasPrefix("HTTP/1.1 200"))
        try await client.close()
      }
      let record = try #require(await gateway.records.next())
      #expect(record.queueNanoseconds.map { $0 > 0 } == true && record.error == nil)
      #expect(gateway.states.inFlight == 0 && Self.waiting(gateway) == 0)
    }
  }

  @Test func aClientThatLeavesWaitsNoLonger() async throws {
    try await Self.run { gateway, upstream in
      let client = try await TestClient.connect(gateway.address)
      try await client.send(Self.request)
      try await eventually("the queue is as it should be") { Self.waiting(gateway) == 1 }
      try await client.close()
      try await eventually("the queue is as it should be") { Self.waiting(gateway) == 0 }
      let record = try #require(await gateway.records.next())
      #expect(record.error?.kind == .clientClosed && record.attempts == 0)
      #expect(upstream.requests.isEmpty)
    }
  }

  @Test func whoHasWaitedTooLongIsTold() async throws {
    var configuration = ProxyConfiguration()
    configuration.queue.timeout = 50_000_000
    try await Self.run(configuration) { gateway, upstream in
      let client = try await TestClient.connect(gateway.address)
      try await client.send(Self.request)
      let answer = try await client.receive { $0.contains("queue_timeout") }
      #expect(answer.hasPrefix("HTTP/1.1 429") && answer.lowercased().contains("\r\nretry-after: 1\r\n"))
      #expect(upstream.requests.isEmpty && Self.waiting(gateway) == 0)
      try await client.close()
    }
  }

  @Test func whoFindsNoPlaceIsToldAtOnce() async throws {
    var configuration = ProxyConfiguration()
    configuration.queue.places = 1
    try await Self.run(configuration) { gateway, upstream in
      let first = try await TestClient.connect(gateway.address)
      try await first.send(Self.request)
      try await eventually("the queue is as it should be") { Self.waiting(gateway) == 1 }
      let second = try await TestClient.connect(gateway.address)
      try await second.send(Self.request)
      #expect(try await second.receive { $0.contains("saturated") }.hasPrefix("HTTP/1.1 429"))
      Self.load(gateway, upstream, waiting: 0)
      #expect(try await first.receive { $0.hasSuffix("{}") }.hasPrefix("HTTP/1.1 200"))
      for client in [first, second] { try await client.close() }
    }
  }

  /// A copy of a request that waited is sent, and nothing of it is kept.
  @Test func theCopyOfOneThatWaitedReachesItsMirror() async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    let mirror = try await TestUpstream.start { $0.json("{}") }
    try await TestGateway.run { gateway in
      Self.load(gateway, upstream, waiting: 10)
      let client = try await TestClient.connect(gateway.address)
      try await client.send(Self.request)
      try await eventually("it waits") { Self.waiting(gateway) == 1 }
      Self.load(gateway, upstream, waiting: 0)
      #expect(try await client.receive { $0.hasSuffix("{}") }.hasPrefix("HTTP/1.1 200"))
      try await eventually("the mirror has its copy") { mirror.requests.first?.body == Self.body }
      try await eventually("nothing is under way") { gateway.states.inFlight == 0 }
      try await client.close()
    } makeTable: { address in
      var table = TestGateway.makeTable(address: address, endpoints: [upstream.endpoint], models: [:])
      let id = PoolID(.inferencePool, ObjectName(namespace: "default", name: "mirror"))
      table.pools[id] = Pool(
        id: id, endpoints: [Endpoint(id: mirror.endpoint, pod: ObjectName(namespace: "default", name: "pod"))])
      table.listeners[0].rules[0].policy = RulePolicy(mirrors: [RequestMirror(target: .pool(id))])
      return table
    }
    for server in [upstream, mirror] { try await server.stop() }
  }
}
