/// What an engine has done since its start, as vLLM counts it.
public struct EngineCounters: Sendable, Equatable {
  /// Prompt tokens of sequences that got their first token.
  public internal(set) var promptTokens = 0
  /// Those of them that were cached.
  public internal(set) var cachedPromptTokens = 0
  /// Tokens generated.
  public internal(set) var generationTokens = 0
  /// Prompt tokens looked up in the prefix cache.
  public internal(set) var prefixCacheQueries = 0
  /// Those of them found.
  public internal(set) var prefixCacheHits = 0
  /// How often a sequence gave way to an older one.
  public internal(set) var preemptions = 0
  /// Sequences taken.
  public internal(set) var accepted = 0
  /// Those of them that ended, by reason.
  public internal(set) var finished: [FinishReason: Int] = [:]
  /// Sequences not taken, by reason.
  public internal(set) var rejected: [RejectionReason: Int] = [:]
}

/// An engine at one moment, as a scrape of its metrics shows it.
public struct EngineScrape: Sendable, Equatable {
  /// Whether it loads, serves or is dead.
  public enum Phase: Sendable, Equatable {
    case loading, serving, failed
  }

  /// The moment.
  public var time: Nanoseconds
  /// What it is able to do.
  public var phase: Phase
  /// Sequences in the batch.
  public var running: Int
  /// Sequences in the queue.
  public var waiting: Int
  /// Those of them that only lack a LoRA slot.
  public var deferred: Int
  /// Blocks of the KV cache that hold data of running sequences.
  public var blocksInUse: Int
  /// The share of the KV cache that these are, 0…1.
  public var cacheUsage: Double
  /// Adapters of running sequences, ascending.
  public var runningAdapters: [AdapterID]
  /// Adapters of waiting sequences, ascending.
  public var waitingAdapters: [AdapterID]
  /// What happened since the start.
  public var counters: EngineCounters
}
