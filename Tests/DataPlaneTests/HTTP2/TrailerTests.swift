import NIOEmbedded
import NIOHPACK
import NIOHTTP1
import NIOHTTP2
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// The fields behind a body, which gRPC cannot do without.
@Suite(.timeLimit(.minutes(1))) struct TrailerTests {
  private static let answer =
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"
    + "x-sum: 1\r\nauthorization: no\r\nX-Gateway-Destination-Endpoint: no\r\n\r\n"

  @Test(arguments: [("trailers", "x-sum: 1\r\n"), ("gzip", ""), (nil, "")] as [(String?, String)])
  func aClientOfHTTP1GetsThemIfItSaysThatItKnowsThem(_ te: String?, _ expected: String) throws {
    let rig = try PipelineTests.Rig()
    try rig.send("GET /v1/models HTTP/1.1\r\nhost: x\r\n" + (te.map { "te: \($0)\r\n" } ?? "") + "\r\n")
    try rig.answer(Self.answer)
    #expect(
      try rig.received(rig.client)
        == "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n" + expected + "\r\n")
    #expect(rig.client.isActive && rig.states.inFlight == 0)
  }

  @Test func theyPassFromAResponseOfHTTP1ToHTTP2() async throws {
    let upstream = try await TestUpstream.start { call in
      call.begin(["transfer-encoding": "chunked"])
      call.write("ok")
      call.end(["grpc-status": "0", "cookie": "no"])
    }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address)
      let answer = try await client.answer(client.begin(fields: [("te", "trailers")]))
      #expect(answer.hasEnded && answer.body == "ok" && answer.heads.last == ["grpc-status: 0"])
      // The next request of the stream's object has none.
      let head = try await client.answer(client.begin("/none"))
      #expect(head.heads.count == 1)
    }
    try await upstream.stop()
  }

  @Test func theyPassFromARequestOfHTTP2ToHTTP1() async throws {
    let upstream = try await TestUpstream.start { $0.json("{}") }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address)
      let id = try await client.begin(method: "POST", ends: false)
      try await client.data("ok", on: id)
      try await client.send(
        id, .headers(.init(headers: ["x-sum": "1", "content-type": "no"], endStream: true)))
      #expect(try await client.answer(id).status == "200")
      let seen = try #require(upstream.requests.first)
      #expect(seen.body == "ok" && seen.trailer == ["x-sum": "1"])

      let bad = try await client.begin(method: "POST", ends: false)
      try await client.data("ok", on: bad)
      try await client.send(bad, .headers(.init(headers: ["connection": "close"], endStream: true)))
      #expect(try await client.answer(bad).reset == .protocolError)
      #expect(upstream.requests.count == 1)
    }
    try await upstream.stop()
  }
}
