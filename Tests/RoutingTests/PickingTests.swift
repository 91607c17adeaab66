import TestSupport
import Testing

@testable import Routing

@Suite("Picking") struct PickingTests {
  private static let second: UInt64 = 1_000_000_000

  /// What is known of an endpoint: it has so many requests of ours, its metrics said this, a request failed there.
  private struct Known {
    var inFlight = 0
    var load: EndpointLoad?
    var hasFailed = false
  }

  /// A pool of endpoints 1, 2, … of which this is known at the tenth second.
  private func pool(_ known: [Known]) -> CompiledPool {
    let states = EndpointStates()
    let endpoints = known.indices.map { endpoint($0 + 1) }
    for (endpoint, known) in zip(endpoints, known) {
      let state = states.state(of: endpoint.id)
      for _ in 0..<known.inFlight { state.begin() }
      var load = known.load
      load?.scrapedAt = 10 * Self.second
      state.update(load)
      if known.hasFailed { state.fail(now: 10 * Self.second) }
    }
    return CompiledPool(Pool(id: PoolID(.inferencePool, object("pool")), endpoints: endpoints), states: states)
  }

  private let belief = LoadBelief(staleAfter: 2_000_000_000, idleStaleAfter: 7_000_000_000)

  private func candidates(_ pool: CompiledPool, picker: EndpointPicker = .standard, seed: UInt64) -> Candidates? {
    Candidates(
      of: pool, by: picker, for: PickRequest(model: "m"), now: 10 * Self.second, belief: belief, seed: seed)
  }

  private func first(_ known: [Known], picker: EndpointPicker = .standard, seed: UInt64 = 1) -> Endpoint? {
    let pool = pool(known)
    let candidates = candidates(pool, picker: picker, seed: seed)
    let all = candidates?.all ?? []
    #expect(Set(all.map(\.id)) == Set(pool.pool.endpoints.map(\.id)) && all.count == known.count)
    return candidates?.current.endpoint
  }

  private func totals(_ known: [Known], picker: EndpointPicker = .standard) -> [Double] {
    let pool = pool(known)
    var candidates = known.indices.map { pool.candidate(at: $0, now: 10 * Self.second, belief: belief) }
    picker.score(&candidates, in: PickRound(PickRequest(model: "m"), pool: pool))
    return candidates.map(\.total)
  }

  @Test("fewest requests in flight wins where metrics say nothing") func inFlight() {
    for seed in 0..<20 {
      #expect(first([Known(inFlight: 3), Known(inFlight: 1)], seed: UInt64(seed)) == endpoint(2))
    }
  }

  @Test("the shorter queue, then the emptier cache wins") func metrics() {
    let (long, short) = (EndpointLoad(waiting: 4), EndpointLoad(waiting: 1))
    #expect(first([Known(load: long), Known(load: short)]) == endpoint(2))
    let (full, empty) = (EndpointLoad(kvCacheUsage: 0.9), EndpointLoad(kvCacheUsage: 0.1))
    #expect(first([Known(load: full), Known(load: empty)]) == endpoint(2))
  }

  @Test("an idle endpoint takes the request though its late metrics look a little worse") func inFlightFirst() {
    let late = EndpointLoad(waiting: 1, kvCacheUsage: 0.3)
    #expect(first([Known(load: late), Known(inFlight: 8, load: EndpointLoad())]) == endpoint(1))
  }

  @Test("an endpoint without metrics is neither preferred nor left out") func unknown() {
    let totals = totals([
      Known(load: EndpointLoad(waiting: 9, kvCacheUsage: 0.9)), Known(), Known(load: EndpointLoad()),
    ])
    #expect(totals[0] < totals[1] && totals[1] < totals[2])
  }

