import DataPlane
import Foundation
import JSONText
import Observability
import Routing
import TestSupport
import Testing

@testable import Operator

@Suite("Access log") struct AccessLogTests {
  private static let time = RFC3339Time(seconds: 1_795_000_000, nanoseconds: 123_000_000)

  private static func record(_ change: (inout ProxyRecord) -> Void = { _ in }) -> ProxyRecord {
    var record = ProxyRecord()
    record.status = 200
    record.method = "POST"
    record.path = "/v1/chat/completions"
    record.requestID = "abc-1"
    record.client = "203.0.113.9"
    record.listenerAddress = "127.20.0.1"
    record.listenerPort = 80
    record.subject = RequestSubject(
      route: object("llm"), pool: PoolID(.inferencePool, object("gemma3")), model: "chatbot", priority: .critical)
    record.model = "chatbot"
    record.endpoint = endpoint(1).id
    record.attempts = 1
    record.durationNanoseconds = 104_000_900
    record.firstBodyByteNanoseconds = 4_000_900
    record.queueNanoseconds = 1_500_000
    record.gatewayNanoseconds = 41_999
    record.isStreamed = true
    record.usage = TokenUsage(input: 11, output: 6, cached: 8)
    record.requestBytes = 213
    record.responseBytes = 900
    change(&record)
    return record
  }

  private static func line(_ record: ProxyRecord, _ format: AccessLogConfiguration.Format) -> String {
    String(decoding: AccessLogLine(record, at: time, as: format).bytes, as: UTF8.self)
  }

