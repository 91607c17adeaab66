import TestSupport
import Testing

@testable import Routing

@Suite("Picking in large pools") struct SamplingTests {
  private static let belief = LoadBelief(staleAfter: 2_000_000_000, idleStaleAfter: 7_000_000_000)

  private static func pool(_ count: Int) -> CompiledPool {
    let endpoints = (0..<count).map {
      Endpoint(id: EndpointID(address: "10.0.\($0 / 256).\($0 % 256)", port: 8000), pod: object("pod-\($0)"))
    }
    let id = PoolID(.inferencePool, object("pool"))
    return CompiledPool(Pool(id: id, endpoints: endpoints), states: EndpointStates())
  }

  private static func candidates(
    _ pool: CompiledPool, _ picker: EndpointPicker = .leastInFlight, seed: UInt64
  ) -> Candidates? {
    Candidates(of: pool, by: picker, for: PickRequest(), now: 10, belief: belief, seed: seed)
  }

  @Test("every endpoint has its turn once, whatever the size of the pool", arguments: [1, 2, 15, 16, 17, 31, 33, 100])
  func allOnce(count: Int) throws {
    let pool = Self.pool(count)
    for seed in 0..<20 {
      let all = try #require(Self.candidates(pool, seed: UInt64(seed))).all
      #expect(all.count == count && Set(all.map(\.id)).count == count)
    }
  }

  @Test("endpoints that are equal are picked equally often", arguments: [16, 17, 40]) func fairness(count: Int) {
    let pool = Self.pool(count)
    var generator = SeededGenerator(2)
    var wins = Array(repeating: 0, count: count)
    for _ in 0..<count * 400 {
      if let place = Self.candidates(pool, seed: generator.next())?.current.place { wins[place] += 1 }
    }
    for (place, wins) in wins.enumerated() { #expect((300...500).contains(wins), "\(place): \(wins)") }
  }

  @Test("loads stay close together: no endpoint gets far more than its share") func balance() {
    let pool = Self.pool(500)
    var generator = SeededGenerator(3)
    for _ in 0..<5000 { Self.candidates(pool, seed: generator.next())?.current.state.begin() }
    let counts = pool.states.map(\.inFlight)
    #expect((counts.max() ?? 0) <= 11 && (counts.min() ?? 0) >= 7, "\(counts.min() ?? 0) to \(counts.max() ?? 0)")
  }

  @Test("one that has not failed is found among a thousand that have, and the failed ones come after it")
  func failedLast() throws {
    let pool = Self.pool(1000)
    for (place, state) in pool.states.enumerated() where place != 700 && place != 20 { state.fail(now: 0) }
    var generator = SeededGenerator(4)
    for _ in 0..<50 {
      var candidates = try #require(Self.candidates(pool, seed: generator.next()))
      let first = candidates.current.place
      let hasNext = candidates.advance()
      #expect(hasNext && Set([first, candidates.current.place]) == [20, 700])
      let hasFailed = candidates.advance()
      #expect(hasFailed && candidates.current.state.hasFailedLately(now: 10))
    }
    for state in pool.states { state.fail(now: 0) }
    #expect(Self.candidates(pool, seed: 1) != nil)
  }

  private struct OnlyOne: Filter {
    let name = "one"
    let place: Int
    func keeps(_ candidate: PickCandidate, in round: PickRound) -> Bool { candidate.place == place }
  }

  @Test("the only endpoint that filters keep is found in a large pool") func filtered() {
    let pool = Self.pool(300)
    let picker = EndpointPicker(filters: [OnlyOne(place: 123)], scorers: EndpointPicker.standard.scorers)
    for seed in 0..<50 { #expect(Self.candidates(pool, picker, seed: UInt64(seed))?.current.place == 123) }
  }

  @Test("an endpoint that failed since the pick has no further turn before the others") func failedSince() throws {
    for seed in 0..<50 {
      let pool = Self.pool(4)
      var candidates = try #require(Self.candidates(pool, seed: UInt64(seed)))
      let other = pool.states[(candidates.current.place + 1) % 4]
      other.fail(now: 10 + UInt64(seed))
      let rest = candidates.all
      let hasNext = candidates.advance()
      #expect(hasNext)
      #expect(rest.last?.id == other.id)
    }
  }

  @Test("what others put in order keeps its order") func asListed() throws {
    let pool = Self.pool(40)
    #expect(try #require(Candidates(asListed: pool)).all.map(\.id) == pool.pool.endpoints.map(\.id))
    #expect(Candidates(asListed: Self.pool(0)) == nil)
  }
}
