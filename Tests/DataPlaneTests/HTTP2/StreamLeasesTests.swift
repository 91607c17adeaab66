import TestSupport
import Testing

@testable import DataPlane

/// Who gets a stream of which connection of HTTP/2 to an endpoint.
@Suite struct StreamLeasesTests {
  final class Connection {}
  typealias Leases = StreamLeases<Connection>

  private func opens(_ leases: inout Leases) -> Int {
    var count = 0
    while leases.opensAnother() { count += 1 }
    return count
  }

  private func served(_ leases: inout Leases) -> [(ticket: LeaseTicket, turn: Leases.Turn)] {
    var all: [(ticket: LeaseTicket, turn: Leases.Turn)] = []
    while let one = leases.assign() { all.append(one) }
    return all
  }

  @Test func oneConnectionServesAllWhoWaitAsFarAsItsEndpointAllows() {
    var leases = Leases()
    let tickets = (0..<3).compactMap { _ in leases.wait() }
    let firstOpens = opens(&leases)
    leases.opened(Connection(), limit: 2, now: 0)
    let first = served(&leases)
    #expect(firstOpens == 1 && first.map(\.ticket) == Array(tickets.prefix(2)))
    #expect(first.allSatisfy { !$0.turn.wasResting })
    // For the third one more is opened, of which two are expected.
    let secondOpens = opens(&leases)
    _ = leases.wait()
    let thirdOpens = opens(&leases)
    #expect(secondOpens == 1 && thirdOpens == 0)
    leases.opened(Connection(), limit: 2, now: 1)
    let second = served(&leases)
    #expect(second.count == 2 && leases.busy == 2 && leases.streams == 4)
  }

  @Test func whatRestsIsTakenAndToldApartFromWhatOthersUse() throws {
    var leases = Leases()
    let connection = Connection()
    _ = leases.wait()
    _ = opens(&leases)
    leases.opened(connection, limit: 100, now: 0)
    _ = served(&leases)
    let shared = leases.take()
    #expect(shared?.connection === connection && shared?.wasResting == false)
    let closes = [leases.ended(connection, now: 1), leases.ended(connection, now: 2)]
    #expect(closes == [false, false] && leases.oldest == 2)
    let rested = leases.take()
    #expect(rested?.wasResting == true)
  }

  @Test func aConnectionThatTakesNoMoreIsClosedBehindItsLastStream() {
    var leases = Leases()
    let connection = Connection()
    _ = leases.wait()
    _ = opens(&leases)
    leases.opened(connection, limit: 100, now: 0)
    _ = served(&leases)
    let (closesAtOnce, more) = (leases.retire(connection), leases.take())
    #expect(!closesAtOnce && more == nil)
    let closes = leases.ended(connection, now: 1)
    #expect(closes && leases.isEmpty)
  }

  @Test func whoNeedsANewConnectionGetsNoneThatWasThereBefore() {
    var leases = Leases()
    _ = leases.wait()
    _ = opens(&leases)
    leases.opened(Connection(), limit: 100, now: 0)
    _ = served(&leases)
    let fresh = leases.wait(needsNew: true)
    let before = (served(&leases).count, opens(&leases))
    #expect(before == (0, 1))
    let new = Connection()
    leases.opened(new, limit: 100, now: 1)
    let turn = served(&leases)
    #expect(turn.map(\.ticket) == [fresh] && turn.first?.turn.connection === new)
  }

  @Test func aFailureIsToldToAllForWhomNothingElseIsOpened() {
    var leases = Leases(limits: .init(streams: 2))
    let tickets = (0..<5).compactMap { _ in leases.wait() }
    let opened = opens(&leases)
    let told = (0..<3).map { _ in leases.failedToOpen() }
    let more = opens(&leases)
    #expect(opened == 3 && told == [[tickets[0]], [tickets[1], tickets[2]], [tickets[3], tickets[4]]])
    #expect(leases.isEmpty && more == 0)
  }

