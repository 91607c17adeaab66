/// The scheduler of a model server in virtual time: a queue, a batch, a KV cache, and steps that take as long as the
/// parameters say. It does no I/O and reads no clock; the caller passes the time since the engine's start.
///
/// Like vLLM's V1 scheduler it works in steps. Each step gives every running sequence one token (or a piece of its
/// prompt), then admits waiting sequences, first come first served, while slots, blocks and the step's token budget
/// last. A sequence whose adapter has no LoRA slot is passed over. When a running sequence finds no block, the sequence
/// admitted last loses its blocks and waits again.
struct EngineStateMachine: Sendable {
  private struct Step: Sendable {
    var ends: Duration
    var work: [(id: UInt64, tokens: Int)]
  }

  let parameters: EngineParameters
  let maxModelLength: Int
  var statistics = EngineStatistics()
  var pool: KVBlockPool
  var sequences: [UInt64: EngineSequence] = [:]
  var running: [UInt64] = []
  var waiting: [UInt64] = []
  private var step: Step?
  /// Adapters on the accelerator, least recently used first.
  var residentAdapters: [String] = []

  init(parameters: EngineParameters, maxModelLength: Int) {
    self.parameters = parameters
    self.maxModelLength = maxModelLength
    pool = KVBlockPool(capacity: parameters.blockCount)
  }

  /// When ``advance(to:)`` has something to do; `nil` while idle.
  var nextDeadline: Duration? { step?.ends }
  var runningCount: Int { running.count }
  var waitingCount: Int { waiting.count }
  /// Waiting sequences that only lack a LoRA slot.
  var deferredCount: Int {
    let active = Set(runningAdapters)
    return waiting.count { isDeferred($0, active: active) }
  }
  /// Share of the KV cache in use, 0…1.
  var cacheUsage: Double { pool.usage }
  var runningAdapters: [String] { adapters(of: running) }
  var waitingAdapters: [String] { adapters(of: waiting) }

  /// Whether a sequence with this many tokens could ever run.
  func canEverFit(tokens: Int) -> Bool { blocks(for: tokens) <= parameters.blockCount }

  /// Puts a sequence in the queue. It starts at once when the engine is idle, else with the next step.
  mutating func submit(_ request: EngineRequest, at now: Duration) {
    sequences[request.id] = EngineSequence(request: request, blockSize: parameters.blockSize, arrival: now)
    waiting.append(request.id)
  }

  /// Starts a step if the engine is idle and has work. Submitting several sequences first puts them in one batch.
  mutating func startIfIdle(at now: Duration) {
    if step == nil { beginStep(at: now) }
  }

  /// Takes a sequence out, wherever it is; its slot and blocks are free at once.
  mutating func abort(_ id: UInt64, at now: Duration) -> EngineEvent? {
    guard let sequence = sequences[id] else { return nil }
    remove(id)
    statistics.finished[.abort, default: 0] += 1
    step?.work.removeAll { $0.id == id }
    // A step with nothing left to do ends: an idle engine has no timer.
    if step?.work.isEmpty == true {
      step = nil
      beginStep(at: now)
    }
    return EngineEvent(id: id, text: "", completionTokens: sequence.generated, finish: .abort, stopReason: nil)
  }

  /// Ends every step that is due and begins the next ones. A late call loses no time: a step begins when the one
  /// before ended, not when the call came.
  mutating func advance(to now: Duration) -> [EngineEvent] {
    var events: [EngineEvent] = []
    while let current = step, current.ends <= now {
      step = nil
      finishStep(current, &events)
      beginStep(at: current.ends)
    }
    return events
  }
}

// MARK: - Beginning a step

extension EngineStateMachine {
  private mutating func beginStep(at now: Duration) {
    var budget = parameters.maxBatchedTokens
    var work: [(id: UInt64, tokens: Int)] = []
    let preempted = continueRunning(&budget, &work)
    var loads = 0
    if !preempted { admitWaiting(at: now, &budget, &work, &loads) }
    guard !work.isEmpty else { return }
    step = Step(ends: now + duration(of: work, adapterLoads: loads), work: work)
  }

  /// Gives running sequences their tokens; `true` when one had to give its blocks back.
  private mutating func continueRunning(_ budget: inout Int, _ work: inout [(id: UInt64, tokens: Int)]) -> Bool {
    var preempted = false
    var index = 0
    while index < running.count, budget > 0 {
      let id = running[index]
      guard let sequence = sequences[id] else { break }
      let tokens = min(sequence.tokens.count - sequence.computed, budget)
      var fits = grow(id, to: sequence.computed + tokens)
      while !fits {
        preempted = true
        let victim = running[running.count - 1]
        preempt(victim)
        if victim == id { break }
        fits = grow(id, to: sequence.computed + tokens)
      }
      guard fits else { break }
      work.append((id, tokens))
      budget -= tokens
      index += 1
    }
    return preempted
  }

  private mutating func admitWaiting(
    at now: Duration, _ budget: inout Int, _ work: inout [(id: UInt64, tokens: Int)], _ loads: inout Int
  ) {
    var index = 0
    var active = Set(runningAdapters)
    while index < waiting.count, running.count < parameters.maxSequences, budget > 0 {
      let id = waiting[index]
      if isDeferred(id, active: active) {
        index += 1
        continue
      }
      guard let tokens = admit(id, at: now, budget: budget) else { return }
      waiting.remove(at: index)
      running.append(id)
      work.append((id, tokens))
      budget -= tokens
      guard let adapter = sequences[id]?.request.adapter else { continue }
      active.insert(adapter)
      if makeResident(adapter) { loads += 1 }
    }
  }

