import NIOCore
import NIOPosix
import Routing
import Synchronization

/// A model server that does with each request what its plan says.
final class LyingServer: Sendable {
  /// How it treats connections.
  enum Mood { case listens, refuses, hangsUp }

  private struct State {
    var listening: (any Channel)?
    var connections: [ObjectIdentifier: any Channel] = [:]
    var mood = Mood.listens
    var answered = 0
  }

  private let state = Mutex(State())
  private let group: any EventLoopGroup
  let seed: UInt64
  let ledger: Ledger
  private let address: SocketAddress
  let endpoint: EndpointID

  private init(group: any EventLoopGroup, seed: UInt64, ledger: Ledger, address: SocketAddress) {
    self.group = group
    self.seed = seed
    self.ledger = ledger
    self.address = address
    endpoint = EndpointID(address: address.ipAddress ?? "", port: address.port ?? 0)
  }

  /// A server that listens at a free port of the address.
  static func start(at address: String, on group: any EventLoopGroup, seed: UInt64, ledger: Ledger) async throws
    -> LyingServer
  {
    let probe = try await ServerBootstrap(group: group).bind(host: address, port: 0).get()
    guard let free = probe.localAddress else { throw ChannelError.unknownLocalAddress }
    try await probe.close()
    let server = LyingServer(group: group, seed: seed, ledger: ledger, address: free)
    try await server.turn(.listens)
    return server
  }

  /// Requests that it answered, or was about to.
  var answered: Int { state.withLock { $0.answered } }

  func countAnswer() { state.withLock { $0.answered += 1 } }

  /// From now on treats connections like this; those that stand are closed unless it listens.
  func turn(_ mood: Mood) async throws {
    state.withLock { $0.mood = mood }
    let isListening = state.withLock { $0.listening != nil }
    if mood == .refuses {
      try await state.withLock { $0.listening }?.close()
      state.withLock { $0.listening = nil }
    } else if !isListening {
      let channel = try await bind()
      state.withLock { $0.listening = channel }
    }
    if mood != .listens {
      for channel in state.withLock({ Array($0.connections.values) }) { channel.close(promise: nil) }
    }
  }

  private func bind() async throws -> any Channel {
    try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard self.state.withLock({ $0.mood == .listens }) else { throw ChannelError.eof }
          self.state.withLock { $0.connections[ObjectIdentifier(channel)] = channel }
          channel.closeFuture.whenComplete { _ in
            self.state.withLock { $0.connections[ObjectIdentifier(channel)] = nil }
          }
          try channel.pipeline.syncOperations.addHandler(LyingConnection(server: self))
        }
      }
      .bind(to: address).get()
  }
}
