import TestSupport
import Testing

@testable import DataPlane

/// Who gets which connection to an endpoint.
@Suite struct ConnectionLeasesTests {
  final class Connection {}
  typealias Leases = ConnectionLeases<Connection>

  private func wait(_ leases: inout Leases) throws -> (ticket: Leases.Ticket, opens: Bool) {
    let waits = leases.wait()
    return try #require(waits)
  }

  @Test func aWaiterTakesWhatIsFreeFirst() throws {
    var leases = Leases()
    let first = try wait(&leases)
    #expect(first.opens)
    let opened = leases.opened(Connection(), now: 0)
    #expect(opened == .hand(to: first.ticket))
    let second = try wait(&leases)
    #expect(second.opens && leases.opening == 1)
    let returned = leases.giveBack(Connection(), isReusable: true, now: 1)
    #expect(returned.use == .hand(to: second.ticket) && !returned.opens)
    // The one that was being opened for it is nobody's, and rests.
    let late = leases.opened(Connection(), now: 2)
    #expect(late == .rest)
    #expect(leases.leased == 1 && leases.resting == 1 && leases.opening == 0)
  }

  @Test func aConnectionThatIsOfNoUseAnyMoreIsReplacedForThoseWhoWait() throws {
    var leases = Leases(limits: .init(connections: 1))
    let first = try wait(&leases)
    let opened = leases.opened(Connection(), now: 0)
    #expect(opened == .hand(to: first.ticket))
    let second = try wait(&leases)
    #expect(!second.opens)
    let returned = leases.giveBack(Connection(), isReusable: false, now: 1)
    #expect(returned.use == .close && returned.opens)
  }

  @Test func aFailureIsToldToTheOneThatHasWaitedLongest() throws {
    var leases = Leases(limits: .init(connections: 1))
    let first = try wait(&leases)
    let second = try wait(&leases)
    #expect(first.opens && !second.opens)
    let failed = leases.failedToOpen()
    #expect(failed.told == first.ticket && failed.opens)
    let again = leases.failedToOpen()
    #expect(again.told == second.ticket)
    #expect(leases.isEmpty)
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
    for _ in connections { _ = leases.wait() }
    for (index, connection) in connections.enumerated() { _ = leases.opened(connection, now: UInt64(index)) }
    let uses = connections.enumerated().map { index, connection in
      leases.giveBack(connection, isReusable: true, now: UInt64(10 + index)).use
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
    var (waiting, held): ([Leases.Ticket], [Connection]) = ([], [])
    var (opening, resting) = (0, 0)
    func use(_ use: Leases.Use, _ connection: Connection) {
      switch use {
      case .hand(let ticket):
        #expect(waiting.first == ticket)
        waiting.removeFirst()
        held.append(connection)
      case .rest: resting += 1
      case .close: break
      }
    }
    for step in 0..<500 {
      switch Int.random(in: 0..<7, using: &generator) {
      case 0:
        if let connection = leases.takeResting() {
          held.append(connection)
          resting -= 1
        }
      case 1:
        if let (ticket, opens) = leases.wait() {
          waiting.append(ticket)
          opening += opens ? 1 : 0
        } else {
          #expect(waiting.count == limits.waiters)
        }
      case 2 where opening > 0:
        opening -= 1
        let connection = Connection()
        use(leases.opened(connection, now: UInt64(step)), connection)
      case 3 where opening > 0:
        opening -= 1
        let (told, opens) = leases.failedToOpen()
        #expect(told == waiting.first)
        if told != nil { waiting.removeFirst() }
        opening += opens ? 1 : 0
      case 4 where !held.isEmpty:
        let connection = held.remove(at: Int.random(in: 0..<held.count, using: &generator))
        let isReusable = Bool.random(using: &generator)
        let (result, opens) = leases.giveBack(connection, isReusable: isReusable, now: UInt64(step))
        use(result, connection)
        opening += opens ? 1 : 0
      case 5 where !waiting.isEmpty:
        leases.cancel(waiting.remove(at: Int.random(in: 0..<waiting.count, using: &generator)))
      default: resting -= leases.removeResting(since: UInt64(step / 2)).count
      }
      #expect(leases.leased == held.count && leases.waiters == waiting.count && leases.opening == opening)
      #expect(leases.resting == resting && resting <= limits.resting)
      #expect(held.count + opening + resting <= limits.connections)
      #expect(waiting.isEmpty || opening > 0 || held.count + resting == limits.connections, "waits for nothing")
    }
  }
}
