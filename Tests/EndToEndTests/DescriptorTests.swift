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
    let before = try ticks(of: command)
    try await Task.sleep(for: .seconds(1))
    #expect(try ticks(of: command) - before < 50, "half a core and more while nothing happens")
    #expect(late.isSilent)
    // Who runs it can still look at it.
    #expect(try await up.shell("kubectl get pods --request-timeout=10s").status == 0)
    #expect(try await up.shell("curl -sf --max-time 10 \(admin(of: up))/readyz").status == 0)
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

  private func admin(of up: Up) -> String {
    let line = up.command?.output.split(separator: "\n").first { $0.contains("admin") } ?? ""
    let url = line.split(separator: " ").first { $0.hasPrefix("http://") } ?? ""
    return String(url.replacing("/metrics,", with: ""))
  }

  /// Hundredths of a second of processor time so far.
  private func ticks(of command: RunningCommand) throws -> Int {
    let stat = try String(contentsOfFile: "/proc/\(command.identifier)/stat", encoding: .utf8)
    let fields = try #require(stat.split(separator: ")").last).split(separator: " ")
    return Int(fields[11]).flatMap { user in Int(fields[12]).map { user + $0 } } ?? 0
  }
}
