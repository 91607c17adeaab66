import Descriptors
import NIOCore
import NIOPosix
import Routing
import TestSupport
import Testing

@testable import DataPlane

#if canImport(Glibc)
  import Glibc
#endif

/// What the sockets are told.
@Suite(.timeLimit(.minutes(1))) struct SocketTests {
  #if os(Linux)
    private static func options(of channel: any Channel) async throws -> [SocketOptionValue] {
      var values: [SocketOptionValue] = []
      for name in [TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_USER_TIMEOUT] {
        values.append(try await channel.getOption(.tcpOption(.init(rawValue: name))).get())
      }
      return values + [try await channel.getOption(.socketOption(.so_keepalive)).get()]
    }

    @Test func anEndpointThatVanishesIsNoticed() async throws {
      let upstream = try await TestUpstream.start { $0.json("{}") }
      let loop = MultiThreadedEventLoopGroup.singleton.next()
      let endpoint = upstream.endpoint
      let channel = try await loop.flatSubmit {
        ProxyPipeline.connector(on: loop, configuration: ProxyConfiguration(), scratch: ScratchBuffers())(
          endpoint, .plain)
      }.get()
      #expect(try await Self.options(of: channel) == [15, 5, 3, 45_000, 1])
      try await channel.close()
      try await upstream.stop()
    }
  #endif

  @Test func aListeningSocketThatEndsIsOpenedAnew() async throws {
    let (bell, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    var (bindings, table) = try await Self.bindings { ring.yield() }
    #expect(await bindings.apply(table))
    let socket = try #require(bindings.bound.values.first)
    _ = try await socket.pipeline.containsHandler(type: AcceptGateHandler.self).get()
    try await socket.close()
    var rings = bell.makeAsyncIterator()
    await rings.next()
    #expect(await bindings.apply(table))
    #expect(!(await bindings.apply(table)))
    let client = try await TestClient.connect(try #require(table.listeners.first?.addresses.first))
    try await client.close()
    await bindings.closeAll()
  }

  @Test func aListeningSocketThatEndsAndIsNotWantedAnyMoreIsAChange() async throws {
    var (bindings, table) = try await Self.bindings()
    #expect(await bindings.apply(table))
    try await bindings.bound.values.first?.close()
    table.listeners = []
    #expect(await bindings.apply(table))
    #expect(bindings.report == BindingsReport())
  }

  #if os(Linux)
    @Test func aClientIsGivenUpByTheProxyBeforeTheSystem() async throws {
      var configuration = ProxyConfiguration()
      configuration.clientStallTimeoutSeconds = 100
      var (bindings, table) = try await Self.bindings(configuration)
      _ = await bindings.apply(table)
      let client = try await TestClient.connect(try #require(table.listeners.first?.addresses.first))
      try await client.send("GET")
      let channel = try #require(try await bindings.loops.values.asyncChannels().first)
      #expect(try await Self.options(of: channel) == [60, 15, 4, 115_000, 1])
      #expect(try await channel.getOption(.tcpOption(.init(rawValue: TCP_NOTSENT_LOWAT))).get() == 128 << 10)
      try await client.close()
      await bindings.closeAll()
    }
  #endif

  /// Bindings that have bound nothing yet, and a table for them.
  private static func bindings(
    _ configuration: ProxyConfiguration = ProxyConfiguration(), onClosed: @escaping @Sendable () -> Void = {}
  ) async throws -> (ListenerBindings, RoutingTable) {
    let group = MultiThreadedEventLoopGroup.singleton
    var loops: [ObjectIdentifier: NIOLoopBound<LoopContext>] = [:]
    for loop in group.makeIterator() {
      loops[ObjectIdentifier(loop)] = try await loop.submit {
        let context = LoopContext(
          eventLoop: loop, configuration: configuration,
          steps: RouterSteps(route: { _, _ in .success(nil) }) { _, _, _, _ in ExchangeTests.plan() },
          observer: ProxyObserver(), logger: quietLogger,
          scratch: ScratchBuffers(),
          pool: UpstreamPool(eventLoop: loop, idleTimeoutSeconds: 1) { _, _ in
            loop.makeFailedFuture(ChannelError.eof)
          })
        return NIOLoopBound(context, eventLoop: loop)
      }.get()
    }
    let address = "127.\(Int.random(in: 1...250)).\(Int.random(in: 1...250)).9"
    let bindings = ListenerBindings(
      configuration: configuration, group: group, loops: loops, logger: quietLogger, budget: .process,
      onClosed: onClosed)
    return (bindings, TestGateway.makeTable(address: address, endpoints: [], models: [:]))
  }
}

extension Collection where Element == NIOLoopBound<LoopContext> {
  /// The clients' channels of all loops, once there is one.
  fileprivate func asyncChannels() async throws -> [any Channel] {
    var all: [any Channel] = []
    try await eventually("there is a client") {
      for bound in self {
        all += try await bound.eventLoop.submit {
          bound.value.clients.values.compactMap { ($0 as? ClientHandler)?.context?.channel }
        }.get()
      }
      return !all.isEmpty
    }
    return all
  }
}
