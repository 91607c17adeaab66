import NIOCore
import NIOHTTP1
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// Endpoints that speak HTTP/2 in clear, over real sockets.
@Suite(.timeLimit(.minutes(1))) struct UpstreamHTTP2LiveTests {
  private static let h2c = UpstreamTransport(.http2)

  /// One event loop, and so one pool of connections.
  private static var oneLoop: ProxyConfiguration {
    var configuration = ProxyConfiguration()
    configuration.eventLoops = 1
    return configuration
  }

  private static func ask(_ client: TestClient, _ text: String) async throws -> String {
    try await client.send(text)
    return try await client.receive { $0.hasSuffix("}") }
  }

  @Test func aRequestIsServed() async throws {
    let upstream = try await TestUpstream.start(.http2) { $0.json(#"{"a":1}"#) }
    try await TestGateway.run(endpoints: [upstream.endpoint], over: Self.h2c) { gateway in
      let client = try await TestClient.connect(gateway.address)
      let body = #"{"model":"chat"}"#
      let answer = try await Self.ask(
        client,
        "POST /v1/chat/completions?x=1 HTTP/1.1\r\nhost: shop.example\r\ntransfer-encoding: chunked\r\n"
          + "Content-Type: application/json\r\nconnection: x-hop\r\nx-hop: 1\r\n\r\n"
          + "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n")
      #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.contains("content-length: 7"))
      let seen = try #require(upstream.requests.first)
      #expect(seen.head.uri == "/v1/chat/completions?x=1" && seen.body == body)
      #expect(seen.head.headers["host"] == ["shop.example"] && seen.head.headers["via"] == ["1.1 switchyard"])
      #expect(seen.head.headers["content-type"] == ["application/json"])
      #expect(seen.head.headers["x-gateway-model-name"] == ["chat"] && seen.head.headers["x-hop"] == [])
      #expect(seen.head.headers["x-request-id"].count == 1 && seen.head.headers["x-forwarded-proto"] == ["http"])
      #expect(await gateway.records.next()?.error == nil)
    }
    try await upstream.stop()
  }

  @Test func manyRequestsShareAConnection() async throws {
    let calls = AsyncStream.makeStream(of: TestUpstream.Call.self)
    let upstream = try await TestUpstream.start(.http2) { calls.continuation.yield($0) }
    try await TestGateway.run(
      endpoints: [upstream.endpoint], over: Self.h2c, configuration: Self.oneLoop
    ) { gateway in
      var waiting = calls.stream.makeAsyncIterator()
      var (clients, held): ([TestClient], [TestUpstream.Call]) = ([], [])
      for index in 0..<30 {
        let client = try await TestClient.connect(gateway.address)
        try await client.send("GET /v1/\(index) HTTP/1.1\r\nhost: x\r\n\r\n")
        clients.append(client)
        held.append(try #require(await waiting.next()))
      }
      #expect(upstream.connections == 1 && gateway.states.inFlight == 30)
      for call in held.reversed() { call.json(#"{"of":"\#(call.head.uri)"}"#) }
      for (index, client) in clients.enumerated() {
        #expect(try await client.receive { $0.hasSuffix("}") }.hasSuffix(#"{"of":"/v1/\#(index)"}"#))
      }
      #expect(gateway.states.inFlight == 0)
    }
    try await upstream.stop()
  }

  @Test func gRPCPassesWithItsTrailers() async throws {
    let upstream = try await TestUpstream.start(.http2) { call in
      call.begin(["content-type": "application/grpc"])
      call.write("message")
      call.end(["grpc-status": "0", "grpc-message": "fine"])
    }
    try await TestGateway.run(endpoints: [upstream.endpoint], over: Self.h2c) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address)
      let id = try await client.begin(
        "/v1/inference.Service/Call", method: "POST",
        fields: [("content-type", "application/grpc"), ("te", "trailers")],
        body: "request")
      let answer = try await client.answer(id)
      #expect(answer.status == "200" && answer.body == "message" && answer.heads.count == 2)
      #expect(answer.heads.last == ["grpc-status: 0", "grpc-message: fine"])
      let seen = try #require(upstream.requests.first)
      #expect(seen.head.headers["te"] == ["trailers"])
    }
    try await upstream.stop()
  }

  @Test func trailersOfARequestPass() async throws {
    let upstream = try await TestUpstream.start(.http2) { $0.json("{}") }
    try await TestGateway.run(endpoints: [upstream.endpoint], over: Self.h2c) { gateway in
      let client = try await TestClient.connect(gateway.address)
      _ = try await Self.ask(
        client,
        "POST /v1/x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nx-sum: 7\r\n\r\n")
      #expect(upstream.requests.first?.trailer?["x-sum"] == ["7"])
    }
    try await upstream.stop()
  }

  @Test func aClientThatLeavesEndsItsStreamAlone() async throws {
    let calls = AsyncStream.makeStream(of: TestUpstream.Call.self)
    let upstream = try await TestUpstream.start(.http2) { calls.continuation.yield($0) }
    try await TestGateway.run(
      endpoints: [upstream.endpoint], over: Self.h2c, configuration: Self.oneLoop
    ) { gateway in
      var waiting = calls.stream.makeAsyncIterator()
      let leaving = try await TestClient.connect(gateway.address)
      try await leaving.send("GET /v1/x HTTP/1.1\r\nhost: x\r\n\r\n")
      let call = try #require(await waiting.next())
      let other = try await TestClient.connect(gateway.address)
      try await other.send("GET /v1/y HTTP/1.1\r\nhost: x\r\n\r\n")
      let second = try #require(await waiting.next())
      try await leaving.close()
      // A stream that is reset closes with that as an error.
      do { try await call.closed.get() } catch {}
      #expect(await gateway.records.next()?.error?.kind == .clientClosed)
      second.json("{}")
      #expect(try await other.receive { $0.hasSuffix("{}") }.hasPrefix("HTTP/1.1 200"))
      #expect(upstream.connections == 1)
    }
    try await upstream.stop()
  }

  @Test func largeBodiesPassInBothDirections() async throws {
    let answer = String(repeating: "y", count: 3 << 20) + "}"
    let upstream = try await TestUpstream.start(.http2) { $0.json(answer) }
    try await TestGateway.run(endpoints: [upstream.endpoint], over: Self.h2c) { gateway in
      let client = try await TestClient.connect(gateway.address)
      let body = String(repeating: "x", count: 2 << 20)
      let got = try await Self.ask(
        client, "POST /v1/x HTTP/1.1\r\nhost: x\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
      #expect(got.hasSuffix("\r\n\r\n" + answer))
      #expect(upstream.requests.first?.body.utf8.count == body.utf8.count)
    }
    try await upstream.stop()
  }

  @Test func aResponseThatIsCutShortIsCutShort() async throws {
    let calls = AsyncStream.makeStream(of: TestUpstream.Call.self)
    let upstream = try await TestUpstream.start(.http2) { calls.continuation.yield($0) }
    try await TestGateway.run(endpoints: [upstream.endpoint], over: Self.h2c) { gateway in
      let client = try await TestClient.connect(gateway.address)
      try await client.send("GET /v1/x HTTP/1.1\r\nhost: x\r\n\r\n")
      var waiting = calls.stream.makeAsyncIterator()
      let call = try #require(await waiting.next())
      call.begin(["content-length": "10"])
      call.write("half")
      #expect(try await client.receive { $0.hasSuffix("half") }.hasPrefix("HTTP/1.1 200"))
      call.die()
      #expect(try await client.receiveUntilClosed() == "")
      #expect(await gateway.records.next()?.error?.kind == .endpointLost)
    }
    try await upstream.stop()
  }

  @Test func aServerThatSpeaksNoHTTP2IsToldApart() async throws {
    let server = try TinyServer { _, connection in connection.answer("400 Bad Request") }
    let endpoint = EndpointID(address: "127.0.0.1", port: Int(server.port))
    try await TestGateway.run(endpoints: [endpoint], over: Self.h2c) { gateway in
      let client = try await TestClient.connect(gateway.address)
      try await client.send("POST /v1/x HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}")
      let answer = try await client.receive { $0.contains("no_endpoint_answered") }
      #expect(answer.hasPrefix("HTTP/1.1 503") && answer.contains("\(endpoint)"))
      #expect(answer.contains("kubernetes.io/h2c"))
    }
  }
}
