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
    convenience init(others: Int) {
      self.init(budget: DescriptorBudget(limit: { 1024 }, open: { others }, lookInterval: .max / 2))
    }

    /// A pool of a process whose budget this is.
    init(budget: DescriptorBudget) {
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

    func giveBack(_ channel: any Channel, _ endpoint: Endpoint) throws {
      pool.giveBack(try channel.pipeline.syncOperations.handler(type: UpstreamHandler.self), endpoint.id)
      loop.run()
    }

    /// Clients take what is left but for so many descriptors.
    func clientsLeave(_ spare: Int) {
      for _ in 0..<(budget.spare(for: .upstream, now: 1) - spare) { budget.opened(.client) }
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
    let rig = Rig(others: 100)
    let resting = try rig.connect(first)
    try rig.giveBack(resting, first)
    #expect(resting.isActive && rig.pool.idleCount(first.id) == 1)
    rig.clientsLeave(DescriptorBudget.upstreamFloor - 1)
    let used = try rig.connect(second)
    #expect(!resting.isActive && used.isActive)
    #expect(rig.pool.takeIdle(first.id) == nil && rig.budget.connections(.upstream) == 1)
    #expect(throws: NoDescriptorLeft.self) { try rig.connect(second) }
  }

  @Test func whatARequestIsDoneWithIsLeftToAnotherLoopWhereDescriptorsAreShort() throws {
    let rig = Rig(others: 100)
    let other = Rig(budget: rig.budget)
    let channel = try rig.connect(first)
    rig.clientsLeave(DescriptorBudget.upstreamFloor - 1)
    #expect(throws: NoDescriptorLeft.self) { try other.connect(second) }
    try rig.giveBack(channel, first)
    #expect(!channel.isActive && rig.pool.idleCount(first.id) == 0)
    #expect(try other.connect(second).isActive)
  }

  @Test func whatRestsIsClosedSoonAfterDescriptorsHaveBecomeShort() throws {
    let rig = Rig(others: 100)
    let resting = try rig.connect(first)
    try rig.giveBack(resting, first)
    rig.clientsLeave(DescriptorBudget.restingFloor)
    rig.loop.advanceTime(by: .seconds(5))
    #expect(resting.isActive)
    rig.budget.opened(.client)
    rig.loop.advanceTime(by: .seconds(5))
    #expect(!resting.isActive && rig.budget.connections(.upstream) == 0)
  }
}
