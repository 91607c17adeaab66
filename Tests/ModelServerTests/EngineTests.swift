import Testing

@testable import ModelServer

/// Runs an engine in virtual time until it is idle.
private func drain(_ engine: inout EngineStateMachine) -> [(at: Duration, event: EngineEvent)] {
  var events: [(at: Duration, event: EngineEvent)] = []
  while let deadline = engine.nextDeadline {
    events += engine.advance(to: deadline).map { (deadline, $0) }
  }
  return events
}

private func request(
  _ id: UInt64, prompt: Int = 10, salt: UInt32 = 0, tokens: Int = 5, adapter: String? = nil, stop: [String] = []
) -> EngineRequest {
  EngineRequest(
    id: id, prompt: (0..<UInt32(prompt)).map { $0 &+ salt }, maxTokens: tokens, ignoresEnd: true, stop: stop,
    adapter: adapter, source: TokenSource(key: id))
}

/// 1000 prompt tokens a second, 10 generated tokens a second, no slowdown unless told.
private func parameters(_ change: (inout EngineParameters) -> Void = { _ in }) -> EngineParameters {
  var parameters = EngineParameters(
    prefillTokensPerSecond: 1000, decodeTokensPerSecond: 10, decodeSlowdownPerSequence: 0, maxSequences: 8,
    maxBatchedTokens: 1000, blockCount: 100, blockSize: 16, maxLoras: 1, loraLoadSeconds: 0)
  change(&parameters)
  return parameters
}

private func finishes(_ events: [(at: Duration, event: EngineEvent)]) -> [UInt64: Duration] {
  var times: [UInt64: Duration] = [:]
  for (at, event) in events where event.finish != nil { times[event.id] = at }
  return times
}

@Suite("Engine in virtual time")
struct EngineTests {
  @Test("A request alone takes its prompt at prefill speed and each further token at decode speed")
  func alone() {
    var engine = EngineStateMachine(parameters: parameters(), maxModelLength: 1000)
    engine.submit(request(1, prompt: 100, tokens: 5), at: .zero)
    engine.startIfIdle(at: .zero)
    let events = drain(&engine)
    #expect(events.map(\.at) == [.milliseconds(100)] + (1...4).map { .milliseconds(100 + 100 * $0) })
    #expect(events.last?.event.finish == .length)
    #expect(events.map(\.event.completionTokens) == [1, 2, 3, 4, 5])
    #expect(engine.nextDeadline == nil)
    #expect(engine.cacheUsage == 0)
  }

  @Test("Without a free slot a request waits until one ends")
  func queueing() {
    var engine = EngineStateMachine(parameters: parameters { $0.maxSequences = 1 }, maxModelLength: 1000)
    engine.submit(request(1, salt: 100), at: .zero)
    engine.submit(request(2, salt: 200), at: .zero)
    engine.startIfIdle(at: .zero)
    #expect(engine.runningCount == 1)
    #expect(engine.waitingCount == 1)
    let times = finishes(drain(&engine))
    #expect(times[1] == .milliseconds(410))
    #expect(times[2] == .milliseconds(820))
    #expect(engine.statistics.queueTime.sum > 0.4)
  }

  @Test("A batch shares its steps; the slowdown is paid once a step", arguments: [(0.0, 420), (0.5, 620)])
  func batching(slowdown: Double, expected: Int) {
    let parameters = parameters { $0.decodeSlowdownPerSequence = slowdown }
    var engine = EngineStateMachine(parameters: parameters, maxModelLength: 1000)
    engine.submit(request(1, salt: 100), at: .zero)
    engine.submit(request(2, salt: 200), at: .zero)
    engine.startIfIdle(at: .zero)
    let times = finishes(drain(&engine))
    #expect(times == [1: .milliseconds(expected), 2: .milliseconds(expected)])
  }

  @Test("A prompt seen before is computed only from its first new block on")
  func prefixCache() {
    var engine = EngineStateMachine(parameters: parameters(), maxModelLength: 1000)
    engine.submit(request(1, prompt: 100, tokens: 1), at: .zero)
    engine.startIfIdle(at: .zero)
    #expect(drain(&engine).last?.at == .milliseconds(100))
    engine.submit(request(2, prompt: 100, tokens: 1), at: .seconds(1))
    engine.startIfIdle(at: .seconds(1))
    #expect(drain(&engine).last?.at == .milliseconds(1004))
    #expect(engine.statistics.prefixCacheHits == 96)
    #expect(engine.statistics.prefixCacheQueries == 200)
    engine.submit(request(3, prompt: 100, salt: 7, tokens: 1), at: .seconds(2))
    engine.startIfIdle(at: .seconds(2))
    #expect(drain(&engine).last?.at == .milliseconds(2100))
  }

