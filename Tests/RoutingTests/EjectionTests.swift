import Routing
import Testing

@Suite("Endpoints that fail again and again are left alone for a while") struct EjectionTests {
  private static let second: UInt64 = 1_000_000_000

  private static func pool(_ endpoints: Int) -> (CompiledPool, [EndpointState]) {
    let states = EndpointStates()
    let all = (1...endpoints).map { endpoint($0) }
    let pool = Pool(id: PoolID(.inferencePool, object("pool")), endpoints: all)
    return (CompiledPool(pool, states: states), all.map { states.state(of: $0.id) })
  }

  @Test("five failures in a row eject for 10 s, and one more each time for twice as long, up to 300 s")
  func ejection() {
    let (pool, states) = Self.pool(2)
    for _ in 0..<4 { pool.fail(endpoint(1).id, now: 0) }
    #expect(!states[0].isEjected(now: 0))
    var now: UInt64 = 0
    for seconds in [10, 20, 40, 80, 160, 300, 300] as [UInt64] {
      pool.fail(endpoint(1).id, now: now)
      #expect(states[0].isEjected(now: now + seconds * Self.second - 1))
      now += seconds * Self.second
      #expect(!states[0].isEjected(now: now))
    }
  }

  @Test("an answer forgets the failures") func answer() {
    let (pool, states) = Self.pool(2)
    for _ in 0..<5 { pool.fail(endpoint(1).id, now: 0) }
    states[0].succeed()
    for _ in 0..<4 { pool.fail(endpoint(1).id, now: 20 * Self.second) }
    #expect(!states[0].isEjected(now: 20 * Self.second))
    pool.fail(endpoint(1).id, now: 20 * Self.second)
    #expect(states[0].isEjected(now: 30 * Self.second - 1) && !states[0].isEjected(now: 30 * Self.second))
  }

  @Test("at most half of a pool, and never its only endpoint", arguments: [(1, 0), (2, 1), (3, 1), (4, 2), (5, 2)])
  func half(_ endpoints: Int, _ ejected: Int) {
    let (pool, states) = Self.pool(endpoints)
    for number in 1...endpoints {
      for _ in 0..<10 { pool.fail(endpoint(number).id, now: 0) }
    }
    #expect(states.count { $0.isEjected(now: 1) } == ejected)
  }

  @Test("on probation one request at a time tries it") func probation() {
    let (pool, states) = Self.pool(2)
    for _ in 0..<5 { pool.fail(endpoint(1).id, now: 0) }
    #expect(states[0].hasFailedLately(now: 9 * Self.second))
    #expect(!states[0].hasFailedLately(now: 11 * Self.second))
    states[0].begin()
    #expect(states[0].hasFailedLately(now: 11 * Self.second))
    states[0].succeed()
    #expect(!states[0].hasFailedLately(now: 11 * Self.second))
    states[0].end()
  }
}
