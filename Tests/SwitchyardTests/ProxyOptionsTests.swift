import ArgumentParser
import DataPlane
import Routing
import Testing

@testable import Switchyard

@Suite("How long a gateway waits and how much it takes")
struct ProxyOptionsTests {
  struct Row: Sendable {
    var option: String
    /// What the option may not be given.
    var wrong: [Int]
    var usual: Int64?
    var read: @Sendable (ProxyConfiguration) -> Int64?

    var variable: String { "SWITCHYARD_" + option.dropFirst(2).uppercased().replacing("-", with: "_") }
  }

  static let rows = [
    Row(option: "--connect-timeout", wrong: [0, 86_401], usual: 2) { $0.connectTimeoutSeconds },
    Row(option: "--queue-timeout", wrong: [-1, 86_401], usual: 30) { Int64($0.queue.timeout / 1_000_000_000) },
    Row(option: "--max-queued-requests", wrong: [-1, 1 << 20 + 1], usual: 1000) { Int64($0.queue.places) },
    Row(option: "--request-head-timeout", wrong: [0, 86_401], usual: 10) { $0.headerTimeoutSeconds },
    Row(option: "--request-body-timeout", wrong: [0, 86_401], usual: 30) { $0.bodyIdleTimeoutSeconds },
    Row(option: "--response-timeout", wrong: [0, 86_401], usual: 300) { $0.firstByteTimeoutSeconds },
    Row(option: "--response-stall-timeout", wrong: [0, 86_401], usual: 120) { $0.responseIdleTimeoutSeconds },
    Row(option: "--request-timeout", wrong: [-1, 86_401], usual: nil) { $0.requestTimeoutSeconds },
    Row(option: "--client-stall-timeout", wrong: [0, 86_401], usual: 60) { $0.clientStallTimeoutSeconds },
    Row(option: "--tls-handshake-timeout", wrong: [0, 86_401], usual: 10) { $0.handshakeTimeoutSeconds },
    Row(option: "--client-idle-timeout", wrong: [0, 86_401], usual: 75) { $0.clientIdleTimeoutSeconds },
    Row(option: "--tunnel-idle-timeout", wrong: [0, 86_401], usual: 3600) { $0.tunnelIdleTimeoutSeconds },
    Row(option: "--upstream-idle-timeout", wrong: [0, 86_401], usual: 30) { $0.upstreamIdleTimeoutSeconds },
    Row(option: "--drain-timeout", wrong: [-1, 86_401], usual: 30) { $0.drainTimeoutSeconds },
    Row(option: "--max-request-head-bytes", wrong: [1023, 1 << 20 + 1], usual: 64 << 10) {
      Int64($0.maximumHeaderBytes)
    },
    Row(option: "--max-request-body-bytes", wrong: [0, 1 << 30 + 1], usual: 64 << 20) {
      Int64($0.maximumRequestBodyBytes)
    },
    Row(option: "--max-held-body-bytes", wrong: [1023, 1 << 40 + 1], usual: 512 << 20) { Int64($0.maximumHeldBytes) },
    Row(option: "--max-replay-bytes", wrong: [-1, 1 << 30 + 1], usual: 1 << 20) { Int64($0.maximumReplayBytes) },
    Row(option: "--max-upstream-connections", wrong: [0, 1 << 16 + 1], usual: 1024) {
      Int64($0.maximumUpstreamConnections)
    },
    Row(option: "--max-idle-upstream-connections", wrong: [-1, 1 << 16 + 1], usual: 64) {
      Int64($0.maximumIdleUpstreamConnections)
    },
  ]

  @Test("each has a default, an option and a variable, and the option comes before the variable", arguments: rows)
  func sources(_ row: Row) throws {
    let environment = [row.variable: "2048"]
    #expect(row.read(try ProxyOptions.parse([]).configuration(environment: [:])) == row.usual)
    #expect(row.read(try ProxyOptions.parse([]).configuration(environment: environment)) == 2048)
    #expect(row.read(try ProxyOptions.parse([row.option, "4096"]).configuration(environment: environment)) == 4096)
    for other in Self.rows where other.option != row.option {
      #expect(other.read(try ProxyOptions.parse([row.option, "4096"]).configuration(environment: [:])) == other.usual)
    }
  }

  @Test("what cannot be meant is an error that names the source, the value and what may be given", arguments: rows)
  func wrong(_ row: Row) throws {
    for value in row.wrong {
      #expect(throws: (any Error).self) { try ProxyOptions.parse(["\(row.option)=\(value)"]) }
      let error = #expect(throws: (any Error).self) {
        try ProxyOptions.parse([]).configuration(environment: [row.variable: "\(value)"])
      }
      let text = error.map { "\($0)" } ?? ""
      for word in ["\(row.variable) \(value): give ", " to "] { #expect(text.contains(word), "\(text)") }
    }
    #expect(throws: (any Error).self) {
      try ProxyOptions.parse([]).configuration(environment: [row.variable: "2s"])
    }
  }

  @Test("a limit for whole requests that the environment sets can be taken away")
  func noLimit() throws {
    let environment = ["SWITCHYARD_REQUEST_TIMEOUT": "20"]
    #expect(try ProxyOptions.parse([]).configuration(environment: environment).requestTimeoutSeconds == 20)
    let options = try ProxyOptions.parse(["--request-timeout", "0"])
    #expect(try options.configuration(environment: environment).requestTimeoutSeconds == nil)
  }
}
