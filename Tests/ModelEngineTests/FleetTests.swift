import TestSupport
import Testing

@testable import ModelEngine

@Suite("Thousands of engines in virtual time")
struct FleetTests {
  /// A fleet after a seeded stream of requests, each sent to the less loaded of two engines, and when each was sent.
  private func fleet(engines: Int, calls: Int, seed: UInt64) -> (runs: [Run], arrivals: [UInt64: Nanoseconds]) {
    var workload = Workload(seed: seed)
    var runs = (0..<engines).map { _ in Run(workload.configuration()) }
    var arrivals: [UInt64: Nanoseconds] = [:]
    var homes: [UInt64: Int] = [:]
    for (moment, call) in workload.calls(calls) {
      // Faster than the stream of one engine, so that all of them have something to do.
      let moment = moment * 8 / Nanoseconds(engines)
      let (one, other) = (workload.draw(0..<engines), workload.draw(0..<engines))
      runs[one].advance(to: moment)
      runs[other].advance(to: moment)
      var chosen = runs[one].engine.openCount <= runs[other].engine.openCount ? one : other
      switch call {
      case .submit(let requests):
        for request in requests { (arrivals[request.id], homes[request.id]) = (moment, chosen) }
      case .cancel(let id): chosen = homes[id] ?? chosen
      }
      runs[chosen].make(call, at: moment)
    }
    for index in runs.indices { runs[index].drain() }
    return (runs, arrivals)
  }

  @Test("A thousand engines end every request exactly once, never start one before it came, and keep no block")
  func conservation() {
    let (runs, arrivals) = fleet(engines: 1000, calls: 10_000, seed: 1)
    var ended: Set<UInt64> = []
    for run in runs {
      for event in run.events {
        #expect(!ended.contains(event.id), "an event after the end of \(event.id)")
        #expect(event.time >= arrivals[event.id] ?? .max)
        if event.isEnd { ended.insert(event.id) }
      }
      expectNothingLeft(run)
    }
    #expect(ended == Set(arrivals.keys))
    // The stream is no easy one: every way to end, to be rejected and to give way is in it.
    let counters = runs.map(\.engine.counters)
    for reason in [FinishReason.stop, .length, .abort, .error] {
      #expect(counters.contains { $0.finished[reason] != nil }, "\(reason)")
    }
    for reason in [RejectionReason.queuedRequests, .queuedTokens, .loading, .failed] {
      #expect(counters.contains { $0.rejected[reason] != nil }, "\(reason)")
    }
    #expect(counters.contains { $0.preemptions > 0 })
    #expect(counters.contains { $0.prefixCacheHits > 0 })
  }

  @Test("The same seed gives the same fleet, another one does not")
  func determinism() {
    let events = [3, 3, 4].map { seed in fleet(engines: 100, calls: 2000, seed: seed).runs.map(\.events) }
    #expect(events[0] == events[1])
    #expect(events[0] != events[2])
  }

  @Test("What happens does not depend on when somebody looks", arguments: 0..<40 as Range<UInt64>)
  func lookingChangesNothing(seed: UInt64) {
    var workload = Workload(seed: seed)
    let configuration = workload.configuration()
    let calls = workload.calls(60)
    var undisturbed = Run(configuration)
    var watched = Run(configuration)
    var driven = Run(configuration)
    for (moment, call) in calls {
      undisturbed.make(call, at: moment)
      for _ in 0..<workload.draw(0..<4) {
        watched.advance(to: min(moment, watched.engine.now + Nanoseconds(workload.draw(0..<20_000_000))))
      }
      if workload.draw(0..<2) == 0 { watched.advance(to: moment) }
      watched.make(call, at: moment)
      while let next = driven.engine.nextEventTime, next <= moment { driven.advance(to: next) }
      driven.make(call, at: moment)
    }
    undisturbed.advance(to: ms(1_000_000))
    watched.drain()
    driven.drain()
    #expect(undisturbed.events == watched.events)
    #expect(undisturbed.events == driven.events)
    #expect(undisturbed.engine.counters == driven.engine.counters)
    expectNothingLeft(driven)
  }

  /// Every sequence has ended, was counted, and gave back what it held; what remains in the cache fits into it.
  private func expectNothingLeft(_ run: Run) {
    let (engine, counters) = (run.engine, run.engine.counters)
    #expect(engine.nextEventTime == nil)
    #expect(engine.sequences.count == 0)
    #expect(engine.running.isEmpty && engine.waitingCount == 0 && engine.activeAdapters == 0)
    #expect(engine.queuedTokens == 0)
    #expect(engine.pool.inUse == 0)
    #expect(engine.pool.cached <= engine.pool.capacity)
    #expect(engine.adapters.count - 1 == engine.residentAdapters)
    #expect(counters.finished.values.reduce(0, +) == counters.accepted)
    let ends = run.events.reduce((finished: 0, rejected: 0, tokens: 0)) { sum, event in
      switch event.kind {
      case .finished(_, let tokens): (sum.finished + 1, sum.rejected, sum.tokens + tokens)
      case .rejected: (sum.finished, sum.rejected + 1, sum.tokens)
      case .admitted, .token, .preempted: sum
      }
    }
    #expect(ends.finished == counters.accepted)
    #expect(ends.rejected == counters.rejected.values.reduce(0, +))
    #expect(ends.tokens == counters.generationTokens)
  }
}
