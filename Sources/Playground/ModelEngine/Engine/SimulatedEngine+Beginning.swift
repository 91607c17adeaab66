// The beginning of a step: running sequences first, then the queue.
extension SimulatedEngine {
  /// Starts a step if none runs. A request of the moment at which the step began still gets into it: that is the same
  /// as having come before the others of its moment were looked at.
  mutating func startOrJoinStep(_ events: inout [EngineEvent]) {
    guard var joined = step else { return beginStep(&events) }
    guard joined.began == now, joined.admits else { return }
    admitWaiting(to: &joined, &events)
    run(joined)
  }

  mutating func beginStep(_ events: inout [EngineEvent]) {
    guard step == nil, phase == .serving else { return }
    var next = EngineStep(began: now, ends: now, budget: limits.maxBatchedTokens)
    continueRunning(in: &next, &events)
    if next.admits { admitWaiting(to: &next, &events) }
    if next.members > 0 { run(next) }
  }

  private mutating func run(_ begun: EngineStep) {
    step = begun
    step?.ends = begun.began + configuration.cost.duration(of: begun.load)
  }

  /// Gives running sequences their tokens. Those that lack a block take it from the sequence admitted last.
  private mutating func continueRunning(in step: inout EngineStep, _ events: inout [EngineEvent]) {
    var current = running.first
    while let slot = current, step.budget > 0 {
      let tokens = min(sequences.items[slot].tokens - sequences.items[slot].computed, step.budget)
      while !grow(slot, by: tokens) {
        // Whoever was admitted last gives way, in the end the sequence itself; the first one always fits alone.
        guard let youngest = running.last else { return }
        step.admits = false
        preempt(youngest, &events)
        if youngest == slot { return }
      }
      give(tokens, to: slot, in: &step)
      current = running.next(after: slot, in: sequences.items)
    }
  }

  private mutating func admitWaiting(to step: inout EngineStep, _ events: inout [EngineEvent]) {
    while step.budget > 0, running.count < limits.maxSequences, waitingCount > 0, let slot = nextWaiting() {
      guard let tokens = admit(slot, budget: step.budget, &events) else { return }
      if startUsing(sequences.items[slot].adapter) { step.load.adapterLoads += 1 }
      give(tokens, to: slot, in: &step)
    }
  }

  /// Takes cached and new blocks for a waiting sequence; gives the tokens of its first step, `nil` without room.
  private mutating func admit(_ slot: Int, budget: Int, _ events: inout [EngineEvent]) -> Int? {
    guard pool.free > 0 else { return nil }
    let known = sequences.items[slot].tokens
    // The last token is always computed: its output is what the next one is sampled from.
    let (hits, idle) = pool.leadingHits(
      sequences.items[slot].request.blockHashes, limit: (known - 1) / limits.blockSize)
    let cached = hits * limits.blockSize
    let tokens = min(known - cached, budget)
    let new = limits.blocks(for: cached + tokens) - hits
    guard idle + new <= pool.free else { return nil }
    sequences.items[slot].sharedBlocks = pool.take(hits, of: sequences.items[slot].request.blockHashes)
    _ = pool.allocate(new)
    sequences.items[slot].privateBlocks = new
    sequences.items[slot].computed = cached
    sequences.items[slot].shares = true
    moveToRunning(slot)
    recordAdmission(slot, cached: cached)
    events.append(EngineEvent(time: now, id: sequences.items[slot].request.id, kind: .admitted(cachedTokens: cached)))
    return tokens
  }

  private mutating func moveToRunning(_ slot: Int) {
    adapters.items[sequences.items[slot].adapter].waiting.remove(slot, in: &sequences.items)
    waitingCount -= 1
    running.append(slot, in: &sequences.items)
    sequences.items[slot].isRunning = true
  }

  private mutating func recordAdmission(_ slot: Int, cached: Int) {
    guard sequences.items[slot].firstAdmission == nil else { return }
    sequences.items[slot].firstAdmission = now
    sequences.items[slot].cachedTokens = cached
    counters.prefixCacheQueries += sequences.items[slot].request.promptTokens
    counters.prefixCacheHits += cached
  }

  private mutating func give(_ tokens: Int, to slot: Int, in step: inout EngineStep) {
    sequences.items[slot].stepTokens = tokens
    step.members += 1
    step.budget -= tokens
    let computed = sequences.items[slot].computed
    if tokens == 1, sequences.items[slot].generated > 0 {
      step.load.addDecode(context: computed)
    } else {
      step.load.addPrompt(tokens, after: computed)
    }
  }

  /// Takes the blocks that a running sequence lacks for more tokens; `false` when there are not enough.
  private mutating func grow(_ slot: Int, by tokens: Int) -> Bool {
    let missing = limits.blocks(for: sequences.items[slot].computed + tokens) - sequences.items[slot].heldBlocks
    guard missing > 0 else { return true }
    guard pool.allocate(missing) else { return false }
    sequences.items[slot].privateBlocks += missing
    return true
  }

  /// Puts a running sequence back to the front of the queue.
  private mutating func preempt(_ slot: Int, _ events: inout [EngineEvent]) {
    releaseBlocks(slot)
    running.remove(slot, in: &sequences.items)
    let adapter = sequences.items[slot].adapter
    stopUsing(adapter)
    lowestOrder -= 1
    sequences.items[slot].order = lowestOrder
    sequences.items[slot].isRunning = false
    sequences.items[slot].computed = 0
    sequences.items[slot].preemptions += 1
    adapters.items[adapter].waiting.prepend(slot, in: &sequences.items)
    waitingCount += 1
    counters.preemptions += 1
    events.append(EngineEvent(time: now, id: sequences.items[slot].request.id, kind: .preempted))
  }
}
