import NIOCore
import NIOPosix
import Routing
import TestSupport

/// The model servers of all pools.
struct SoakServers: Sendable {
  let network = randomLoopbackNetwork()
  private let main: [LyingServer]
  private let doomed: [LyingServer]
  /// The first one always listens.
  let flaky: [LyingServer]

  init(on group: any EventLoopGroup, seed: UInt64, ledger: Ledger) async throws {
    let network = network
    func start(_ hosts: ClosedRange<Int>) async throws -> [LyingServer] {
      var servers: [LyingServer] = []
      for host in hosts {
        servers.append(try await .start(at: "\(network).\(host)", on: group, seed: seed, ledger: ledger))
      }
      return servers
    }
    main = try await start(1...4)
    doomed = try await start(5...7)
    flaky = try await start(8...10)
  }

  var endpoints: [SoakRequest.Pool: [EndpointID]] {
    [.main: main.map(\.endpoint), .doomed: doomed.map(\.endpoint), .flaky: flaky.map(\.endpoint)]
  }

  /// Of the flaky servers the second refuses connections half of the time, the third takes them and hangs up.
  func comeAndGo() async throws {
    while true {
      try await flaky[1].turn(.refuses)
      try await Task.sleep(for: .milliseconds(300))
      try await flaky[2].turn(.hangsUp)
      try await Task.sleep(for: .milliseconds(300))
      try await flaky[1].turn(.listens)
      try await Task.sleep(for: .milliseconds(300))
      try await flaky[2].turn(.listens)
      try await Task.sleep(for: .milliseconds(300))
    }
  }

  /// From now on all listen.
  func heal() async throws { for server in flaky { try await server.turn(.listens) } }

  func stop() async throws { for server in main + doomed + flaky { try await server.turn(.refuses) } }
}