  @Test("a line tells who asked for what, where it went and what came of it") func members() {
    #expect(
      Self.line(Self.record(), .text)
        == "time=\(Self.time.text(decimals: 3)) id=abc-1 client=203.0.113.9 method=POST path=/v1/chat/completions listener=127.20.0.1:80 "
        + "route=default/llm pool=\"\(PoolID(.inferencePool, object("gemma3")))\" endpoint=10.0.0.1:8000 model=chatbot "
        + "criticality=Critical status=200 tokens_in=11 tokens_cached=8 tokens_out=6 ttft_ms=4.000 tpot_ms=20.000 "
        + "queue_ms=1.500 gateway_ms=0.041 duration_ms=104.000 attempts=1 bytes_in=213 bytes=900\n")
    #expect(
      Self.line(Self.record(), .json)
        == #"{"time":"\#(Self.time.text(decimals: 3))","id":"abc-1","client":"203.0.113.9","method":"POST","#
        + #""path":"/v1/chat/completions","#
        + #""listener":"127.20.0.1:80","route":"default/llm","pool":"\#(PoolID(.inferencePool, object("gemma3")))","#
        + #""endpoint":"10.0.0.1:8000","model":"chatbot","criticality":"Critical","status":200,"tokens_in":11,"#
        + #""tokens_cached":8,"tokens_out":6,"ttft_ms":4.000,"tpot_ms":20.000,"queue_ms":1.500,"gateway_ms":0.041,"duration_ms":104.000,"#
        + #""attempts":1,"bytes_in":213,"bytes":900}"# + "\n")
  }

  @Test("what is not known is left out; a refusal has its reason") func unknown() {
    var record = ProxyRecord()
    record.listenerPort = 80
    record.status = 400
    record.error = GatewayError(.invalidHTTP, "no HTTP")
    #expect(Self.line(record, .text).contains(" listener=*:80 status=400 reason=invalid_http duration_ms=0.000 "))
  }

  @Test(
    "no text of a client forges a line or a member, or reaches a terminal as more than letters",
    arguments: [
      "a\nstatus=200", "a b=c", "\"", "\\", "\u{1B}[2J", "\u{9B}2J", "\u{2028}x", "\u{202E}x", "é ü", "", "\u{E0001}",
    ])
  func escaped(_ text: String) throws {
    let record = Self.record {
      $0.path = text
      $0.model = text
      $0.requestID = text
      $0.method = "M" + text
    }
    let json = Self.line(record, .json)
    let object = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(object["path"] as? String == text && object["model"] as? String == text && object["id"] as? String == text)
    #expect(object["method"] as? String == "M" + text && object["status"] as? Int == 200)
    for line in [json, Self.line(record, .text)] {
      let dangerous: Set<Unicode.GeneralCategory> = [.control, .format, .lineSeparator, .paragraphSeparator]
      #expect(line.unicodeScalars.dropLast().allSatisfy { !dangerous.contains($0.properties.generalCategory) })
    }
    let outside = Self.line(record, .text).split(separator: #/"(\\.|[^"\\])*"/#).joined()
    #expect(outside.components(separatedBy: " status=").count == 2)
  }

  @Test("a text of any length is cut") func long() throws {
    let line = Self.line(Self.record { $0.path = "/" + String(repeating: "é", count: 40_000) }, .json)
    #expect(line.utf8.count < 2000 && line.contains("é…\",\"listener\""))
  }

  @Test("of many requests the share that was asked for is told of") func sample() {
    for share in [0, 0.01, 0.5, 1] {
      let configuration = AccessLogConfiguration(format: .text, sample: share)
      let told = (0..<100_000).count { configuration.samples(UInt64($0)) }
      #expect(abs(Double(told) / 100_000 - share) < 0.01, "\(share)")
    }
  }

  /// A pipe, as standard output may be one.
  private struct Pipe {
    let (reader, writer): (Int32, Int32)

    init() throws {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { throw Failure("no pipe") }
      (reader, writer) = (ends[0], ends[1])
    }

    func read() -> String {
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      let count = Foundation.read(reader, &bytes, bytes.count)
      return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    func close() {
      Foundation.close(reader)
      Foundation.close(writer)
    }
  }

  private func log(
    _ pipe: Pipe, _ registry: MetricsRegistry, sample: Double = 1, maximum: Int = 4 << 20
  ) -> AccessLog {
    var configuration = AccessLogConfiguration(format: .text, sample: sample)
    configuration.maximumWaitingBytes = maximum
    return AccessLog(
      configuration, lines: GatewayInstruments(registry: registry).accessLogLines, descriptor: pipe.writer)
  }

  @Test("all lines are written before the process ends; errors are never left out") func flushed() async throws {
    let (pipe, registry) = (try Pipe(), MetricsRegistry(families: [.switchyard]))
    defer { pipe.close() }
    let log = log(pipe, registry, sample: 0)
    async let running: Void = log.run()
    log.log(Self.record())
    log.log(Self.record { $0.status = 503 })
    log.log(Self.record { $0.error = GatewayError(.clientClosed, "gone") })
    log.end()
    await running
    let lines = pipe.read().split(separator: "\n")
    #expect(lines.count == 2 && lines[0].contains(" status=503 ") && lines[1].contains(" reason=client_closed "))
    #expect(registry.lines("switchyard_access_log_lines_total{result=\"written\"}").first?.hasSuffix(" 2") == true)
  }

  @Test(
    "lines that nobody takes are dropped and counted, and hold neither requests nor the end", .timeLimit(.minutes(1)))
  func dropped() async throws {
    let (pipe, registry) = (try Pipe(), MetricsRegistry(families: [.switchyard]))
    defer { pipe.close() }
    let log = log(pipe, registry, maximum: 100_000)
    let length = UInt64(AccessLogLine(Self.record(), at: Self.time, as: .text).bytes.count)
    for _ in 0..<2000 { log.log(Self.record()) }
    let fitting = 100_000 / length
    #expect(
      registry.lines("switchyard_access_log_lines_total{result=\"dropped\"}").first?.hasSuffix(" \(2000 - fitting)")
        == true)
    log.end()
    // A pipe takes 64 KiB that nobody reads.
    await log.run()
    let written = UInt64(65_536 / 4096 * (4096 / length))
    #expect(
      registry.lines("switchyard_access_log_lines_total{result=\"written\"}").first?.hasSuffix(" \(written)") == true)
  }
}
