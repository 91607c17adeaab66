import NIOHTTP1
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// What endpoints, callers and the record are told, by who calls.
@Suite(.timeLimit(.minutes(1))) struct TrustedCallersLiveTests {
  private static let request =
    "GET /v1/files HTTP/1.1\r\nhost: inner\r\nx-forwarded-for: 203.0.113.9\r\nx-forwarded-proto: https\r\n"
    + "x-forwarded-host: shop.example\r\nforwarded: for=203.0.113.9\r\nx-llm-d-inference-objective: vip\r\n"
    + "x-request-id: 6f1c2e9ab34d5e6f\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n\r\n"

  /// An endpoint that says itself what only the gateway may say.
  private static func upstream() async throws -> TestUpstream {
    try await TestUpstream.start { call in
      call.begin(["content-length": "0", "x-switchyard-endpoint": "forged", "X-Switchyard-Pod": "forged"])
      call.end()
    }
  }

  private static func run(
    _ prefixes: [String], _ check: (_ answer: String, _ seen: TestUpstream.Seen, _ record: ProxyRecord) throws -> Void
  ) async throws {
    let upstream = try await upstream()
    try await TestGateway.run { gateway in
      let client = try await TestClient.connect(gateway.address)
      try await client.send(request)
      let answer = try await client.receive { $0.contains("\r\n\r\n") }
      let record = try #require(await gateway.records.next())
      try check(answer, try #require(upstream.requests.first), record)
      try await client.close()
    } makeTable: { address in
      var table = TestGateway.makeTable(address: address, endpoints: [upstream.endpoint], models: [:])
      table.listeners[0].trustedCallers = TrustedCallers(prefixes.compactMap { AddressPrefix($0) })
      return table
    }
    try await upstream.stop()
  }

  @Test func aTrustedCallerIsBelieved() async throws {
    try await Self.run(["127.0.0.0/8"]) { answer, seen, record in
      let headers = seen.head.headers
      #expect(headers["x-forwarded-for"] == ["203.0.113.9, 127.0.0.1"])
      #expect(headers["x-forwarded-proto"] == ["https"] && headers["x-forwarded-host"] == ["shop.example"])
      #expect(headers["x-forwarded-port"] == ["443"])
      #expect(headers["forwarded"] == [#"for=203.0.113.9, for=127.0.0.1;host="inner";proto=http"#])
      #expect(headers["x-llm-d-inference-objective"] == ["vip"])
      #expect(headers["traceparent"] == ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"])
      let endpoint = try #require(record.endpoint)
      #expect(answer.contains("\r\nx-switchyard-endpoint: \(endpoint)\r\n"), "\(answer)")
      #expect(answer.contains("\r\nx-switchyard-pod: default/pod\r\n") && !answer.contains("forged"), "\(answer)")
      #expect(record.client == "203.0.113.9")
    }
  }

  @Test func anotherCallerIsNot() async throws {
    for prefixes in [[], ["10.0.0.0/8", "::/0"]] {
      try await Self.run(prefixes) { answer, seen, record in
        let headers = seen.head.headers
        #expect(headers["x-forwarded-for"] == ["127.0.0.1"])
        #expect(headers["x-forwarded-proto"] == ["http"] && headers["x-forwarded-host"] == ["inner"])
        #expect(headers["x-forwarded-port"] == ["\(TestGateway.port)"])
        #expect(headers["forwarded"] == [] && headers["x-llm-d-inference-objective"] == [])
        #expect(headers["traceparent"] == ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"])
        #expect(!answer.lowercased().contains("x-switchyard"), "\(answer)")
        #expect(record.client == "127.0.0.1")
      }
    }
  }
}
