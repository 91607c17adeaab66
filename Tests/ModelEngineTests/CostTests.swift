import Testing

@testable import ModelEngine

/// Seconds to compute a prompt alone.
private func prefill(_ tokens: Int, _ cost: CostModel) -> Double {
  var load = StepLoad()
  load.addPrompt(tokens, after: 0)
  return cost.seconds(of: load)
}

/// Seconds for one token of each of some sequences.
private func decode(_ sequences: Int, context: Int, _ cost: CostModel) -> Double {
  var load = StepLoad()
  for _ in 0..<sequences { load.addDecode(context: context) }
  return cost.seconds(of: load)
}

@Suite("What a step costs")
struct CostTests {
  @Test(
    "Accelerators are found in short names and node labels",
    arguments: [
      ("H100", "H100"), ("nvidia-h100-80gb", "H100"), ("NVIDIA-H100-80GB-HBM3", "H100"), ("nvidia.com/h100", "H100"),
      ("nvidia-l4", "L4"), ("NVIDIA-L40S", "L40S"), ("A10G", "A10G"), ("nvidia-tesla-t4", "T4"),
      ("NVIDIA-A100-SXM4-80GB", "A100"), ("abacus", nil),
    ])
  func names(text: String, name: String?) {
    #expect(Accelerator.named(text)?.name == name)
  }

  @Test("Every known accelerator runs a model of 12 billion; a faster one is faster")
  func accelerators() {
    for accelerator in Accelerator.known { #expect(EngineConfiguration(on: accelerator).problem == nil) }
    let speeds = ["B200", "H200", "H100", "A100", "L4"].compactMap { name in
      Accelerator.named(name).map { 1 / decode(1, context: 0, CostModel(model: .twelveBillion, on: $0)) }
    }
    #expect(speeds.map { Int($0.rounded()) } == [265, 159, 111, 67, 20])
  }

  @Test("A model twice as large takes about twice as long, and leaves less room for the cache")
  func modelSize() throws {
    let accelerator = try #require(Accelerator.named("H100"))
    let small = EngineConfiguration(model: ModelSize(parameters: 8e9), on: accelerator)
    let large = EngineConfiguration(model: ModelSize(parameters: 16e9), on: accelerator)
    let ratio = decode(1, context: 0, large.cost) / decode(1, context: 0, small.cost)
    #expect((1.99...2.01).contains(ratio))
    #expect(large.limits.cacheTokens < small.limits.cacheTokens)
    let huge = EngineConfiguration(model: ModelSize(parameters: 400e9), on: accelerator)
    #expect(huge.limits.blockCount == 0)
    #expect(huge.problem?.hasPrefix("limits.blockCount is 0") == true)
  }

  @Test("Attention makes a prompt eight times as long cost more than eight times as much, a short one hardly")
  func longPrompts() {
    let cost = CostModel(model: .twelveBillion, on: .l4)
    #expect((7.9...8.2).contains(prefill(800, cost) / prefill(100, cost)))
    #expect(prefill(80_000, cost) / prefill(10_000, cost) > 10)
  }

  @Test("A prompt costs the same in one piece and in several")
  func pieces() {
    let cost = CostModel(model: .twelveBillion, on: .l4)
    var load = StepLoad()
    for piece in 0..<10 { load.addPrompt(1000, after: piece * 1000) }
    #expect(abs(cost.seconds(of: load) - prefill(10_000, cost)) < 1e-9)
  }

  @Test("Many sequences share a step; a long context makes each of their tokens slower")
  func batches() {
    let cost = CostModel(model: .twelveBillion, on: .l4)
    #expect(decode(32, context: 0, cost) < 2 * decode(1, context: 0, cost))
    #expect(decode(32, context: 4000, cost) > 1.5 * decode(32, context: 100, cost))
  }

  @Test("Measured speeds come back as they were given")
  func measured() {
    let cost = CostModel(
      promptTokensPerSecond: 4000, tokensPerSecond: 25, slowdownPerSequence: 0.25, adapterLoadSeconds: 0.5)
    #expect(abs(prefill(4000, cost) - 1) < 1e-9)
    #expect(abs(decode(1, context: 999, cost) - 0.04) < 1e-9)
    #expect(abs(decode(5, context: 999, cost) - 0.08) < 1e-9)
  }
}
