import Foundation
import Glibc
import TestSupport
import Testing

/// A process that may open few files: clients wait, nothing spins, nobody dies.
@Suite(.serialized, .timeLimit(.minutes(3)), .enabled(if: isInstalled("curl") && isInstalled("kubectl")))
struct DescriptorTests {
  private static let stream =
    #"{"model":"chatbot","stream":true,"max_tokens":8,"messages":[{"role":"user","content":"Hello"}]}"#
  private static let request =
    "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
    + "Content-Length: \(stream.utf8.count)\r\n\r\n\(stream)"

  @Test func theSoftLimitIsRaised() async throws {
    let server = try Up.command(["model-server", "--model", "m", "--port", "0"], limits: "-Sn 300")
    let limits = "/proc/\(server.identifier)/limits"
    try await eventually("the soft limit is the hard one") {
      let text = String(decoding: FileManager.default.contents(atPath: limits) ?? Data(), as: UTF8.self)
      let line = text.split(separator: "\n").first { $0.hasPrefix("Max open files") } ?? ""
      let numbers = line.split(separator: " ").compactMap { Int($0) }
      return numbers.count == 2 && numbers[0] == numbers[1] && numbers[0] > 300
    }
  }

  @Test func aSocketThatCannotAcceptIsTriedSeldomAndServesAgain() async throws {
    let server = try RunningCommand(
      Up.program, ["model-server", "--model", "m", "--port", "0", "--log-level", "debug"])
    try await eventually("it listens") { server.errors.contains("listens") }
    let port = try #require(server.errors.firstMatch(of: /port=(\d+)/).flatMap { UInt16($0.1) })
    // Fewer than are open already: nothing that the process keeps back can help it.
    let limit = "prlimit --pid \(server.identifier) --nofile"
    #expect(try await shell("\(limit)=4:").status == 0)
    let client = try RawClient((host: "127.0.0.1", port: port))
    try client.send("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    let failures = { server.errors.ranges(of: "accepting a connection failed").count }
    try await eventually("it has tried") { failures() > 0 }
    // A socket that spins fails thousands of times while this runs.
    #expect(try await shell("for i in $(seq 50); do ls / >/dev/null; done").status == 0)
    #expect(failures() < 10)
    #expect(try await shell("\(limit)=256:").status == 0)
    #expect(try await client.answer().hasPrefix("HTTP/1.1 200 "))
    server.signal(SIGTERM)
    #expect(try await server.wait(20).status == 0)
  }

  @Test func clientsThatDoNotFitWaitAndAreServedWhenOthersGo() async throws {
    let up = Up()
    try await up.start(["--replicas", "1"], limits: "-n 400")
    let command = try #require(up.command)
    #expect(command.errors.contains("the hard limit is 400 open files"))
    let address = try await self.address(of: up)
    // More than fit, and none of them asks for anything: the gateway gives such clients ten seconds.
    let resting = try (0..<400).map { _ in try RawClient(address) }
    try await eventually("the gateway pauses") { command.errors.contains("no more connections are accepted") }
    let late = try RawClient(address)
    try late.send(Self.request)
    // Who runs it can still look at it.
    let admin = try up.admin()
    try await up.until("curl -s --max-time 10 \(admin)/metrics", shows: "switchyard_gateway_accepting_paused 1")
    #expect(try await up.shell("kubectl get pods --request-timeout=10s").status == 0)
    #expect(try await up.shell("curl -sf --max-time 10 \(admin)/readyz").status == 0)
    for client in resting { client.close() }
    #expect(try await late.answer().hasPrefix("HTTP/1.1 200 "))
    try await up.stopsCleanly()
  }

  @Test func aRushOfStreamsIsServedOrToldToComeBack() async throws {
    let up = Up()
    try await up.start(["--replicas", "1"], limits: "-n 400")
    let address = try await self.address(of: up)
    let clients = try (0..<300).map { _ in try RawClient(address) }
    for client in clients { try client.send(Self.request) }
    var served = 0
    for client in clients {
      let answer = try await client.answer()
      if answer.hasPrefix("HTTP/1.1 200 ") {
        #expect(answer.contains("data: [DONE]"))
        served += 1
      } else {
        #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("retry-after: "), "\(answer.prefix(80))")
      }
    }
    #expect(served > 60)
    #expect(up.command?.isRunning == true)
    try await up.stopsCleanly()
  }

  private func address(of up: Up) async throws -> (host: String, port: UInt16) {
    let url = try #require(URL(string: try await up.output("echo -n $GATEWAY")))
    return (try #require(url.host()), UInt16(url.port ?? 80))
  }
}