  @Test("An adapter does not reuse the base model's cache")
  func prefixCacheByAdapter() {
    var engine = EngineStateMachine(parameters: parameters(), maxModelLength: 1000)
    engine.submit(request(1, prompt: 100, tokens: 1), at: .zero)
    engine.startIfIdle(at: .zero)
    _ = drain(&engine)
    engine.submit(request(2, prompt: 100, tokens: 1, adapter: "a"), at: .seconds(1))
    engine.startIfIdle(at: .seconds(1))
    _ = drain(&engine)
    #expect(engine.statistics.prefixCacheHits == 0)
  }

  @Test("The least recently used prefix makes room")
  func eviction() {
    var engine = EngineStateMachine(parameters: parameters { $0.blockCount = 10 }, maxModelLength: 160)
    for (id, salt) in [(1, 0), (2, 1000), (3, 2000)] as [(UInt64, UInt32)] {
      engine.submit(request(id, prompt: 64, salt: salt, tokens: 1), at: .seconds(Int(id)))
      engine.startIfIdle(at: .seconds(Int(id)))
      _ = drain(&engine)
    }
    engine.submit(request(4, prompt: 64, salt: 2000, tokens: 1), at: .seconds(4))
    engine.startIfIdle(at: .seconds(4))
    _ = drain(&engine)
    #expect(engine.statistics.prefixCacheHits == 48)
    engine.submit(request(5, prompt: 64, salt: 0, tokens: 1), at: .seconds(5))
    engine.startIfIdle(at: .seconds(5))
    _ = drain(&engine)
    // 10 blocks hold two and a half prompts: of the oldest one the beginning is left, its end went first.
    #expect(engine.statistics.prefixCacheHits < 48 + 48)
  }

  @Test("A request whose adapter has no LoRA slot is passed over by later ones")
  func loraSlots() {
    var engine = EngineStateMachine(parameters: parameters(), maxModelLength: 1000)
    engine.submit(request(1, salt: 100, adapter: "chat-lora"), at: .zero)
    engine.submit(request(2, salt: 200, adapter: "rec-lora"), at: .zero)
    engine.submit(request(3, salt: 300), at: .zero)
    engine.startIfIdle(at: .zero)
    #expect(engine.runningAdapters == ["chat-lora"])
    #expect(engine.waitingAdapters == ["rec-lora"])
    #expect(engine.deferredCount == 1)
    let times = finishes(drain(&engine))
    #expect(times[1] == times[3])
    #expect(times[2] ?? .zero > times[1] ?? .zero)
  }

  @Test("When the cache is full the youngest gives way, and still finishes")
  func preemption() {
    // Two sequences of 16 + 48 tokens need 8 blocks; there are 6.
    var engine = EngineStateMachine(parameters: parameters { $0.blockCount = 6 }, maxModelLength: 96)
    engine.submit(request(1, prompt: 16, salt: 100, tokens: 48), at: .zero)
    engine.submit(request(2, prompt: 16, salt: 200, tokens: 48), at: .zero)
    engine.startIfIdle(at: .zero)
    let events = drain(&engine)
    let times = finishes(events)
    #expect(engine.statistics.preemptions >= 1)
    #expect(times[1] ?? .zero < times[2] ?? .zero)
    for id in [1, 2] as [UInt64] {
      let own = events.map(\.event).filter { $0.id == id }
      #expect(own.map(\.completionTokens) == Array(1...48))
    }
    #expect(engine.cacheUsage == 0)
  }

  @Test("A long prompt is computed in pieces while others go on generating")
  func chunkedPrefill() {
    var engine = EngineStateMachine(
      parameters: parameters { $0.maxBatchedTokens = 100 }, maxModelLength: 1000)
    engine.submit(request(1, salt: 5000, tokens: 6), at: .zero)
    engine.startIfIdle(at: .zero)
    engine.submit(request(2, prompt: 250, tokens: 1), at: .milliseconds(1))
    let events = drain(&engine)
    let first = events.firstIndex { $0.event.id == 2 } ?? 0
    #expect(events[..<first].count { $0.event.id == 1 } >= 3)
  }

