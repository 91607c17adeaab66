import NIOCore
import NIOHTTP1
import NIOHTTP2
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// HTTP/2 over real sockets, in clear: what a client of it sees.
@Suite(.timeLimit(.minutes(1))) struct HTTP2LiveTests {
  private static let json = [("content-type", "application/json")]

  @Test func aRequestIsServed() async throws {
    let upstream = try await TestUpstream.start { $0.json(#"{"a":1}"#) }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address)
      let id = try await client.begin(
        "/v1/chat/completions?x=1", method: "POST", host: "shop.example",
        fields: Self.json + [("cookie", "a"), ("cookie", "b")],
        body: #"{"model":"chat"}"#)
      let answer = try await client.answer(id)
      #expect(answer.status == "200" && answer.body == #"{"a":1}"# && answer.field("content-length") == "7")
      #expect(answer.field("date") != nil && answer.field("connection") == nil)
      let seen = try #require(upstream.requests.first)
      #expect(seen.head.uri == "/v1/chat/completions?x=1" && seen.body == #"{"model":"chat"}"#)
      #expect(seen.head.headers["host"] == ["shop.example"] && seen.head.headers["cookie"] == ["a; b"])
      #expect(seen.head.headers["transfer-encoding"] == ["chunked"])
      #expect(await gateway.records.next()?.status == 200)
    }
    try await upstream.stop()
  }

  @Test func manyRequestsShareAConnectionAndPassEachOther() async throws {
    let calls = AsyncStream.makeStream(of: TestUpstream.Call.self)
    let upstream = try await TestUpstream.start { call in
      if call.head.uri == "/v1/slow" { calls.continuation.yield(call) } else { call.json("{}") }
    }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address)
      let slow = try await client.begin("/v1/slow")
      var waiting = calls.stream.makeAsyncIterator()
      let call = try #require(await waiting.next())
      for _ in 0..<150 {
        let answer = try await client.answer(client.begin())
        #expect(answer.status == "200" && answer.body == "{}")
      }
      call.json("late")
      #expect(try await client.answer(slow).body == "late")
    }
    try await upstream.stop()
  }

  @Test func aStreamOfEventsComesEventByEvent() async throws {
    let calls = AsyncStream.makeStream(of: TestUpstream.Call.self)
    let upstream = try await TestUpstream.start { calls.continuation.yield($0) }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address)
      let id = try await client.begin(method: "POST", fields: Self.json, body: "{}")
      var waiting = calls.stream.makeAsyncIterator()
      let call = try #require(await waiting.next())
      call.begin(["content-type": "text/event-stream", "transfer-encoding": "chunked"])
      call.write("data: one\n\n")
      _ = try await client.wait { $0[id].body == "data: one\n\n" }
      call.write("data: tw")
      call.write("o\n\n")
      _ = try await client.wait { $0[id].body.hasSuffix("data: two\n\n") }
      call.write("data: never")
      call.die()
      let answer = try await client.answer(id)
      #expect(answer.reset == nil && answer.body.contains("data: two\n\ndata: {\"error\""), "\(answer)")
      #expect(try await client.answer(client.begin("/none")).status == "404")
    }
    try await upstream.stop()
  }

  @Test func aResponseThatIsCutShortResetsItsStreamOnly() async throws {
    let upstream = try await TestUpstream.start { call in
      if call.head.uri == "/v1/whole" { return call.json("{}") }
      call.begin(["content-length": "10"])
      call.write("half")
      call.die()
    }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address)
      let answer = try await client.answer(client.begin())
      #expect(!answer.hasEnded && answer.reset == .internalError)
      #expect(try await client.answer(client.begin("/v1/whole")).status == "200")
    }
    try await upstream.stop()
  }

  @Test func errorsHaveTheShapeOfTheirAPI() async throws {
    try await TestGateway.run(endpoints: []) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address)
      let openAI = try await client.answer(client.begin())
      #expect(openAI.status == "503" && openAI.body.contains(#""code":"no_ready_endpoint""#))
      #expect(openAI.field("retry-after") != nil)
      let grpc = try await client.answer(
        client.begin("/v1/x", method: "POST", fields: [("content-type", "application/grpc")]))
      #expect(grpc.status == "200" && grpc.field("grpc-status") == "14" && grpc.heads.count == 1 && grpc.body == "")
      let head = try await client.answer(client.begin(method: "HEAD"))
      #expect(head.status == "503" && head.body == "")
      let malformed = try await client.answer(client.begin(fields: [("connection", "close")]))
      #expect(malformed.status == "400" && malformed.body.contains("invalid_http"))
      #expect(await gateway.records.next()?.error?.kind == .noReadyEndpoint)
    }
  }

  @Test func aClientThatLeavesAStreamCancelsItsRequest() async throws {
    let calls = AsyncStream.makeStream(of: TestUpstream.Call.self)
    let upstream = try await TestUpstream.start { calls.continuation.yield($0) }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address)
      var waiting = calls.stream.makeAsyncIterator()
      let first = try await client.begin()
      let call = try #require(await waiting.next())
      let other = try await client.begin()
      let second = try #require(await waiting.next())
      try await client.send(first, .rstStream(.cancel))
      try await call.closed.get()
      #expect(await gateway.records.next()?.error?.kind == .clientClosed)
      second.json("{}")
      #expect(try await client.answer(other).body == "{}")
    }
    try await upstream.stop()
  }

  @Test func anUploadThatNobodyTakesStopsAtItsWindow() async throws {
    let silent = try await SilentUpstream.start()
    try await TestGateway.run(endpoints: [silent.endpoint]) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address)
      let id = try await client.begin(method: "POST", ends: false)
      let piece = String(repeating: "x", count: 1 << 20)
      // A write ends when the server's window has let it go: with all that sockets hold, 64 MB do not.
      let sent = Task { for _ in 0..<48 { try await client.data(piece, on: id) } }
      try await eventually("the endpoint is connected") { silent.connections > 0 }
      #expect(try await client.answer(client.begin("/none")).status == "404")
      try await client.close()
      _ = await sent.result
      #expect(await gateway.records.next() != nil)
    }
    try await silent.stop()
  }

  @Test func aClientThatTakesNothingOfAResponseHoldsItsEndpointBack() async throws {
    let calls = AsyncStream.makeStream(of: TestUpstream.Call.self)
    let upstream = try await TestUpstream.start { calls.continuation.yield($0) }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address, window: 1000)
      let id = try await client.begin()
      var waiting = calls.stream.makeAsyncIterator()
      let call = try #require(await waiting.next())
      let body = String(repeating: "y", count: 4 << 20)
      call.begin(["content-length": "\(body.utf8.count)"])
      call.write(body)
      call.end()
      let held = try await client.wait { $0[id].body.utf8.count == 1000 }[id]
      #expect(!held.hasEnded)
      // Another stream has a window of its own, of the same size.
      let other = try await client.begin("/none")
      #expect(try await client.answer(other).status == "404")
      try await client.send(id, .windowUpdate(windowSizeIncrement: 8 << 20))
      try await client.send(.rootStream, .windowUpdate(windowSizeIncrement: 8 << 20))
      let answer = try await client.answer(id)
      #expect(answer.hasEnded && answer.body.utf8.count == body.utf8.count)
    }
    try await upstream.stop()
  }

  @Test func anAnswerBeforeTheEndOfAnUploadEndsTheUploadToo() async throws {
    try await TestGateway.run(endpoints: []) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address)
      let id = try await client.begin(method: "POST", fields: [("content-length", "999999999")], ends: false)
      let seen = try await client.wait { $0[id].reset != nil }
      #expect(seen[id].status == "413" && seen[id].hasEnded && seen[id].reset == .noError)
      #expect(try await client.answer(client.begin()).status == "503")
    }
  }

  @Test func aClientThatAskedIsToldToSendItsBody() async throws {
    let upstream = try await TestUpstream.start { $0.json($0.body.readableBytes == 2 ? "{}" : "?") }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address)
      let id = try await client.begin(method: "POST", fields: Self.json + [("expect", "100-continue")], ends: false)
      _ = try await client.wait { $0[id].status == "100" }
      try await client.data("{}", on: id, ends: true)
      let answer = try await client.answer(id)
      #expect(answer.status == "200" && answer.body == "{}")
    }
    try await upstream.stop()
  }

  @Test func aDrainServesWhatRunsAndWhatIsOnItsWay() async throws {
    let calls = AsyncStream.makeStream(of: TestUpstream.Call.self)
    let upstream = try await TestUpstream.start { call in
      if call.head.uri == "/v1/slow" { calls.continuation.yield(call) } else { call.json("{}") }
    }
    try await TestGateway.run(endpoints: [upstream.endpoint]) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address)
      let slow = try await client.begin("/v1/slow")
      var waiting = calls.stream.makeAsyncIterator()
      let call = try #require(await waiting.next())
      gateway.server.shutdownGracefully()
      let told = try await client.wait { $0.goAways.count == 2 }
      #expect(told.goAways.map(\.code) == [.noError, .noError])
      #expect(told.goAways.map(\.last) == [.maxID, slow])
      call.json("late")
      let end = try await client.wait { $0.isClosed }
      #expect(end[slow].body == "late" && end[slow].hasEnded)
    }
    try await upstream.stop()
  }

  @Test func aRestingConnectionIsToldThatItEnds() async throws {
    try await TestGateway.runConfigured(endpoints: [], configure: { $0.clientIdleTimeoutSeconds = 1 }) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address)
      let id = try await client.begin()
      let end = try await client.wait { $0.isClosed }
      #expect(end[id].status == "503" && end.goAways.map(\.code) == [.noError] && end.goAways.map(\.last) == [id])
    }
  }

  @Test func aPrefaceMayComeInPieces() async throws {
    try await TestGateway.run(endpoints: []) { gateway in
      for cut in [1, 3, 10, 23] {
        let client = try await TestClient.connect(gateway.address)
        let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u{0}\u{0}\u{0}\u{4}\u{0}\u{0}\u{0}\u{0}\u{0}"
        try await client.send(String(preface.prefix(cut)))
        try await client.send(String(preface.dropFirst(cut)))
        // A SETTINGS frame begins with its length and type.
        #expect(try await client.receive { $0.utf8.count > 9 }.utf8.dropFirst(3).first == 4)
        try await client.close()
      }
      let client = try await TestClient.connect(gateway.address)
      try await client.send("P")
      try await client.send("OST /v1/x HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
      #expect(try await client.receive { $0.hasSuffix("}}") }.hasPrefix("HTTP/1.1 503 "))
    }
  }
}

extension TestGateway {
  /// Runs a gateway with another configuration.
  static func runConfigured(
    endpoints: [EndpointID], configure: (inout ProxyConfiguration) -> Void, body: (TestGateway) async throws -> Void
  ) async throws {
    var configuration = ProxyConfiguration()
    configure(&configuration)
    try await run(configuration: configuration, body: body) {
      makeTable(address: $0, endpoints: endpoints, models: [:])
    }
  }
}
