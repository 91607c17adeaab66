import Testing

@testable import ModelEngine

@Suite("Scheduling in virtual time")
struct EngineTests {
  @Test("A request alone takes its prompt at prefill speed and each further token at decode speed")
  func alone() {
    var run = Run()
    run.submit(request(1, prompt: 100, tokens: 5))
    run.drain()
    #expect(run.events.first == EngineEvent(time: 0, id: 1, kind: .admitted(cachedTokens: 0)))
    #expect(run.tokens(1).map(\.time) == (0...4).map { ms(100 + 100 * $0) })
    #expect(run.tokens(1).map(\.count) == [1, 2, 3, 4, 5])
    #expect(run.events.last == EngineEvent(time: ms(500), id: 1, kind: .finished(.length, tokens: 5)))
    #expect(run.engine.scrape.cacheUsage == 0)
  }

  @Test("An answer that ends by itself stops; one that is longer than allowed is cut", arguments: [3, 5, 9])
  func ending(answer: Int) {
    var run = Run()
    run.submit(request(1, tokens: 5, answer: answer))
    run.drain()
    #expect(run.reason(1) == (answer <= 5 ? .finished(.stop, tokens: answer) : .finished(.length, tokens: 5)))
  }

  @Test("Without a free slot a request waits until one ends")
  func queueing() {
    var run = Run(configuration { $0.limits.maxSequences = 1 })
    run.submit(request(1))
    run.submit(request(2))
    #expect(run.engine.scrape.running == 1)
    #expect(run.engine.scrape.waiting == 1)
    run.drain()
    #expect(run.ends == [1: ms(410), 2: ms(820)])
    #expect(run.engine.histograms?.queueTime.sum == 0.41)
  }

  @Test(
    "Requests of one moment share their steps; the slowdown is paid once a step", arguments: [(0, 420), (0.5, 620)])
  func batching(slowdown: Double, expected: Int) {
    var run = Run(configuration(slowdown: slowdown))
    run.submit(request(1))
    run.submit(request(2))
    run.drain()
    #expect(run.ends == [1: ms(expected), 2: ms(expected)])
  }

  @Test("A prompt seen before is computed only from its first new block on")
  func prefixCache() {
    var run = Run()
    run.submit(request(1, prompt: 100, text: 7, tokens: 1))
    run.drain()
    run.submit(request(2, prompt: 100, text: 7, tokens: 1), at: ms(1000))
    run.drain()
    run.submit(request(3, prompt: 100, text: 8, tokens: 1), at: ms(2000))
    run.drain()
    #expect(run.ends == [1: ms(100), 2: ms(1004), 3: ms(2100)])
    #expect(run.engine.counters.prefixCacheHits == 96)
    #expect(run.engine.counters.prefixCacheQueries == 300)
  }

  @Test("The next turn of a conversation reuses prompt and answer of the one before")
  func turns() {
    var run = Run()
    run.submit(request(1, prompt: 64, text: 7, tokens: 32))
    run.drain()
    run.submit(request(2, prompt: 112, text: 7, tokens: 1), at: ms(9000))
    run.drain()
    // 96 tokens, of which the last one was never computed: 5 full blocks.
    #expect(run.engine.counters.prefixCacheHits == 80)
  }

  @Test("The least recently used prefix makes room")
  func eviction() {
    var run = Run(
      configuration {
        $0.limits.blockCount = 10
        $0.limits.contextLength = 160
      })
    for (id, text) in [(1, 1), (2, 2), (3, 3), (4, 3), (5, 1)] as [(UInt64, UInt64)] {
      run.submit(request(id, prompt: 64, text: text, tokens: 1), at: ms(1000 * Int(id)))
      run.drain()
    }
    // 10 blocks hold two and a half prompts, and the fourth request took one more: of the oldest prompt the first block
    // is left, since its end went first.
    let cached = run.events.compactMap { event in
      if case .admitted(let cached) = event.kind { return cached } else { return nil }
    }
    #expect(cached == [0, 0, 0, 48, 16])
  }

  @Test("A request whose adapter has no LoRA slot is passed over by later ones")
  func loraSlots() {
    var run = Run()
    run.submit(request(1, adapter: 11))
    run.submit(request(2, adapter: 12))
    run.submit(request(3))
    #expect(run.engine.scrape.runningAdapters == [AdapterID(11)])
    #expect(run.engine.scrape.waitingAdapters == [AdapterID(12)])
    #expect(run.engine.scrape.deferred == 1)
    run.drain()
    #expect(run.ends == [1: ms(420), 2: ms(830), 3: ms(420)])
  }

