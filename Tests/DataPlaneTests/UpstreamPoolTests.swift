import NIOCore
import NIOEmbedded
import Routing
import Synchronization
import Testing

@testable import DataPlane
@testable import Descriptors

/// Connections to endpoints where descriptors are short.
@Suite struct UpstreamPoolTests {
  private final class Rig {
    static let states = EndpointStates()
    let loop = EmbeddedEventLoop()
    let budget: DescriptorBudget
    let pool: UpstreamPool

    /// A process that may have 1,024 descriptors, and has so many open but for connections.
    convenience init(others: Int) {
      self.init(budget: DescriptorBudget(limit: { 1024 }, open: { others }, lookInterval: .max / 2))
    }

    /// A pool of a process whose budget this is.
    init(budget: DescriptorBudget, connections: Int = 1024) {
      self.budget = budget
      let limits = UpstreamPool.Leases.Limits(connections: connections, resting: 4)
      pool = UpstreamPool(eventLoop: loop, limits: limits, idleTimeoutSeconds: 30, budget: budget) {
        [loop] _, _ in
        let channel = EmbeddedChannel(loop: loop)
        do {
          try ProxyPipeline.configureUpstream(channel, scratch: ScratchBuffers(), limits: HTTP1Limits())
          try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        } catch { return loop.makeFailedFuture(error) }
        return loop.makeSucceededFuture(channel)
      }
    }

    func connect(_ endpoint: Endpoint) throws -> UpstreamHandler {
      var result: Result<UpstreamPool.Lease, GatewayError>?
      #expect(pool.wait(Self.states.state(of: endpoint.id)) { result = $0 } != nil)
      loop.run()
      let lease = try #require(result).get()
      return try #require(lease.connection as? UpstreamHandler)
    }

    func giveBack(_ connection: UpstreamHandler) {
      pool.giveBack(connection, isReusable: true)
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
    channel.close()
    rig.loop.run()
    #expect(rig.budget.connections(.upstream) == 0)
  }

  @Test func withoutRoomNoneIsOpened() throws {
    let rig = Rig(others: 1000)
    #expect(throws: GatewayError.overloaded) { try rig.connect(first) }
    #expect(rig.budget.connections(.upstream) == 0)
  }

  @Test func aRestingConnectionGivesWayToOneThatIsNeeded() throws {
    let rig = Rig(others: 100)
    let resting = try rig.connect(first)
    rig.giveBack(resting)
    #expect(resting.isActive && rig.pool.idleCount(Rig.states.state(of: first.id)) == 1)
    rig.clientsLeave(DescriptorBudget.upstreamFloor - 1)
    let used = try rig.connect(second)
    #expect(!resting.isActive && used.isActive)
    #expect(rig.pool.takeResting(Rig.states.state(of: first.id)) == nil && rig.budget.connections(.upstream) == 1)
    #expect(throws: GatewayError.overloaded) { try rig.connect(second) }
  }

  @Test func whatARequestIsDoneWithIsLeftToAnotherLoopWhereDescriptorsAreShort() throws {
    let rig = Rig(others: 100)
    let other = Rig(budget: rig.budget)
    let channel = try rig.connect(first)
    rig.clientsLeave(DescriptorBudget.upstreamFloor - 1)
    #expect(throws: GatewayError.overloaded) { try other.connect(second) }
    rig.giveBack(channel)
    #expect(!channel.isActive && rig.pool.idleCount(Rig.states.state(of: first.id)) == 0)
    #expect(try other.connect(second).isActive)
  }

  @Test(arguments: [true, false]) func whoWaitsAtTheCapGetsThePlaceOfARestingConnectionThatIsLost(_ isLost: Bool) throws
  {
    let rig = Rig(budget: DescriptorBudget(limit: { 1024 }, open: { 100 }, lookInterval: .max / 2), connections: 2)
    let state = Rig.states.state(of: first.id)
    let (_, resting) = (try rig.connect(first), try rig.connect(first))
    rig.giveBack(resting)
    var fresh: UpstreamHandler?
    let ticket = rig.pool.wait(state) { result in
      if case .success(let lease) = result { fresh = lease.connection as? UpstreamHandler }
    }
    #expect(ticket != nil)
    rig.loop.run()
    #expect(fresh == nil)
    if isLost { resting.close() } else { rig.loop.advanceTime(by: .seconds(40)) }
    rig.loop.run()
    #expect(fresh?.isActive == true && !resting.isActive)
  }

  @Test func whatRestsIsClosedSoonAfterDescriptorsHaveBecomeShort() throws {
    let rig = Rig(others: 100)
    let resting = try rig.connect(first)
    rig.giveBack(resting)
    rig.clientsLeave(DescriptorBudget.restingFloor)
    rig.loop.advanceTime(by: .seconds(5))
    #expect(resting.isActive)
    rig.budget.opened(.client)
    rig.loop.advanceTime(by: .seconds(5))
    #expect(!resting.isActive && rig.budget.connections(.upstream) == 0)
  }
}
