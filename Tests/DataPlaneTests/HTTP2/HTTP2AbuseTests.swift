import NIOCore
import NIOHTTP2
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// What cheap frames may make the gateway do: each has a bound, at which the connection ends.
@Suite(.timeLimit(.minutes(1))) struct HTTP2AbuseTests {
  /// How a connection ended on which these frames were sent.
  private static func end(
    endpoints: [EndpointID] = [], _ flood: @escaping @Sendable (HTTP2TestClient) async throws -> Void
  ) async throws -> HTTP2TestClient.Seen {
    var end = HTTP2TestClient.Seen()
    try await TestGateway.run(endpoints: endpoints) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address)
      _ = try await client.answer(client.begin())
      // The gateway ends the connection in the midst of it.
      do { try await flood(client) } catch {}
      end = try await client.wait { $0.isClosed }
      // Others are served as ever.
      let other = try await HTTP2TestClient.connect(gateway.address)
      #expect(try await other.answer(other.begin("/none")).status == "404")
    }
    return end
  }

  @Test func streamsThatAreResetBeforeTheirAnswer() async throws {
    let end = try await Self.end { client in
      for _ in 0...(2 * ResetBudget.most) {
        let id = try await client.begin(method: "POST", fields: [("content-type", "application/json")], ends: false)
        try await client.send(id, .rstStream(.cancel))
      }
    }
    #expect(end.goAways.last?.code == .enhanceYourCalm)
    #expect(end.goAways.last?.text.contains("reset before they were answered") == true)
  }

  // The client of the other tests would not take so many answers itself.
  @Test(arguments: [
    ("PING", "\u{0}\u{0}\u{8}\u{6}\u{0}\u{0}\u{0}\u{0}\u{0}12345678"),
    ("SETTINGS", "\u{0}\u{0}\u{0}\u{4}\u{0}\u{0}\u{0}\u{0}\u{0}"),
  ])
  func controlFrames(_ name: String, _ frame: String) async throws {
    try await TestGateway.run(endpoints: []) { gateway in
      let client = try await TestClient.connect(gateway.address)
      try await client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u{0}\u{0}\u{0}\u{4}\u{0}\u{0}\u{0}\u{0}\u{0}")
      // The gateway ends the connection in the midst of it.
      do { for _ in 0..<50 { try await client.send(String(repeating: frame, count: 100)) } } catch {}
      let received = try await client.receiveUntilClosed()
      #expect(received.utf8.suffix(4).elementsEqual([0, 0, 0, 11]), "\(name)")
    }
  }

  @Test func emptyFrames() async throws {
    let end = try await Self.end { client in
      let id = try await client.begin(method: "POST", fields: [("content-type", "application/json")], ends: false)
      for _ in 0..<100 { try await client.data("", on: id) }
    }
    #expect(end.goAways.last?.code == .enhanceYourCalm)
  }

  @Test func headersWithoutEnd() async throws {
    let end = try await Self.end { client in
      // Few bytes on the way: the second and each further one is the number of the first.
      let long = String(repeating: "x", count: 3900)
      _ = try await client.begin(fields: (0..<20).map { _ in ("x-long", long) })
    }
    #expect(end.goAways.last?.code == .compressionError)
  }

  @Test func continuationsWithoutEnd() async throws {
    try await TestGateway.run(endpoints: []) { gateway in
      let client = try await TestClient.connect(gateway.address)
      try await client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u{0}\u{0}\u{0}\u{4}\u{0}\u{0}\u{0}\u{0}\u{0}")
      // HEADERS without END_HEADERS, then CONTINUATION after CONTINUATION, each empty.
      try await client.send("\u{0}\u{0}\u{0}\u{1}\u{0}\u{0}\u{0}\u{0}\u{1}")
      do {
        for _ in 0..<100 { try await client.send("\u{0}\u{0}\u{0}\u{9}\u{0}\u{0}\u{0}\u{0}\u{1}") }
      } catch {}
      // GOAWAY with ENHANCE_YOUR_CALM is the last frame.
      #expect(try await client.receiveUntilClosed().utf8.suffix(4).elementsEqual([0, 0, 0, 11]))
    }
  }

  @Test func moreRequestsThanAConnectionMayHave() async throws {
    let silent = try await TestUpstream.start { _ in }
    try await TestGateway.run(endpoints: [silent.endpoint]) { gateway in
      let client = try await HTTP2TestClient.connect(gateway.address)
      let first = try await client.begin()
      for _ in 1..<HTTP2Limits.streams { try await client.begin() }
      // The client of these tests heeds what the server says: it waits.
      let beyond = Task { try await client.begin() }
      try await eventually("so many requests have come") { silent.requests.count == HTTP2Limits.streams }
      try await client.send(first, .rstStream(.cancel))
      try await eventually("one more has come") { silent.requests.count == HTTP2Limits.streams + 1 }
      _ = try await beyond.value
      try await client.close()
    }
    try await silent.stop()
  }
}
