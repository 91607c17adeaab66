// The end of a step, and of sequences.
extension SimulatedEngine {
  mutating func finish(_ ended: EngineStep, _ events: inout [EngineEvent]) {
    var out = 0
    var current = running.first
    while let slot = current {
      current = running.next(after: slot, in: sequences.items)
      guard sequences.items[slot].stepTokens > 0 else { continue }
      sequences.items[slot].computed += sequences.items[slot].stepTokens
      sequences.items[slot].stepTokens = 0
      shareFullBlocks(slot)
      if sequences.items[slot].computed == sequences.items[slot].tokens { out += generate(slot, &events) }
    }
    histograms?.recordStep(tokens: out)
  }

  /// Makes the next token of a sequence and decides whether it is the last; gives the tokens that are new to a reader.
  private mutating func generate(_ slot: Int, _ events: inout [EngineEvent]) -> Int {
    let isFirst = sequences.items[slot].generated == 0
    sequences.items[slot].generated += 1
    let count = sequences.items[slot].generated
    recordToken(slot, isFirst: isFirst)
    if count == 1 || configuration.tokenEvents == .every {
      events.append(EngineEvent(time: now, id: sequences.items[slot].request.id, kind: .token(count: count)))
    }
    let tokens = isFirst ? sequences.items[slot].request.promptTokens + 1 : 1
    if let reason = sequences.items[slot].endReason {
      histograms?.recordFinish(sequences.items[slot], at: now)
      end(slot, as: reason, &events)
    }
    return tokens
  }

  private mutating func recordToken(_ slot: Int, isFirst: Bool) {
    counters.generationTokens += 1
    if isFirst {
      let prompt = sequences.items[slot].request.promptTokens
      queuedTokens -= prompt
      counters.promptTokens += prompt
      counters.cachedPromptTokens += sequences.items[slot].cachedTokens
      sequences.items[slot].firstToken = now
      histograms?.recordFirstToken(after: now - sequences.items[slot].arrival)
    } else {
      histograms?.recordNextToken(after: now - sequences.items[slot].lastToken)
    }
    sequences.items[slot].lastToken = now
  }

  private mutating func shareFullBlocks(_ slot: Int) {
    guard sequences.items[slot].shares else { return }
    let hashes = sequences.items[slot].request.blockHashes.count
    let full = min(sequences.items[slot].computed / limits.blockSize, hashes)
    while sequences.items[slot].sharedBlocks.count < full {
      let index = sequences.items[slot].sharedBlocks.count
      guard let block = pool.share(sequences.items[slot].request.blockHashes[index]) else {
        sequences.items[slot].shares = false
        return
      }
      sequences.items[slot].privateBlocks -= 1
      sequences.items[slot].sharedBlocks.append(block)
    }
  }

  mutating func releaseBlocks(_ slot: Int) {
    pool.release(shared: sequences.items[slot].sharedBlocks, privateBlocks: sequences.items[slot].privateBlocks)
    sequences.items[slot].sharedBlocks = []
    sequences.items[slot].privateBlocks = 0
  }

  /// Takes a sequence out, wherever it is.
  mutating func end(_ slot: Int, as reason: FinishReason, _ events: inout [EngineEvent]) {
    let (id, adapter) = (sequences.items[slot].request.id, sequences.items[slot].adapter)
    let count = sequences.items[slot].generated
    if count == 0 { queuedTokens -= sequences.items[slot].request.promptTokens }
    if sequences.items[slot].isRunning {
      running.remove(slot, in: &sequences.items)
      releaseBlocks(slot)
      stopUsing(adapter)
    } else {
      adapters.items[adapter].waiting.remove(slot, in: &sequences.items)
      waitingCount -= 1
    }
    sequences.remove(slot, leaving: .empty)
    slots[id] = nil
    releaseIfUnused(adapter)
    counters.finished[reason, default: 0] += 1
    events.append(EngineEvent(time: now, id: id, kind: .finished(reason, tokens: count)))
  }
}