  @Test func anEndpointThatAllowsNothingIsNotAskedForConnectionAfterConnection() {
    var leases = Leases()
    let connection = Connection()
    _ = leases.wait()
    _ = opens(&leases)
    leases.opened(connection, limit: 0, now: 0)
    let before = (served(&leases).count, opens(&leases))
    #expect(before == (0, 0))
    leases.limit(connection, to: 1)
    let after = served(&leases).count
    #expect(after == 1)
  }

  @Test("whatever happens, nothing is lost or handed out twice, and no bound is passed", arguments: 1...60)
  func anySequenceBalances(_ seed: UInt64) {
    var generator = SeededGenerator(seed)
    let limits = Leases.Limits(connections: 4, streams: 3, resting: 2, waiters: 9)
    var leases = Leases(limits: limits)
    var waiting: [LeaseTicket] = []
    var streams: [ObjectIdentifier: Int] = [:]
    var (open, retired): ([Connection], Set<ObjectIdentifier>) = ([], [])
    var opening = 0
    // Kept, so that no two have the same identity.
    var all: [Connection] = []
    func begin(_ turn: Leases.Turn) {
      let id = ObjectIdentifier(turn.connection)
      #expect(!retired.contains(id) && open.contains { $0 === turn.connection })
      streams[id, default: 0] += 1
    }
    func close(_ connection: Connection) {
      let id = ObjectIdentifier(connection)
      #expect(streams[id, default: 0] == 0)
      open.removeAll { $0 === connection }
    }
    for step in 0..<600 {
      let now = UInt64(step)
      let any = open.randomElement(using: &generator)
      switch Int.random(in: 0..<10, using: &generator) {
      case 0, 1: if let turn = leases.take() { begin(turn) }
      case 2, 3:
        let needsNew = Int.random(in: 0..<4, using: &generator) == 0
        if let ticket = leases.wait(needsNew: needsNew) { waiting.append(ticket) } else { #expect(waiting.count == 9) }
      case 4 where opening > 0:
        opening -= 1
        let connection = Connection()
        all.append(connection)
        open.append(connection)
        leases.opened(connection, limit: Int.random(in: 1...5, using: &generator), now: now)
      case 5 where opening > 0:
        opening -= 1
        let told = leases.failedToOpen()
        #expect(Array(waiting.prefix(told.count)) == told)
        waiting.removeFirst(told.count)
      case 6:
        if let any, streams[ObjectIdentifier(any), default: 0] > 0 {
          streams[ObjectIdentifier(any), default: 0] -= 1
          if leases.ended(any, now: now) { close(any) }
        }
      case 7:
        if let any, Int.random(in: 0..<5, using: &generator) == 0 {
          retired.insert(ObjectIdentifier(any))
          if leases.retire(any) { close(any) }
        }
      case 8:
        if let any, Int.random(in: 0..<5, using: &generator) == 0 {
          leases.forget(any)
          streams[ObjectIdentifier(any)] = nil
          open.removeAll { $0 === any }
        }
      default:
        if let ticket = waiting.randomElement(using: &generator), Bool.random(using: &generator) {
          leases.cancel(ticket)
          waiting.removeAll { $0 == ticket }
        } else {
          for connection in leases.removeResting(since: UInt64(max(0, step - 20))) { close(connection) }
        }
      }
      for (ticket, turn) in served(&leases) {
        #expect(waiting.contains(ticket))
        waiting.removeAll { $0 == ticket }
        begin(turn)
      }
      opening += opens(&leases)
      #expect(leases.waiters == waiting.count && leases.opening == opening)
      #expect(leases.busy + leases.resting == open.count && open.count + opening <= limits.connections)
      #expect(streams.values.allSatisfy { $0 <= limits.streams })
      let hasRoom = open.contains { !retired.contains(ObjectIdentifier($0)) && streams[ObjectIdentifier($0)] == nil }
      #expect(waiting.isEmpty || opening > 0 || open.count == limits.connections || hasRoom, "waits for nothing")
    }
  }
}