  @Test("equals take turns at random") func ties() {
    var wins: [EndpointID: Int] = [:]
    for seed in 0..<400 {
      guard let winner = first(Array(repeating: Known(), count: 4), seed: UInt64(seed)) else { continue }
      wins[winner.id, default: 0] += 1
    }
    #expect(wins.count == 4)
    for count in wins.values { #expect((60...140).contains(count)) }
  }

  @Test("an adapter's home wins with the adapter scorer") func adapters() {
    let picker = EndpointPicker(scorers: [.init(AdapterScorer(), weight: 1)])
    let home = EndpointLoad(runningAdapters: ["m"], maxAdapters: 1)
    let room = EndpointLoad(runningAdapters: ["x"], maxAdapters: 2)
    let queued = EndpointLoad(runningAdapters: ["x"], waitingAdapters: ["m"], maxAdapters: 1)
    let full = EndpointLoad(runningAdapters: ["x"], maxAdapters: 1)
    #expect(totals([home, room, queued, full].map { Known(load: $0) }, picker: picker) == [1, 0.8, 0.6, 0])
  }

  private struct OnlyEven: Filter {
    let name = "even"
    func keeps(_ candidate: PickCandidate, in round: PickRound) -> Bool { candidate.inFlight.isMultiple(of: 2) }
  }

  @Test("filtered endpoints come last, and all stay in the list") func filters() {
    let picker = EndpointPicker(filters: [OnlyEven()], scorers: EndpointPicker.standard.scorers)
    #expect(first([Known(inFlight: 1), Known(inFlight: 4)], picker: picker) == endpoint(2))
    #expect(first([Known(inFlight: 1), Known(inFlight: 3)], picker: picker) == endpoint(1))
  }

  @Test("an endpoint that failed a moment ago comes last, whatever else speaks for it") func failed() {
    let idle = Known(load: EndpointLoad(), hasFailed: true)
    let busy = Known(inFlight: 50, load: EndpointLoad(waiting: 9, kvCacheUsage: 1))
    #expect(first([idle, busy]) == endpoint(2))
    #expect(first([idle]) == endpoint(1))
    let picker = EndpointPicker(filters: [OnlyEven()], scorers: EndpointPicker.standard.scorers)
    #expect(first([idle, Known(inFlight: 1)], picker: picker) == endpoint(2))
  }

  @Test("a failure is remembered for five seconds") func failureMemory() {
    let states = [endpoint(1), endpoint(2)].map { EndpointState($0.id) }
    states[0].fail(now: 10 * Self.second)
    states[1].fail(now: 14 * Self.second)
    let later = { (now: UInt64) in states.map { $0.hasFailedLately(now: now * Self.second) } }
    #expect(later(14) == [true, true])
    #expect(later(15) == [false, true])
    states[0].fail(now: 16 * Self.second)
    #expect(later(18) == [true, true])
    #expect(later(19) == [true, false])
  }

  @Test(
    "shedding: sheddable first, standard later, critical never",
    arguments: [
      ([EndpointLoad(waiting: 4, kvCacheUsage: 0.79)], [false, false]),
      ([EndpointLoad(waiting: 5)], [true, false]),
      ([EndpointLoad(kvCacheUsage: 0.8)], [true, false]),
      ([EndpointLoad(waiting: 9, kvCacheUsage: 1)], [true, false]),
      ([EndpointLoad(waiting: 10)], [true, true]),
      ([EndpointLoad(waiting: 50), EndpointLoad(waiting: 4)], [false, false]),
      ([EndpointLoad(waiting: 50), EndpointLoad(waiting: 50)], [true, true]),
      ([EndpointLoad(waiting: 50), nil], [false, false]),
      ([], [false, false]),
    ] as [([EndpointLoad?], [Bool])])
  func saturation(loads: [EndpointLoad?], sheds: [Bool]) {
    let candidates = loads.map { load in
      PickCandidate(
        place: 0,
        signals: load.map { LoadSignals(waiting: $0.waiting, running: $0.running, kvCacheUsage: $0.kvCacheUsage) })
    }
    let saturation = Saturation()
    #expect([.sheddable, .standard].map { saturation.sheds($0, from: candidates) } == sheds)
    #expect(!saturation.sheds(.critical, from: candidates))
  }

  @Test("without metrics, our own counts say when a pool is full") func saturationInFlight() {
    let saturation = Saturation(inFlight: 10)
    for (count, sheds) in [(9, [false, false]), (10, [true, false]), (20, [true, true])] {
      let candidates = [PickCandidate(place: 0, inFlight: count), PickCandidate(place: 1, inFlight: 100)]
      #expect([.sheddable, .standard].map { saturation.sheds($0, from: candidates) } == sheds)
    }
  }

  @Test("an endpoint that failed a moment ago is no room, unless all did") func saturationWithoutTheFailed() {
    let saturation = Saturation(inFlight: 10)
    let failed = PickCandidate(place: 0, signals: LoadSignals(), hasFailedLately: true)
    let full = PickCandidate(place: 1, inFlight: 10)
    #expect(saturation.sheds(.sheddable, from: [failed, full]))
    #expect(!saturation.sheds(.sheddable, from: [failed, PickCandidate(place: 1, inFlight: 9)]))
    #expect(!saturation.sheds(.sheddable, from: [failed]))
  }

  @Test("requests that fresh metrics do not show yet count as those without metrics") func saturationBetweenReadings() {
    let saturation = Saturation(inFlight: 10)
    let load = LoadSignals(waiting: 4, running: 100)
    for (count, sheds) in [
      (104, [false, false]), (113, [false, false]), (114, [true, false]), (124, [true, true]),
    ] {
      let candidates = [PickCandidate(place: 0, inFlight: count, signals: load)]
      #expect([.sheddable, .standard].map { saturation.sheds($0, from: candidates) } == sheds, "\(count)")
    }
  }
}
