import ControlPlane
import Routing
import Testing

@Suite("When endpoints' metrics are read")
struct ScrapeScheduleTests {
  private let one = EndpointID(address: "10.0.0.1", port: 8000)
  private let two = EndpointID(address: "10.0.0.2", port: 8000)

  private func schedule(_ endpoints: Set<EndpointID>, concurrency: Int = 32) -> ScrapeSchedule {
    var schedule = ScrapeSchedule(
      configuration: .init(
        busyInterval: 100, idleInterval: 5000, firstBackoff: 1000, longestBackoff: 8000, concurrency: concurrency))
    _ = schedule.setEndpoints(endpoints)
    return schedule
  }

  @Test("a new endpoint is read at once, and not twice at a time")
  func newEndpoint() {
    var schedule = schedule([one, two])
    #expect(schedule.nextDue(busy: []) == 0)
    #expect(schedule.takeDue(now: 7, busy: []) == [one, two])
    #expect(schedule.takeDue(now: 999_999, busy: [one]) == [])
    #expect(schedule.nextDue(busy: []) == nil)
  }

  @Test("an idle endpoint is read seldom, a busy one often, from the moment it is busy")
  func adaptive() {
    var schedule = schedule([one])
    _ = schedule.takeDue(now: 1000, busy: [])
    schedule.finished(one, succeeded: true)
    #expect(schedule.nextDue(busy: []) == 6000)
    #expect(schedule.takeDue(now: 1050, busy: [one]) == [])
    #expect(schedule.nextDue(busy: [one]) == 1100)
    #expect(schedule.takeDue(now: 1100, busy: [one]) == [one])
  }

  @Test("pauses after failures double up to the longest, busy or not, and end with a success")
  func backoff() {
    var schedule = schedule([one])
    var now: UInt64 = 0
    for pause: UInt64 in [1000, 2000, 4000, 8000, 8000] {
      #expect(schedule.takeDue(now: now, busy: [one]) == [one])
      schedule.finished(one, succeeded: false)
      #expect(schedule.nextDue(busy: [one]) == now + pause)
      now += pause
    }
    #expect(schedule.failures(of: one) == 5)
    _ = schedule.takeDue(now: now, busy: [])
    schedule.finished(one, succeeded: true)
    #expect(schedule.nextDue(busy: [one]) == now + 100)
  }

  @Test("a hundred failures in a row do not overflow")
  func manyFailures() {
    var schedule = schedule([one])
    for round in 0..<100 {
      #expect(schedule.takeDue(now: UInt64(round) * 10_000, busy: []) == [one])
      schedule.finished(one, succeeded: false)
    }
    #expect(schedule.nextDue(busy: []) == 990_000 + 8000)
  }

  @Test("no more reads at once than there are places; the longest overdue goes first")
  func concurrency() {
    var schedule = schedule([one, two], concurrency: 1)
    #expect(schedule.takeDue(now: 0, busy: []) == [one])
    #expect(schedule.takeDue(now: 0, busy: []) == [])
    #expect(schedule.nextDue(busy: []) == nil)
    schedule.finished(one, succeeded: true)
    #expect(schedule.takeDue(now: 6000, busy: []) == [two])
  }

  @Test("an endpoint that leaves is forgotten, even while it is read, and its place is free again")
  func leaving() {
    var schedule = schedule([one, two], concurrency: 1)
    _ = schedule.takeDue(now: 0, busy: [])
    #expect(schedule.setEndpoints([two]) == [one])
    schedule.finished(one, succeeded: true)
    #expect(schedule.endpoints == [two])
    #expect(schedule.takeDue(now: 0, busy: []) == [two])
  }

  @Test("an endpoint that left and came back while it was read is read afresh")
  func comingBack() {
    var schedule = schedule([one])
    _ = schedule.takeDue(now: 0, busy: [])
    _ = schedule.setEndpoints([])
    _ = schedule.setEndpoints([one])
    schedule.finished(one, succeeded: false)
    #expect(schedule.failures(of: one) == 0)
    #expect(schedule.takeDue(now: 1, busy: []) == [one])
  }

  @Test("endpoints that do not answer hold only their share of the places: the others are read on")
  func failingShare() {
    let dead = Set((0..<100).map { EndpointID(address: "10.0.1.\($0)", port: 8000) })
    var schedule = ScrapeSchedule(
      configuration: .init(
        busyInterval: 100, idleInterval: 100, firstBackoff: 1000, longestBackoff: 1000, concurrency: 8,
        failingConcurrency: 2))
    _ = schedule.setEndpoints(dead)
    while case let taken = schedule.takeDue(now: 0, busy: []), !taken.isEmpty {
      for endpoint in taken { schedule.finished(endpoint, succeeded: false) }
    }
    _ = schedule.setEndpoints(dead.union([one]))
    #expect(schedule.takeDue(now: 5000, busy: []).filter { $0 != one }.count == 2)
    #expect(schedule.nextDue(busy: []) == nil)
    schedule.finished(one, succeeded: true)
    #expect(schedule.nextDue(busy: []) == 5100)
    #expect(schedule.takeDue(now: 5100, busy: []) == [one])
    // One of those that hold a place leaves: its place is free when its read ends.
    let held = dead.filter { schedule.failures(of: $0) == 1 }.sorted().first
    _ = schedule.setEndpoints(dead.subtracting([held].compactMap(\.self)).union([one]))
    if let held { schedule.finished(held, succeeded: false) }
    #expect(schedule.takeDue(now: 5100, busy: []).count == 1)
  }
}
