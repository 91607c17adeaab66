import Foundation
import TestSupport
import Testing

@testable import ModelEngine

/// Costs are compared, never judged alone: work that grows with the queue or with a sequence is several times as dear in
/// one of the two cases, whatever the machine.
@Suite("What scheduling costs, in time of the processor")
struct SchedulingCostTests {
  /// The seconds that this thread computes for `work` on a copy of `run`: the least of three, as only disturbance adds.
  private func cost(of run: Run, _ work: (inout Run) -> Void) -> Double {
    (0..<3).map { _ in
      var copy = run
      let before = threadSeconds()
      work(&copy)
      return threadSeconds() - before
    }.min() ?? 0
  }

  private func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

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
    let costs = [0, 10_000].map { waiting in
      let run = busy(waiting: waiting, tokens: 900)
      return cost(of: run) { $0.advance(to: ms(60_000)) }
    }
    #expect(costs[1] < 10 * costs[0])
  }

  @Test("To cancel one of ten thousand in the queue costs what one of a hundred does")
  func cancelInQueue() {
    var random = SeededGenerator(1)
    let costs = [100, 10_000].map { waiting in
      let run = busy(waiting: waiting, tokens: 100)
      let order = (2...UInt64(waiting + 1)).shuffled(using: &random)
      return cost(of: run) { run in
        for id in order { run.engine.cancel(id, at: ms(1), into: &run.events) }
        #expect(run.engine.scrape.waiting == 0)
        #expect(run.engine.scrape.running == 1)
      } / Double(waiting)
    }
    #expect(costs[1] < 10 * costs[0])
  }

  @Test("Work grows with tokens, not with the length of what they belong to")
  func longSequences() {
    // The same 16,000 tokens as one long answer and as many short ones.
    let costs = [(1, 16_000), (160, 100)].map { count, tokens in
      var run = Run(
        configuration {
          $0.limits = EngineLimits(maxSequences: 1, contextLength: 20_000, blockCount: 2000)
          $0.tokenEvents = .first
        })
      for id in 0..<count { run.submit(request(UInt64(id + 1), tokens: tokens)) }
      return cost(of: run) { run in
        run.drain()
        #expect(run.engine.counters.generationTokens == 16_000)
      }
    }
    #expect(costs[0] < 2 * costs[1])
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
