import TestSupport
import Testing

@testable import ModelEngine

@Suite("What scheduling costs, in things looked at")
struct SchedulingCostTests {
  /// One sequence that runs, and others that wait for another adapter.
  private func busy(waiting: Int, tokens: Int) -> Run {
    var run = Run(
      configuration {
        $0.tokenEvents = .first
        $0.keepsHistograms = false
      })
    run.submit(request(1, tokens: tokens, adapter: 1))
    for id in 0..<waiting { run.submit(request(UInt64(id + 2), tokens: 1, adapter: 2)) }
    return run
  }

  @Test("A token costs the same whether nobody waits or ten thousand do")
  func longQueue() {
    let visits = [0, 10_000].map { waiting in
      var run = busy(waiting: waiting, tokens: 100)
      let before = run.engine.visits
      run.advance(to: ms(5000))
      return run.engine.visits - before
    }
    #expect(visits[0] > 0)
    #expect(visits[1] <= visits[0] + 2 * 50)
  }

  @Test("To cancel one of ten thousand in the queue, nothing else is looked at")
  func cancelInQueue() {
    var run = busy(waiting: 10_000, tokens: 100)
    var random = SeededGenerator(1)
    let before = run.engine.visits
    for id in (2...10_001).shuffled(using: &random) { run.engine.cancel(UInt64(id), at: ms(1), into: &run.events) }
    #expect(run.engine.visits == before)
    #expect(run.engine.scrape.waiting == 0)
    #expect(run.engine.scrape.running == 1)
  }

  @Test("Work grows with tokens, not with the length of what they belong to")
  func longSequences() {
    // The same 8,000 tokens as a few long answers and as many short ones.
    let visits = [(1, 8000), (80, 100)].map { count, tokens in
      var run = Run(
        configuration {
          $0.limits = EngineLimits(maxSequences: 1, contextLength: 10_000, blockCount: 1000)
          $0.tokenEvents = .first
        })
      for id in 0..<count { run.submit(request(UInt64(id + 1), tokens: tokens)) }
      run.drain()
      #expect(run.engine.counters.generationTokens == 8000)
      return run.engine.visits
    }
    #expect(visits[0] <= visits[1])
  }

  @Test("No array is copied while a sequence generates: each one stays where it is")
  func inPlace() throws {
    var run = Run(
      configuration {
        $0.limits = EngineLimits(contextLength: 10_000, blockCount: 1000)
        $0.tokenEvents = .first
      })
    run.submit(request(1, prompt: 100, tokens: 4000))
    run.advance(to: ms(200))
    let slot = try #require(run.engine.slots[1])
    let before = addresses(run.engine, slot)
    let held = run.engine.sequences.items[slot].sharedBlocks.count
    run.advance(to: ms(300_000))
    #expect(run.engine.sequences.items[slot].sharedBlocks.count > held + 100)
    #expect(addresses(run.engine, slot) == before)
  }

  private func addresses(_ engine: borrowing SimulatedEngine, _ slot: Int) -> [UnsafeRawPointer?] {
    [
      engine.sequences.items.withUnsafeBytes { $0.baseAddress },
      engine.sequences.items[slot].sharedBlocks.withUnsafeBytes { $0.baseAddress },
      engine.sequences.items[slot].request.blockHashes.withUnsafeBytes { $0.baseAddress },
    ]
  }
}
