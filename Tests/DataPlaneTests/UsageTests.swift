import NIOCore
import NIOHTTP1
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// What is told of a request's tokens, texts and times.
@Suite(.timeLimit(.minutes(1))) struct UsageTests {
  private static let usage = #""usage":{"prompt_tokens":1234,"completion_tokens":56,"total_tokens":1290}}"#

  /// The record of one request whose endpoint answers so.
  private func record(
    _ configuration: ProxyConfiguration = ProxyConfiguration(), request: String = LiveTests.post(#"{"model":"chat"}"#),
    until end: @escaping @Sendable (String) -> Bool, answer: @escaping @Sendable (TestUpstream.Call) -> Void
  ) async throws -> (record: ProxyRecord, answer: String) {
    let upstream = try await TestUpstream.start(answer: answer)
    var result: (record: ProxyRecord, answer: String)?
    try await TestGateway.run(
      configuration: configuration,
      body: { gateway in
        let client = try await TestClient.connect(gateway.address)
        try await client.send(request)
        let text = try await client.receive(end)
        let record = try #require(await gateway.records.next())
        result = (record, text)
      }, makeTable: { TestGateway.makeTable(address: $0, endpoints: [upstream.endpoint], models: [:]) })
    try await upstream.stop()
    return try #require(result)
  }

  @Test func aBodyInChunksOfAByteTellsItsTokens() async throws {
    let (record, _) = try await record(until: { $0.hasSuffix("\r\n0\r\n\r\n") }) { call in
      call.begin(["content-type": "application/json", "transfer-encoding": "chunked"])
      for character in "{\"choices\":[]," + Self.usage { call.write(String(character)) }
      call.end()
    }
    #expect(record.usage == TokenUsage(input: 1234, output: 56))
    #expect(record.path == "/v1/completions" && record.requestID?.isEmpty == false)
    #expect(record.gatewayNanoseconds.map { $0 > 0 && $0 < record.durationNanoseconds } == true)
    #expect(record.nanosecondsPerOutputToken == nil)
  }

  @Test func aStreamTellsItsTokensAndTheTimeOfEach() async throws {
    let (record, _) = try await record(
      request: LiveTests.post(#"{"model":"chat"}"#, extra: "X-Request-ID: mine-4711-0815-0001\r\n"),
      until: { $0.hasSuffix("\r\n0\r\n\r\n") }
    ) { call in
      call.begin(["content-type": "text/event-stream; charset=utf-8", "transfer-encoding": "chunked"])
      call.write("data: {\"choices\":[{\"text\":\"a\"}],\"usage\":null}\n\n")
      call.write("data: {\"choices\":[],\(Self.usage)\n\ndata: [DO")
      call.write("NE]\n\n")
      call.end()
    }
    #expect(record.usage == TokenUsage(input: 1234, output: 56))
    #expect(record.requestID == "mine-4711-0815-0001")
    let first = try #require(record.firstBodyByteNanoseconds)
    #expect(record.nanosecondsPerOutputToken == (record.durationNanoseconds - first) / 55)
  }

  @Test(arguments: [
    ["content-type": "application/json", "content-encoding": "gzip"], ["content-type": "text/plain"],
  ])
  func whatCannotBeReadTellsNothing(_ fields: [String: String]) async throws {
    let body = "{" + Self.usage
    let (record, _) = try await record(until: { $0.hasSuffix(body) }) { call in
      call.begin(.init(fields.map { ($0.key, $0.value) } + [("content-length", String(body.utf8.count))]))
      call.write(body)
      call.end()
    }
    #expect(record.usage == TokenUsage())
  }

  @Test(arguments: [false, true]) func clientsAreToldTheGatewaysTimeOnlyIfAsked(_ isTold: Bool) async throws {
    var configuration = ProxyConfiguration()
    configuration.sendsServerTiming = isTold
    let (_, answer) = try await record(configuration, until: { $0.hasSuffix("}") }) { $0.json("{}") }
    #expect(answer.contains(/\r\nserver-timing: gateway;dur=\d+\.\d{3}\r\n/) == isTold)
  }
}
