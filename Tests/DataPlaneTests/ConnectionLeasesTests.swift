import TestSupport
import Testing

@testable import DataPlane

/// Who gets which connection to an endpoint.
@Suite struct ConnectionLeasesTests {
  final class Connection {}
  typealias Leases = ConnectionLeases<Connection>

  private func wait(_ leases: inout Leases, needsNew: Bool = false) throws -> (ticket: Leases.Ticket, opens: Int) {
    let ticket = leases.wait(needsNew: needsNew)
    return (try #require(ticket), opens(&leases))
  }

  /// How many connections are to be opened.
  private func opens(_ leases: inout Leases) -> Int {
    var count = 0
    while leases.opensAnother() { count += 1 }
    return count
  }

  @Test func aWaiterTakesWhatIsFreeFirst() throws {
    var leases = Leases()
    let first = try wait(&leases)
    #expect(first.opens == 1)
    let opened = leases.opened(Connection(), now: 0)
    #expect(opened == .hand(to: first.ticket))
    let second = try wait(&leases)
    #expect(second.opens == 1 && leases.opening == 1)
    let returned = leases.giveBack(Connection(), isReusable: true, now: 1)
    #expect(returned == .hand(to: second.ticket))
    #expect(opens(&leases) == 0)
    // The one that was being opened for it is nobody's, and rests.
    let late = leases.opened(Connection(), now: 2)
    #expect(late == .rest)
    #expect(leases.leased == 1 && leases.resting == 1 && leases.opening == 0)
  }

  @Test func whoNeedsANewConnectionGetsNoneThatWasUsed() throws {
    var leases = Leases(limits: .init(connections: 2))
    let connections = (0..<2).map { _ in Connection() }
    for connection in connections {
      _ = try wait(&leases)
      _ = leases.opened(connection, now: 0)
    }
    let fresh = try wait(&leases, needsNew: true)
    let any = try wait(&leases)
    #expect(fresh.opens == 0 && any.opens == 0)
    let first = leases.giveBack(connections[0], isReusable: true, now: 1)
    #expect(first == .hand(to: any.ticket))
    // At the cap the used one makes room.
    let second = leases.giveBack(connections[1], isReusable: true, now: 2)
    let opening = opens(&leases)
    #expect(second == .close && opening == 1)
    let opened = leases.opened(Connection(), now: 3)
    #expect(opened == .hand(to: fresh.ticket))
  }

  @Test func aConnectionThatIsOfNoUseAnyMoreIsReplacedForThoseWhoWait() throws {
    var leases = Leases(limits: .init(connections: 1))
    let first = try wait(&leases)
    let opened = leases.opened(Connection(), now: 0)
    #expect(opened == .hand(to: first.ticket))
    let second = try wait(&leases)
    #expect(second.opens == 0)
    let returned = leases.giveBack(Connection(), isReusable: false, now: 1)
    #expect(returned == .close)
    #expect(opens(&leases) == 1)
  }

  @Test func restingConnectionsThatGoMakeRoomForThoseWhoWait() throws {
    var leases = Leases(limits: .init(connections: 2))
    let connections = (0..<2).map { _ in Connection() }
    for connection in connections {
      _ = try wait(&leases)
      _ = leases.opened(connection, now: 0)
    }
    for connection in connections { _ = leases.giveBack(connection, isReusable: true, now: 1) }
    // One that wants a connection that is not used yet.
    let waiter = try wait(&leases)
    #expect(waiter.opens == 0)
    leases.forget(connections[0])
    #expect(opens(&leases) == 1)
    _ = try wait(&leases)
    let old = leases.removeResting(since: 1)
    #expect(old.count == 1)
    #expect(opens(&leases) == 1)
  }

  @Test func aFailureIsToldToTheOneThatHasWaitedLongest() throws {
    var leases = Leases(limits: .init(connections: 1))
    let first = try wait(&leases)
    let second = try wait(&leases)
    #expect(first.opens == 1 && second.opens == 0)
    let told = leases.failedToOpen()
    #expect(told == first.ticket)
    #expect(opens(&leases) == 1)
    let next = leases.failedToOpen()
    #expect(next == second.ticket)
    #expect(leases.isEmpty)
  }

  @Test func aFailureIsNotToldToOneForWhomAnotherIsBeingOpened() throws {
    var leases = Leases()
    let first = try wait(&leases)
    let second = try wait(&leases)
    leases.cancel(first.ticket)
    let told = leases.failedToOpen()
    #expect(told == nil)
    let opened = leases.opened(Connection(), now: 0)
    #expect(opened == .hand(to: second.ticket))
  }

  @Test func thoseWhoWaitAreBounded() throws {
    var leases = Leases(limits: .init(waiters: 2))
    let first = try wait(&leases)
    _ = try wait(&leases)
    let oneTooMany = leases.wait()
    #expect(oneTooMany == nil)
    leases.cancel(first.ticket)
    _ = try wait(&leases)
  }

  @Test func theLongestRestingGoFirstAndTheLatestAreUsedFirst() throws {
    var leases = Leases(limits: .init(resting: 2))
    let connections = (0..<3).map { _ in Connection() }
    for _ in connections { _ = try wait(&leases) }
    for (index, connection) in connections.enumerated() { _ = leases.opened(connection, now: UInt64(index)) }
    let uses = connections.enumerated().map { index, connection in
      leases.giveBack(connection, isReusable: true, now: UInt64(10 + index))
    }
    #expect(uses == [.rest, .rest, .close])
    let old = leases.removeResting(since: 10)
    #expect(old.map { $0 === connections[0] } == [true])
    let latest = leases.takeResting()
    let none = leases.takeResting()
    #expect(latest === connections[1] && none == nil && leases.leased == 1)
  }

  @Test("whatever happens, nothing is lost or handed out twice, and no bound is passed", arguments: 1...40)
  func anySequenceBalances(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed)
    let limits = Leases.Limits(connections: 5, resting: 3, waiters: 7)
    var leases = Leases(limits: limits)
    var (waiting, held, resting): ([Leases.Ticket], [Connection], [Connection]) = ([], [], [])
    var opening = 0
    var particular: Set<Leases.Ticket> = []
    func use(_ use: Leases.Use, _ connection: Connection, isNew: Bool) {
      switch use {
      case .hand(let ticket):
        #expect(waiting.first { isNew || !particular.contains($0) } == ticket)
        waiting.removeAll { $0 == ticket }
        held.append(connection)
      case .rest: resting.append(connection)
      case .close: break
      }
    }
    for step in 0..<500 {
      switch Int.random(in: 0..<9, using: &generator) {
      case 0:
        if let connection = leases.takeResting() {
          held.append(connection)
          resting.removeAll { $0 === connection }
        }
      case 1, 2:
        let needsNew = Int.random(in: 0..<4, using: &generator) == 0
        if let ticket = leases.wait(needsNew: needsNew) {
          waiting.append(ticket)
          if needsNew { particular.insert(ticket) }
        } else {
          #expect(waiting.count == limits.waiters)
        }
      case 3 where opening > 0:
        opening -= 1
        let connection = Connection()
        use(leases.opened(connection, now: UInt64(step)), connection, isNew: true)
      case 4 where opening > 0:
        opening -= 1
        let told = leases.failedToOpen()
        #expect(told == (waiting.count > opening ? waiting.first : nil))
        if told != nil { waiting.removeFirst() }
      case 5 where !held.isEmpty:
        let connection = held.remove(at: Int.random(in: 0..<held.count, using: &generator))
        let isReusable = Bool.random(using: &generator)
        use(leases.giveBack(connection, isReusable: isReusable, now: UInt64(step)), connection, isNew: false)
      case 6 where !waiting.isEmpty:
        leases.cancel(waiting.remove(at: Int.random(in: 0..<waiting.count, using: &generator)))
      case 7 where !resting.isEmpty:
        leases.forget(resting.remove(at: Int.random(in: 0..<resting.count, using: &generator)))
      default:
        let old = leases.removeResting(since: UInt64(max(0, step - 20)))
        resting.removeAll { connection in old.contains { $0 === connection } }
      }
      opening += opens(&leases)
      #expect(leases.leased == held.count && leases.waiters == waiting.count && leases.opening == opening)
      #expect(leases.resting == resting.count && resting.count <= limits.resting)
      let all = held.count + opening + resting.count
      #expect(all <= limits.connections)
      #expect(opening >= waiting.count || all == limits.connections, "waits for nothing")
    }
  }
}
