/// The engine of a model server without model, text, network and clock: a queue, a batch, a KV cache with shared
/// prefixes, LoRA slots, and steps that take as long as a ``CostModel`` says.
///
/// It is a value. Time is passed in, as nanoseconds since the engine's start, and everything follows from the calls:
/// the same ones give the same events on every machine. Each call first brings the engine to its own moment, so what
/// happens does not depend on how often ``advance(to:into:)`` is called, and nothing starts before it arrived. A moment
/// before ``now`` counts as `now`. All requests of one moment meet in one step.
///
/// Like vLLM's V1 scheduler it works in steps. Each step gives every running sequence one token (or a piece of its
/// prompt), then admits waiting sequences, first come first served, while slots, blocks and the step's token budget
/// last. A sequence whose adapter has no LoRA slot is passed over. When a running sequence finds no block, the sequence
/// admitted last loses its blocks and waits again.
///
/// A fleet of thousands must run in seconds. So sequences, adapters and blocks stay where they are in arrays and are
/// linked to lists: what a token, an arrival, a cancellation or an eviction costs does not grow with the queue, the
/// batch or the length of a sequence. A sequence is numbers; the caller makes the text, if there is any, from the counts
/// in the events.
///
///     var engine = SimulatedEngine(EngineConfiguration(on: .l4))
///     var events: [EngineEvent] = []
///     engine.submit(EngineRequest(id: 1, promptTokens: 300, maxTokens: 50), at: 0, into: &events)
///     while let moment = engine.nextEventTime { engine.advance(to: moment, into: &events) }
public struct SimulatedEngine: Sendable {
  /// How the engine is.
  public let configuration: EngineConfiguration
  /// The moment up to which everything has happened.
  public internal(set) var now: Nanoseconds = 0
  /// What happened so far.
  public internal(set) var counters = EngineCounters()
  /// How long it took, if the configuration wants that kept.
  public internal(set) var histograms: EngineHistograms?

  var sequences = SlotStore<EngineSequence>()
  var slots: [UInt64: Int] = [:]
  /// Running sequences in the order of their admission.
  var running = SlotList()
  /// The base model at 0, then adapters that are waited for, run or are on the accelerator.
  var adapters = SlotStore<AdapterState>()
  var adapterSlots: [AdapterID: Int] = [:]
  var waitingCount = 0
  /// Adapters of running sequences, and adapters on the accelerator.
  var activeAdapters = 0
  var residentAdapters = 0
  var adapterUses = 0
  /// Prompt tokens of sequences without a first token.
  var queuedTokens = 0
  var lowestOrder = 0
  var highestOrder = 0
  var pool: KVBlockPool
  var step: EngineStep?
  /// Outages to come, the next one last.
  var outages: [EngineOutage]
  /// The engine is dead before.
  var downUntil: Nanoseconds = 0

  var limits: EngineLimits { configuration.limits }

  /// Creates an engine whose configuration has no ``EngineConfiguration/problem``.
  public init(_ configuration: EngineConfiguration) {
    self.configuration = configuration
    pool = KVBlockPool(capacity: configuration.limits.blockCount)
    histograms = configuration.keepsHistograms ? EngineHistograms() : nil
    outages = configuration.outages.sorted { $0.begin > $1.begin }
    _ = adapters.insert(AdapterState())
  }

  /// Sequences that have not ended.
  public var openCount: Int { slots.count }

  /// When something will happen without another call; `nil` when nothing will. Drive an engine by advancing it to this
  /// moment, again and again.
  public var nextEventTime: Nanoseconds? {
    guard openCount > 0 else { return nil }
    return dueTime
  }

  /// Brings the engine to a moment, and appends what happened until then to `events`, in the order of time.
  public mutating func advance(to moment: Nanoseconds, into events: inout [EngineEvent]) {
    while let due = dueTime, due <= moment { happen(at: due, &events) }
    now = max(now, moment)
  }

  /// Takes a sequence at a moment, or rejects it. It starts with the next step, at once if there is none.
  public mutating func submit(
    _ request: EngineRequest, at moment: Nanoseconds, into events: inout [EngineEvent]
  ) {
    submit(CollectionOfOne(request), at: moment, into: &events)
  }

  /// Takes sequences that belong together, all or none of them.
  public mutating func submit(
    _ requests: some Collection<EngineRequest>, at moment: Nanoseconds, into events: inout [EngineEvent]
  ) {
    advance(to: moment, into: &events)
    if let reason = rejection(of: requests) {
      counters.rejected[reason, default: 0] += requests.count
      for request in requests { events.append(EngineEvent(time: now, id: request.id, kind: .rejected(reason))) }
      return
    }
    for request in requests { enqueue(request) }
    startOrJoinStep(&events)
  }

  /// Ends a sequence early, wherever it is; its slot and blocks are free at once. One that is not open is left alone.
  public mutating func cancel(_ id: UInt64, at moment: Nanoseconds, into events: inout [EngineEvent]) {
    advance(to: moment, into: &events)
    guard let slot = slots[id] else { return }
    if sequences.items[slot].stepTokens > 0 { step?.members -= 1 }
    end(slot, as: .abort, &events)
    // A step with nothing left to do ends: an idle engine has no timer.
    guard step?.members == 0 else { return }
    step = nil
    beginStep(&events)
  }

  /// Lets the engine fail at a moment: open sequences end with ``FinishReason/error``, the cache is lost, and requests
  /// are rejected until `end`, or for ever.
  public mutating func fail(
    at moment: Nanoseconds, until end: Nanoseconds? = nil, into events: inout [EngineEvent]
  ) {
    advance(to: moment, into: &events)
    fail(EngineOutage(begin: now, end: end), &events)
  }

  /// The engine at its moment.
  public var scrape: EngineScrape {
    EngineScrape(
      time: now, phase: phase, running: running.count, waiting: waitingCount, deferred: deferredCount,
      blocksInUse: pool.inUse, cacheUsage: Double(pool.inUse) / Double(pool.capacity),
      runningAdapters: adapters.items.compactMap { $0.running > 0 ? $0.id : nil }.sorted(),
      waitingAdapters: adapters.items.compactMap { $0.waiting.isEmpty ? nil : $0.id }.sorted(), counters: counters)
  }
}
