import TestSupport
import Testing

@testable import Routing

/// A new endpoint grows into its share of requests.
@Suite struct SlowStartTests {
  private static let second: UInt64 = 1_000_000_000

  private static func fixture(_ endpoints: Int) -> RouterFixture {
    let pool = RouterFixture.pool("chat", endpoints: endpoints)
    return RouterFixture(pools: [pool], rules: [rule("chat", backends: [RouterFixture.backend(pool)])])
  }

  @Test(arguments: [(0, 0.1), (1, 0.1), (3, 0.1), (15, 0.5), (29, 29.0 / 30), (30, 1), (300, 1)] as [(UInt64, Double)])
  func theShareGrowsEvenly(_ seconds: UInt64, _ share: Double) {
    let state = EndpointState(endpoint(1).id)
    #expect(state.share(now: 100 * Self.second, slowStart: 30 * Self.second) == EndpointState.firstShare)
    #expect(state.share(now: (100 + seconds) * Self.second, slowStart: 30 * Self.second) == share)
    #expect(state.share(now: (100 + seconds) * Self.second, slowStart: 0) == 1)
  }

  /// How many of 50 requests that stay go to the endpoint which joins two others with 100 each.
  private func joined(after seconds: UInt64) throws -> Int {
    var fixture = Self.fixture(2)
    let now = 1000 * Self.second
    for number in 1...2 {
      let state = fixture.states.state(of: endpoint(number).id)
      _ = state.share(now: 1, slowStart: 1)
      for _ in 0..<100 { state.begin() }
    }
    let pool = RouterFixture.pool("chat", endpoints: 3)
    fixture.table.pools[pool.id] = pool
    _ = fixture.states.state(of: endpoint(3).id).share(now: now, slowStart: 1)
    for _ in 0..<50 {
      let chosen = try fixture.plan(request(), now: now + seconds * Self.second).candidates.current.state
      chosen.begin()
    }
    return fixture.states.state(of: endpoint(3).id).inFlight
  }

  @Test func aNewEndpointIsNotSentEverything() throws {
    #expect((5...15).contains(try joined(after: 0)))
    #expect(try joined(after: 60) == 50)
  }

  @Test func endpointsThatAreAllNewShareAlike() throws {
    var fixture = Self.fixture(3)
    for _ in 0..<30 { try fixture.plan(request()).candidates.current.state.begin() }
    #expect((1...3).map { fixture.states.state(of: endpoint($0).id).inFlight } == [10, 10, 10])
  }
}
