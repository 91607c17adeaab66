import Routing
import TestSupport
import Testing

@Suite("Picking") struct PickingTests {
  private func candidate(_ number: Int, inFlight: Int = 0, load: EndpointLoad? = nil) -> PickCandidate {
    PickCandidate(endpoint: endpoint(number), load: load, inFlight: inFlight)
  }

  private func first(_ candidates: [PickCandidate], picker: EndpointPicker = .standard, seed: UInt64 = 1) -> Endpoint? {
    var generator = SeededGenerator(seed)
    let ordered = picker.ordered(candidates, for: PickRequest(model: "m"), using: &generator)
    #expect(Set(ordered.map(\.id)) == Set(candidates.map(\.endpoint.id)))
    #expect(ordered.count == candidates.count)
    return ordered.first
  }

  @Test("fewest requests in flight wins where metrics say nothing") func inFlight() {
    for seed in 0..<20 {
      #expect(first([candidate(1, inFlight: 3), candidate(2, inFlight: 1)], seed: UInt64(seed)) == endpoint(2))
    }
  }

  @Test("the shorter queue, then the emptier cache wins") func metrics() {
    let (long, short) = (EndpointLoad(waiting: 4), EndpointLoad(waiting: 1))
    #expect(first([candidate(1, load: long), candidate(2, load: short)]) == endpoint(2))
    let (full, empty) = (EndpointLoad(kvCacheUsage: 0.9), EndpointLoad(kvCacheUsage: 0.1))
    #expect(first([candidate(1, load: full), candidate(2, load: empty)]) == endpoint(2))
  }

  @Test("an idle endpoint takes the request though its late metrics look a little worse") func inFlightFirst() {
    let late = EndpointLoad(waiting: 1, kvCacheUsage: 0.3)
    #expect(
      first([candidate(1, inFlight: 0, load: late), candidate(2, inFlight: 8, load: EndpointLoad())]) == endpoint(1))
  }

  @Test("an endpoint without metrics is neither preferred nor left out") func unknown() {
    let busy = candidate(1, load: EndpointLoad(waiting: 9, kvCacheUsage: 0.9))
    let idle = candidate(2, load: EndpointLoad())
    let totals = EndpointPicker.standard.totals(of: [busy, candidate(3), idle], for: PickRequest())
    #expect(totals[0] < totals[1] && totals[1] < totals[2])
  }

  @Test("equals take turns at random") func ties() {
    var wins: [EndpointID: Int] = [:]
    for seed in 0..<400 {
      guard let winner = first((1...4).map { candidate($0) }, seed: UInt64(seed)) else { continue }
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
    let totals = picker.totals(
      of: [home, room, queued, full].map { candidate(1, load: $0) }, for: PickRequest(model: "m"))
    #expect(totals == [1, 0.8, 0.6, 0])
  }

  private struct OnlyEven: Filter {
    let name = "even"
    func keeps(_ candidates: [PickCandidate], for request: PickRequest) -> [Bool] {
      candidates.map { $0.inFlight.isMultiple(of: 2) }
    }
  }

  @Test("filtered endpoints come last, and all stay in the list") func filters() {
    let picker = EndpointPicker(filters: [OnlyEven()], scorers: EndpointPicker.standard.scorers)
    #expect(first([candidate(1, inFlight: 1), candidate(2, inFlight: 4)], picker: picker) == endpoint(2))
    #expect(first([candidate(1, inFlight: 1), candidate(2, inFlight: 3)], picker: picker) == endpoint(1))
  }

  @Test("an endpoint that failed a moment ago comes last, whatever else speaks for it") func failed() {
    let idle = PickCandidate(endpoint: endpoint(1), load: EndpointLoad(), hasFailedLately: true)
    let busy = candidate(2, inFlight: 50, load: EndpointLoad(waiting: 9, kvCacheUsage: 1))
    #expect(first([idle, busy]) == endpoint(2))
    #expect(first([idle]) == endpoint(1))
    let picker = EndpointPicker(filters: [OnlyEven()], scorers: EndpointPicker.standard.scorers)
    #expect(first([idle, candidate(2, inFlight: 1)], picker: picker) == endpoint(2))
  }

  @Test("a failure is remembered for five seconds") func failureMemory() {
    let counts = InFlightCounts()
    let second: UInt64 = 1_000_000_000
    counts.begin(endpoint(1).id)
    counts.fail(endpoint(1).id, now: 10 * second)
    counts.fail(endpoint(2).id, now: 14 * second)
    let later = { (now: UInt64) in
      counts.standings([endpoint(1), endpoint(2)], now: now * second).map(\.hasFailedLately)
    }
    #expect(later(14) == [true, true])
    #expect(later(15) == [false, true])
    counts.fail(endpoint(1).id, now: 16 * second)
    #expect(later(18) == [true, true])
    #expect(later(19) == [true, false])
    #expect(counts.standings([endpoint(1), endpoint(3)], now: 0).map(\.inFlight) == [1, 0])
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
    let candidates = loads.map { candidate(1, load: $0) }
    let saturation = Saturation()
    #expect([.sheddable, .standard].map { saturation.sheds($0, from: candidates) } == sheds)
    #expect(!saturation.sheds(.critical, from: candidates))
  }

  @Test("without metrics, our own counts say when a pool is full") func saturationInFlight() {
    let saturation = Saturation(inFlight: 10)
    for (count, sheds) in [(9, [false, false]), (10, [true, false]), (20, [true, true])] {
      let candidates = [candidate(1, inFlight: count), candidate(2, inFlight: 100)]
      #expect([.sheddable, .standard].map { saturation.sheds($0, from: candidates) } == sheds)
    }
  }

  @Test("an endpoint that failed a moment ago is no room, unless all did") func saturationWithoutTheFailed() {
    let saturation = Saturation(inFlight: 10)
    let failed = PickCandidate(endpoint: endpoint(1), load: EndpointLoad(), hasFailedLately: true)
    let full = candidate(2, inFlight: 10)
    #expect(saturation.sheds(.sheddable, from: [failed, full]))
    #expect(!saturation.sheds(.sheddable, from: [failed, candidate(2, inFlight: 9)]))
    #expect(!saturation.sheds(.sheddable, from: [failed]))
  }

  @Test("requests that fresh metrics do not show yet count as those without metrics") func saturationBetweenReadings() {
    let saturation = Saturation(inFlight: 10)
    let load = EndpointLoad(waiting: 4, running: 100)
    for (count, sheds) in [
      (104, [false, false]), (113, [false, false]), (114, [true, false]), (124, [true, true]),
    ] {
      let candidates = [candidate(1, inFlight: count, load: load)]
      #expect([.sheddable, .standard].map { saturation.sheds($0, from: candidates) } == sheds, "\(count)")
    }
  }

  @Test("in-flight counts go up and down and never below zero") func counts() {
    let counts = InFlightCounts()
    counts.begin(endpoint(1).id)
    counts.begin(endpoint(1).id)
    counts.begin(endpoint(2).id)
    counts.end(endpoint(1).id)
    counts.end(endpoint(3).id)
    #expect(counts.counts([endpoint(1), endpoint(2), endpoint(3)]) == [1, 1, 0])
    #expect(counts.total == 2)
    counts.end(endpoint(1).id)
    #expect(counts.count(endpoint(1).id) == 0)
  }
}