  /// Takes cached and new blocks for a waiting sequence; gives the tokens of its first step, `nil` without room.
  private mutating func admit(_ id: UInt64, at now: Duration, budget: Int) -> Int? {
    guard var sequence = sequences[id] else { return nil }
    // The last token is always computed: its output is what the first new token is sampled from.
    let cacheable = sequence.chain.prefix((sequence.tokens.count - 1) / parameters.blockSize)
    let (hits, idle) = pool.leadingHits(cacheable)
    let cached = hits * parameters.blockSize
    let tokens = min(sequence.tokens.count - cached, budget)
    let new = blocks(for: cached + tokens) - hits
    guard idle + new <= pool.free else { return nil }
    pool.reference(cacheable.prefix(hits))
    guard pool.allocate(new) else { return nil }
    sequence.sharedBlocks = Array(cacheable.prefix(hits))
    sequence.privateBlocks = new
    sequence.computed = cached
    if sequence.scheduled == nil {
      sequence.scheduled = now
      sequence.cachedTokens = cached
      statistics.prefixCacheQueries += sequence.request.prompt.count
      statistics.prefixCacheHits += cached
    }
    sequences[id] = sequence
    return tokens
  }

  private func duration(of work: [(id: UInt64, tokens: Int)], adapterLoads: Int) -> Duration {
    var prefillTokens = 0
    var decoding = 0
    for (id, tokens) in work {
      if let sequence = sequences[id], sequence.generated > 0, tokens == 1 {
        decoding += 1
      } else {
        prefillTokens += tokens
      }
    }
    var seconds = Double(prefillTokens) / parameters.prefillTokensPerSecond
    if decoding > 0 {
      let slowdown = 1 + parameters.decodeSlowdownPerSequence * Double(decoding - 1)
      seconds += slowdown / parameters.decodeTokensPerSecond
    }
    seconds += Double(adapterLoads) * parameters.loraLoadSeconds
    // Whole nanoseconds, and never zero: time must pass in each step.
    return .nanoseconds(max(1000, Int64(seconds * 1e9)))
  }
}

// MARK: - Ending a step

extension EngineStateMachine {
  private mutating func finishStep(_ step: Step, _ events: inout [EngineEvent]) {
    var iterationTokens = 0
    for (id, tokens) in step.work {
      guard var sequence = sequences[id] else { continue }
      sequence.computed += tokens
      shareFullBlocks(&sequence)
      if sequence.computed == sequence.tokens.count {
        let first = sequence.firstToken == nil
        iterationTokens += first ? sequence.request.prompt.count + 1 : 1
        let event = sample(&sequence, at: step.ends)
        events.append(event)
        sequences[id] = sequence
        if let reason = event.finish {
          statistics.recordFinish(sequence, reason: reason, at: step.ends)
          remove(id)
        }
      } else {
        sequences[id] = sequence
      }
    }
    statistics.iterationTokens.observe(Double(iterationTokens))
  }

  /// Generates the next token and decides whether it is the last.
  private mutating func sample(_ sequence: inout EngineSequence, at now: Duration) -> EngineEvent {
    let request = sequence.request
    let index = sequence.generated
    let isEnd = !request.ignoresEnd && index + 1 >= max(request.source.naturalLength, request.minTokens)
    var text = isEnd ? "" : request.source.text(at: index)
    sequence.tokens.append(Tokenizer.id(text.utf8))
    sequence.extendChain(blockSize: parameters.blockSize)
    if index == 0, request.trimsLeadingSpace, text.hasPrefix(" ") { text.removeFirst() }
    recordToken(&sequence, at: now)

    let (ready, stop) = sequence.matcher.append(text, mayStop: index + 1 >= request.minTokens)
    var event = EngineEvent(
      id: request.id, text: ready, completionTokens: index + 1, finish: nil, stopReason: stop)
    if stop != nil || isEnd {
      event.finish = .stop
    } else if index + 1 >= request.maxTokens || sequence.tokens.count >= maxModelLength {
      event.finish = .length
    }
    if event.finish != nil, stop == nil { event.text += sequence.matcher.flush() }
    return event
  }

  private mutating func recordToken(_ sequence: inout EngineSequence, at now: Duration) {
    statistics.generationTokens += 1
    if let last = sequence.lastToken {
      statistics.interTokenLatency.observe((now - last).inSeconds)
    } else {
      sequence.firstToken = now
      statistics.promptTokens += sequence.request.prompt.count
      statistics.cachedPromptTokens += sequence.cachedTokens
      statistics.timeToFirstToken.observe((now - sequence.arrival).inSeconds)
    }
    sequence.lastToken = now
  }

  private mutating func shareFullBlocks(_ sequence: inout EngineSequence) {
    let full = min(sequence.computed / parameters.blockSize, sequence.chain.count)
    // Only the next block of the chain can be shared; an equal one of another sequence leaves ours private.
    var index = sequence.sharedBlocks.count
    while index < full, sequence.privateBlocks > 0, pool.share(sequence.chain[index]) {
      sequence.sharedBlocks.append(sequence.chain[index])
      sequence.privateBlocks -= 1
      index += 1
    }
  }
}