  @Test("An adapter is loaded once while it is used, and one that runs never leaves for another")
  func adapterLoads() {
    var run = Run(
      configuration {
        $0.limits.maxLoras = 2
        $0.cost.secondsPerAdapterLoad = 1
      })
    // 11 runs all the time; 12 and 13 take turns in the other slot.
    run.submit(request(1, tokens: 200, adapter: 11))
    for (id, adapter) in [(2, 12), (3, 13), (4, 12), (5, 11)] as [(UInt64, UInt64)] {
      run.submit(request(id, tokens: 1, adapter: adapter), at: ms(1000 + 3000 * Int(id)))
    }
    run.drain()
    let waits = [2, 3, 4, 5].map { id in run.ends[UInt64(id)].map { $0 - ms(1000 + 3000 * id) } ?? 0 }
    #expect(waits.prefix(3).allSatisfy { $0 > ms(1000) })
    #expect(waits[3] < ms(1000))
  }

  @Test("When the cache is full the youngest gives way, and still finishes")
  func preemption() {
    // Two sequences of 16 + 48 tokens need 8 blocks; there are 6.
    var run = Run(
      configuration {
        $0.limits.blockCount = 6
        $0.limits.contextLength = 96
      })
    run.submit(request(1, prompt: 16, tokens: 48))
    run.submit(request(2, prompt: 16, tokens: 48))
    run.drain()
    #expect(run.engine.counters.preemptions >= 1)
    #expect(run.events.count { $0.kind == .preempted } == run.engine.counters.preemptions)
    #expect(run.ends[1] ?? .max < run.ends[2] ?? 0)
    for id in [1, 2] as [UInt64] { #expect(run.tokens(id).map(\.count) == Array(1...48)) }
    #expect(run.engine.scrape.blocksInUse == 0)
  }

  @Test("A long prompt is computed in pieces while others go on generating")
  func chunkedPrefill() {
    var run = Run(configuration { $0.limits.maxBatchedTokens = 100 })
    run.submit(request(1, tokens: 6))
    run.submit(request(2, prompt: 250, tokens: 1), at: ms(1))
    run.drain()
    let first = run.tokens(2).first?.time ?? 0
    #expect(run.tokens(1).count { $0.time < first } >= 3)
  }

  @Test("A cancellation frees slot and blocks at once; the engine is idle when nothing is left")
  func cancel() {
    var run = Run(configuration { $0.limits.maxSequences = 1 })
    run.submit(request(1, prompt: 100))
    run.submit(request(2))
    run.engine.cancel(1, at: ms(50), into: &run.events)
    run.engine.cancel(1, at: ms(50), into: &run.events)
    #expect(run.reason(1) == .finished(.abort, tokens: 0))
    #expect(run.engine.scrape.running == 1)
    #expect(run.engine.nextEventTime == ms(60))
    run.engine.cancel(2, at: ms(55), into: &run.events)
    #expect(run.engine.nextEventTime == nil)
    #expect(run.engine.scrape.cacheUsage == 0)
    #expect(run.engine.counters.finished == [.abort: 2])
  }

  @Test("A late timer loses no time: steps begin when the one before ended")
  func lateAdvance() {
    var run = Run()
    run.submit(request(1, prompt: 100, tokens: 5))
    run.advance(to: ms(9000))
    #expect(run.tokens(1).count == 5)
    #expect(run.engine.histograms?.endToEnd.sum == 0.5)
  }

  @Test("A request that comes before a late timer does not start before it arrived")
  func arrivalBeforeLateTimer() {
    var run = Run()
    run.submit(request(1, prompt: 100, tokens: 2))
    // The step ended at 100 ms and the next one began; the request of 150 ms has to wait for the one after.
    run.submit(request(2, tokens: 1), at: ms(150))
    run.drain()
    #expect(run.events.first { $0.id == 2 } == EngineEvent(time: ms(200), id: 2, kind: .admitted(cachedTokens: 0)))
  }

  @Test("A moment before the engine's counts as the engine's")
  func timeDoesNotGoBack() {
    var run = Run()
    run.advance(to: ms(100))
    run.submit(request(1, tokens: 1), at: ms(20))
    run.drain()
    #expect(run.events.first?.time == ms(100))
    #expect(run.events.map(\.time) == run.events.map(\.time).sorted())
  }

  @Test("With milestones only, the first token is told and the counts stay right")
  func milestones() {
    var run = Run(configuration { $0.tokenEvents = .first })
    run.submit(request(1, tokens: 30))
    run.drain()
    #expect(run.tokens(1).map(\.count) == [1])
    #expect(run.reason(1) == .finished(.length, tokens: 30))
    #expect(run.engine.counters.generationTokens == 30)
  }
}
