import NIOCore
import NIOEmbedded
import NIOHTTP1
import Routing
import Synchronization
import Testing

@testable import DataPlane
@testable import Descriptors

/// Connections to endpoints where descriptors are short.
@Suite struct UpstreamPoolTests {
  private final class Rig {
    let loop = EmbeddedEventLoop()
    let budget: DescriptorBudget
    let pool: UpstreamPool

    /// A process that may have 1,024 descriptors, and has so many open but for connections.
    init(others: Int) {
      let budget = DescriptorBudget(limit: { 1024 }, open: { others }, lookInterval: .max / 2)
      self.budget = budget
      pool = UpstreamPool(eventLoop: loop, maximumIdle: 4, idleTimeoutSeconds: 30, budget: budget) { [loop] _ in
        let channel = EmbeddedChannel(loop: loop)
        do {
          try ProxyPipeline.configureUpstream(channel)
          try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        } catch { return loop.makeFailedFuture(error) }
        return loop.makeSucceededFuture(channel)
      }
    }

    func connect(_ endpoint: Endpoint) throws -> any Channel {
      let connection = pool.connect(endpoint.id)
      loop.run()
      return try connection.wait()
    }
  }

  private let first = ExchangeTests.first
  private let second = ExchangeTests.second

  @Test func connectionsCountUntilTheyClose() throws {
    let rig = Rig(others: 100)
    let channel = try rig.connect(first)
    #expect(rig.budget.connections(.upstream) == 1)
    channel.close(promise: nil)
    rig.loop.run()
    #expect(rig.budget.connections(.upstream) == 0)
  }

  @Test func withoutRoomNoneIsOpened() throws {
    let rig = Rig(others: 1000)
    #expect(throws: NoDescriptorLeft.self) { try rig.connect(first) }
    #expect(rig.budget.connections(.upstream) == 0)
  }

  @Test func aRestingConnectionGivesWayToOneThatIsNeeded() throws {
    let rig = Rig(others: 1024 - DescriptorBudget.upstreamFloor)
    let resting = try rig.connect(first)
    #expect(throws: NoDescriptorLeft.self) { try rig.connect(second) }
    rig.pool.giveBack(try resting.pipeline.syncOperations.handler(type: UpstreamHandler.self), first.id)
    let used = try rig.connect(second)
    #expect(!resting.isActive && used.isActive)
    #expect(rig.pool.takeIdle(first.id) == nil && rig.budget.connections(.upstream) == 1)
  }
}
