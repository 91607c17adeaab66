import TestSupport

@testable import ModelEngine

/// What happens to an engine from outside.
enum Call {
  case submit([EngineRequest])
  case cancel(UInt64)
}

/// Draws engines and what happens to them.
struct Workload {
  private var random: SeededGenerator
  private var lastID: UInt64 = 0

  init(seed: UInt64) { random = SeededGenerator(seed) }

  mutating func draw(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }

  /// A small engine, so that slots, blocks, adapters and the queue all run short; some start late, some fail.
  mutating func configuration() -> EngineConfiguration {
    var limits = EngineLimits(
      maxSequences: draw(2..<6), maxBatchedTokens: draw(20..<200), contextLength: 192, blockCount: draw(12..<40),
      maxLoras: draw(1..<3))
    if draw(0..<3) == 0 { limits.maxQueuedRequests = draw(4..<12) }
    if draw(0..<4) == 0 { limits.maxQueuedTokens = draw(100..<600) }
    var configuration = EngineConfiguration(
      cost: CostModel(promptTokensPerSecond: 5000, tokensPerSecond: 100, slowdownPerSequence: 0.1), limits: limits)
    if draw(0..<5) == 0 {
      configuration.coldStart = .init(readyAt: ms(draw(1..<500)), admission: draw(0..<2) == 0 ? .wait : .refuse)
    }
    if draw(0..<5) == 0 {
      let begin = ms(draw(1..<2000))
      configuration.outages = [EngineOutage(begin: begin, end: draw(0..<2) == 0 ? nil : begin + ms(300))]
    }
    return configuration
  }

  /// A request of up to 100 prompt tokens, from few enough texts and adapters that they meet.
  mutating func request() -> EngineRequest {
    lastID += 1
    let segments = (0..<draw(1..<4)).map { _ in
      PrefixHashes.Segment(seed: UInt64(draw(0..<4)), blocks: draw(1..<4))
    }
    let hashes = PrefixHashes.chain(segments)
    let tokens = draw(1..<30)
    return EngineRequest(
      id: lastID, promptTokens: hashes.count * 16 - draw(0..<16), blockHashes: hashes, maxTokens: tokens,
      answerTokens: draw(0..<2) == 0 ? draw(1..<30) : nil,
      adapter: draw(0..<2) == 0 ? nil : AdapterID(UInt64(draw(1..<4))))
  }

  /// Mostly one request, sometimes several at once, sometimes the end of one that may be open.
  mutating func call() -> Call {
    if lastID > 0, draw(0..<8) == 0 { return .cancel(lastID - UInt64(min(Int(lastID) - 1, draw(0..<10)))) }
    return .submit((0..<(draw(0..<6) == 0 ? 3 : 1)).map { _ in request() })
  }

  /// Calls in the order of time, now and then several at one moment.
  mutating func calls(_ count: Int) -> [(at: Nanoseconds, call: Call)] {
    var moment: Nanoseconds = 0
    return (0..<count).map { _ in
      if draw(0..<4) > 0 { moment += Nanoseconds(draw(0..<40_000_000)) }
      return (moment, call())
    }
  }
}

extension Run {
  mutating func make(_ call: Call, at moment: Nanoseconds) {
    switch call {
    case .submit(let requests): engine.submit(requests, at: moment, into: &events)
    case .cancel(let id): engine.cancel(id, at: moment, into: &events)
    }
  }
}
