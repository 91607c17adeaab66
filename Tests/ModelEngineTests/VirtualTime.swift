import TestSupport
import Testing

@testable import ModelEngine

/// A moment in milliseconds.
func ms(_ milliseconds: Int) -> Nanoseconds { Nanoseconds(milliseconds) * 1_000_000 }

/// 1000 prompt tokens a second, 10 generated tokens a second, no slowdown unless told, one LoRA slot.
func configuration(
  slowdown: Double = 0, _ change: (inout EngineConfiguration) -> Void = { _ in }
) -> EngineConfiguration {
  var configuration = EngineConfiguration(
    cost: CostModel(promptTokensPerSecond: 1000, tokensPerSecond: 10, slowdownPerSequence: slowdown),
    limits: EngineLimits(
      maxSequences: 8, maxBatchedTokens: 1000, contextLength: 1000, blockCount: 100, maxLoras: 1),
    keepsHistograms: true)
  change(&configuration)
  return configuration
}

/// A request whose prompt is like that of every other one with the same text.
func request(
  _ id: UInt64, prompt: Int = 10, text: UInt64? = nil, tokens: Int = 5, answer: Int? = nil, adapter: UInt64? = nil
) -> EngineRequest {
  EngineRequest(
    id: id, promptTokens: prompt,
    blockHashes: PrefixHashes.chain([.init(seed: text ?? id, blocks: (prompt + tokens) / 16)]), maxTokens: tokens,
    answerTokens: answer, adapter: adapter.map { AdapterID($0) })
}

/// An engine with what it told so far.
struct Run {
  var engine: SimulatedEngine
  var events: [EngineEvent] = []

  init(_ configuration: EngineConfiguration = configuration()) {
    engine = SimulatedEngine(configuration)
  }

  mutating func submit(_ request: EngineRequest, at moment: Nanoseconds = 0) {
    engine.submit(request, at: moment, into: &events)
  }

  mutating func advance(to moment: Nanoseconds) { engine.advance(to: moment, into: &events) }

  /// Runs until nothing will happen any more.
  mutating func drain() {
    while let moment = engine.nextEventTime { engine.advance(to: moment, into: &events) }
  }

  /// When each sequence ended.
  var ends: [UInt64: Nanoseconds] {
    Dictionary(events.filter(\.isEnd).map { ($0.id, $0.time) }) { first, _ in first }
  }

  /// How each sequence ended.
  func reason(_ id: UInt64) -> EngineEvent.Kind? { events.first { $0.id == id && $0.isEnd }?.kind }

  /// The moments of a sequence's tokens, with how many it had then.
  func tokens(_ id: UInt64) -> [(time: Nanoseconds, count: Int)] {
    events.compactMap { event in
      guard event.id == id, case .token(let count) = event.kind else { return nil }
      return (event.time, count)
    }
  }
}
