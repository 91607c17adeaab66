import Routing
import TestSupport
import Testing

@Suite("What the request router makes of loads, failures and requests in flight") struct RouterLoadTests {
  @Test("turns to others while an endpoint's failure is fresh") func failures() throws {
    let pool = RouterFixture.pool("pool")
    var fixture = RouterFixture(pools: [pool], rules: [rule("route", backends: [RouterFixture.backend(pool)])])
    fixture.states.state(of: endpoint(2).id).fail(now: 10 * RouterFixture.second)
    for _ in 0..<20 {
      let candidates = try fixture.plan(request(), now: 14 * RouterFixture.second).candidates.all
      #expect(candidates.last == endpoint(2) && candidates.count == 3)
    }
    var first: Set<EndpointID> = []
    for _ in 0..<50 {
      first.insert(try fixture.plan(request(), now: 16 * RouterFixture.second).candidates.current.endpoint.id)
    }
    #expect(first.count == 3)
  }

  @Test("by criticality, sheds or lets wait when every endpoint is full") func shedding() throws {
    let models = Criticality.allCases.map { Model(name: $0.rawValue, criticality: $0, object: object("m")) }
    let pool = RouterFixture.pool("pool", models: models)
    var fixture = RouterFixture(pools: [pool], rules: [rule("route", backends: [RouterFixture.backend(pool)])])
    for (waiting, shed) in [(4, [] as [Criticality]), (5, [.sheddable]), (10, [.sheddable, .standard])] {
      for endpoint in pool.endpoints {
        fixture.states.state(of: endpoint.id).update(
          EndpointLoad(waiting: waiting, scrapedAt: 10 * RouterFixture.second))
      }
      for criticality in Criticality.allCases {
        let decision = fixture.decide(request(model: criticality.rawValue))
        switch decision {
        case .forward: #expect(!shed.contains(criticality))
        case .wait: #expect(shed.contains(criticality) && criticality == .standard)
        case .reject(let rejection):
          #expect(shed.contains(criticality) && criticality == .sheddable)
          #expect(rejection.status == 429 && rejection.kind == .saturated && rejection.retryAfterSeconds == 1)
        case .respond(let answer): Issue.record("answered: \(answer)")
        }
      }
    }
    // The same metrics, grown old, stop nobody: those of an endpoint that works for us sooner than an idle one's.
    let sheddable = request(model: "Sheddable")
    #expect(try fixture.rejection(sheddable, now: 13 * RouterFixture.second).kind == .saturated)
    fixture.states.state(of: endpoint(1).id).begin()
    #expect(try fixture.plan(sheddable, now: 13 * RouterFixture.second).candidates.all.count == 3)
    fixture.states.state(of: endpoint(1).id).end()
    #expect(try fixture.plan(sheddable, now: 18 * RouterFixture.second).candidates.all.count == 3)
  }

  @Test("a Service's pods are picked by our own counts and never shed") func services() throws {
    var pool = RouterFixture.pool("web")
    pool.id = PoolID(.service, object("web"), port: 80)
    var fixture = RouterFixture(pools: [pool], rules: [rule("route", backends: [RouterFixture.backend(pool)])])
    for endpoint in pool.endpoints {
      fixture.states.state(of: endpoint.id).update(
        EndpointLoad(waiting: 100, scrapedAt: 10 * RouterFixture.second))
    }
    fixture.states.state(of: endpoint(1).id).begin()
    fixture.states.state(of: endpoint(3).id).begin()
    #expect(try fixture.plan(request()).candidates.current.endpoint == endpoint(2))
  }

  @Test("goes on with whatever table and loads it has: chosen is always a candidate of the pool") func properties() {
    var generator = SeededGenerator(3)
    var forwarded = 0
    for _ in 0..<300 {
      let pool = RouterFixture.pool("pool", endpoints: Int.random(in: 0...5, using: &generator))
      var fixture = RouterFixture(pools: [pool], rules: [rule("route", backends: [RouterFixture.backend(pool)])])
      for endpoint in pool.endpoints where Bool.random(using: &generator) {
        fixture.states.state(of: endpoint.id).update(
          EndpointLoad(
            waiting: Int.random(in: 0...20, using: &generator),
            kvCacheUsage: Double.random(in: 0...1, using: &generator),
            scrapedAt: UInt64.random(in: 0...20, using: &generator) * RouterFixture.second))
      }
      switch fixture.decide(request()) {
      case .forward(let plan):
        forwarded += 1
        #expect(plan.candidates.all.map(\.id).sorted() == pool.endpoints.map(\.id))
      case .reject(let rejection): #expect(rejection.status == 503 && pool.endpoints.isEmpty)
      case .wait: #expect(!pool.endpoints.isEmpty)
      case .respond(let answer): Issue.record("answered: \(answer)")
      }
    }
    #expect(forwarded > 150)
  }
}