  @Test("An abort frees slot and blocks at once; the engine is idle when nothing is left")
  func abort() {
    var engine = EngineStateMachine(parameters: parameters { $0.maxSequences = 1 }, maxModelLength: 1000)
    engine.submit(request(1, prompt: 100), at: .zero)
    engine.submit(request(2, prompt: 10, salt: 900), at: .zero)
    engine.startIfIdle(at: .zero)
    #expect(engine.abort(1, at: .milliseconds(50))?.finish == .abort)
    #expect(engine.abort(1, at: .milliseconds(50)) == nil)
    #expect(engine.runningCount == 1)
    #expect(engine.nextDeadline == .milliseconds(60))
    _ = engine.abort(2, at: .milliseconds(55))
    #expect(engine.nextDeadline == nil)
    #expect(engine.cacheUsage == 0)
    #expect(engine.statistics.finished[.abort] == 2)
  }

  @Test("A late timer loses no time: steps begin when the one before ended")
  func lateAdvance() {
    var engine = EngineStateMachine(parameters: parameters(), maxModelLength: 1000)
    engine.submit(request(1, prompt: 100, tokens: 5), at: .zero)
    engine.startIfIdle(at: .zero)
    let events = engine.advance(to: .seconds(9))
    #expect(events.count == 5)
    #expect(abs(engine.statistics.endToEnd.sum - 0.5) < 0.001)
  }

  @Test("Stop strings end the text, also across tokens, and are not sent in part", arguments: [false, true])
  func stopStrings(keeps: Bool) {
    let source = TokenSource(key: 1)
    let words = (0..<6).map { source.text(at: $0) }
    let stop = String(words[2].suffix(3)) + String(words[3].prefix(3))
    var engine = EngineStateMachine(parameters: parameters(), maxModelLength: 1000)
    var sent = request(1, tokens: 20, stop: [stop, "never"])
    sent.includesStop = keeps
    engine.submit(sent, at: .zero)
    engine.startIfIdle(at: .zero)
    let events = drain(&engine).map(\.event)
    let text = events.map(\.text).joined()
    #expect(events.last?.finish == .stop)
    #expect(events.last?.stopReason == stop)
    #expect(text == words[..<2].joined() + words[2].dropLast(3) + (keeps ? stop : ""))
  }

  @Test("A text ends by itself after its natural length, unless told to go on")
  func naturalEnd() {
    var engine = EngineStateMachine(parameters: parameters(), maxModelLength: 1000)
    var own = request(1, tokens: 900)
    own.ignoresEnd = false
    engine.submit(own, at: .zero)
    engine.startIfIdle(at: .zero)
    let last = drain(&engine).last?.event
    #expect(last?.finish == .stop)
    #expect(last?.stopReason == nil)
    #expect(last?.completionTokens == own.source.naturalLength)
  }

  @Test("Any mix of requests ends with an empty cache", arguments: 0..<20)
  func nothingLeaks(seed: Int) {
    var engine = EngineStateMachine(
      parameters: parameters {
        $0.blockCount = 12
        $0.maxSequences = 4
        $0.maxBatchedTokens = 40
      }, maxModelLength: 150)
    var hash = UInt64(seed)
    func draw(_ bound: UInt64) -> Int {
      hash = StableHash.mix(hash, 1)
      return Int(hash % bound)
    }
    for id in 1...30 as ClosedRange<UInt64> {
      let one = request(
        id, prompt: 1 + draw(100), salt: UInt32(draw(3)), tokens: 1 + draw(40), adapter: ["a", "b", nil][draw(3)])
      engine.submit(one, at: .milliseconds(Int(id)))
      engine.startIfIdle(at: .milliseconds(Int(id)))
      if draw(5) == 0 { _ = engine.abort(UInt64(1 + draw(id)), at: .milliseconds(Int(id))) }
    }
    _ = drain(&engine)
    let finished = engine.statistics.finished.values.reduce(0, +)
    #expect(finished == 30)
    #expect(engine.runningCount == 0)
    #expect(engine.waitingCount == 0)
    #expect(engine.cacheUsage == 0)
  }

  @Test("Accelerators are found in short names and node labels; faster ones are faster")
  func presets() throws {
    for name in ["H100", "nvidia-h100-80gb", "NVIDIA-H100-80GB-HBM3", "nvidia.com/h100"] {
      #expect(EngineParameters.preset(accelerator: name) == EngineParameters.preset(accelerator: "H100"))
    }
    #expect(EngineParameters.preset(accelerator: "nvidia-l4") != nil)
    #expect(EngineParameters.preset(accelerator: "abacus") == nil)
    let fast = try #require(EngineParameters.preset(accelerator: "H100"))
    let slow = try #require(EngineParameters.preset(accelerator: "L4"))
    #expect(fast.decodeTokensPerSecond > slow.decodeTokensPerSecond)
    for name in EngineParameters.acceleratorNames {
      #expect(EngineParameters.preset(accelerator: name)?.problem == nil)
    }
  }
}
