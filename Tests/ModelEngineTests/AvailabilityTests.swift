import Testing

@testable import ModelEngine

@Suite("Queue limits, cold start, failure")
struct AvailabilityTests {
  @Test("Beyond the requests that may be open, more are rejected and counted; sequences of one request go together")
  func queuedRequests() {
    var run = Run(
      configuration {
        $0.limits.maxSequences = 1
        $0.limits.maxQueuedRequests = 3
      })
    run.submit(request(1))
    run.submit(request(2))
    run.engine.submit([request(3), request(4)], at: 0, into: &run.events)
    #expect(run.reason(3) == .rejected(.queuedRequests))
    #expect(run.reason(4) == .rejected(.queuedRequests))
    run.submit(request(5))
    run.drain()
    #expect(run.ends.keys.sorted() == [1, 2, 3, 4, 5])
    #expect(run.engine.counters.accepted == 3)
    #expect(run.engine.counters.rejected == [.queuedRequests: 2])
    run.submit(request(6), at: ms(9000))
    run.drain()
    #expect(run.reason(6) == .finished(.length, tokens: 5))
  }

  @Test("Once enough prompt tokens wait, more requests are rejected; first tokens and cancellations make room")
  func queuedTokens() {
    var run = Run(
      configuration {
        $0.limits.maxSequences = 1
        $0.limits.maxQueuedTokens = 150
      })
    run.submit(request(1, prompt: 100))
    run.submit(request(2, prompt: 100))
    run.submit(request(3, prompt: 1))
    #expect(run.reason(3) == .rejected(.queuedTokens))
    run.submit(request(4, prompt: 100), at: ms(100))
    #expect(run.reason(4) == nil)
    run.engine.cancel(4, at: ms(101), into: &run.events)
    run.submit(request(5, prompt: 100), at: ms(102))
    run.drain()
    #expect(run.reason(5) == .finished(.length, tokens: 5))
    #expect(run.engine.queuedTokens == 0)
  }

  @Test("A request that context or cache could never hold is rejected", arguments: [(50, 6), (100, 3)])
  func tooLong(context: Int, blocks: Int) {
    var run = Run(
      configuration {
        $0.limits.contextLength = context
        $0.limits.blockCount = blocks
      })
    run.submit(request(1, prompt: 40, tokens: 11))
    #expect(run.reason(1) == .rejected(.tooLong))
    run.submit(request(2, prompt: 40, tokens: 8))
    run.drain()
    #expect(run.reason(2) == .finished(.length, tokens: 8))
  }

  @Test("While the model is loaded, requests wait for it, or are told to go elsewhere")
  func coldStart() {
    for admission in [EngineConfiguration.ColdStart.Admission.wait, .refuse] {
      var run = Run(configuration { $0.coldStart = .init(readyAt: ms(30_000), admission: admission) })
      run.submit(request(1, tokens: 1), at: ms(10))
      #expect(run.engine.scrape.phase == .loading)
      #expect(run.engine.nextEventTime == (admission == .wait ? ms(30_000) : nil))
      run.drain()
      #expect(run.ends[1] == (admission == .wait ? ms(30_010) : ms(10)))
      run.submit(request(2, tokens: 1), at: ms(40_000))
      run.drain()
      #expect(run.reason(2) == .finished(.length, tokens: 1))
      #expect(run.engine.scrape.phase == .serving)
    }
  }

  @Test("A failure ends everything with an error and loses the cache; after it the engine serves again")
  func outage() {
    var run = Run(
      configuration {
        $0.limits.maxSequences = 1
        $0.outages = [EngineOutage(begin: ms(250), end: ms(400))]
      })
    run.submit(request(1, prompt: 100, text: 7, adapter: 3))
    run.submit(request(2, prompt: 100, text: 7))
    run.submit(request(3), at: ms(300))
    #expect(run.reason(1) == .finished(.error, tokens: 2))
    #expect(run.reason(2) == .finished(.error, tokens: 0))
    #expect(run.reason(3) == .rejected(.failed))
    #expect(run.ends[1] == ms(250))
    #expect(run.engine.scrape.phase == .failed)
    #expect(run.engine.pool.cached == 0)
    run.submit(request(4, prompt: 100, text: 7), at: ms(400))
    run.drain()
    #expect(run.reason(4) == .finished(.length, tokens: 5))
    #expect(run.engine.counters.prefixCacheHits == 0)
    #expect(run.engine.counters.finished == [.error: 2, .length: 1])
  }

  @Test("A timer set for the next event meets a failure when it comes")
  func outageIsAnEvent() {
    var run = Run(configuration { $0.outages = [EngineOutage(begin: ms(50))] })
    #expect(run.engine.nextEventTime == nil)
    run.submit(request(1, prompt: 100), at: ms(10))
    #expect(run.engine.nextEventTime == ms(50))
    run.drain()
    #expect(run.reason(1) == .finished(.error, tokens: 0))
  }

  @Test("Told to fail for good, an engine takes nothing any more")
  func failForGood() {
    var run = Run()
    run.submit(request(1))
    run.engine.fail(at: ms(5), into: &run.events)
    run.submit(request(2), at: ms(1_000_000))
    #expect(run.reason(1) == .finished(.error, tokens: 0))
    #expect(run.reason(2) == .rejected(.failed))
    #expect(run.engine.nextEventTime == nil)
  }

  @Test("What no engine can be is a sentence with field, value and cure")
  func problems() {
    #expect(configuration().problem == nil)
    let problems = [
      configuration { $0.limits.maxSequences = 0 },
      configuration { $0.limits.maxQueuedRequests = 0 },
      configuration { $0.limits.contextLength = 1 },
      configuration { $0.limits.maxLoras = -1 },
      configuration { $0.limits.blockCount = 2 },
      configuration { $0.cost.secondsPerDecodeStep = -1 },
      configuration { $0.outages = [EngineOutage(begin: 5, end: 3)] },
    ].map(\.problem)
    #expect(
      problems == [
        "limits.maxSequences is 0; give 1 or more",
        "limits.maxQueuedRequests is 0; give 1 or more",
        "limits.contextLength is 1; give 2 or more",
        "limits.maxLoras is -1; give 0 or more",
        "limits.blockCount × blockSize is 32 tokens, fewer than contextLength 1000; raise blockCount or lower "
          + "contextLength",
        "cost.secondsPerDecodeStep is -1.0; give a number of seconds, 0 or more",
        "outages has one that ends at 3 ns and begins at 5 ns; let it end later",
      ])
  }
}
