/// Prefers endpoints that this process has few requests with: `(1 + least) / (1 + own)`. Each request of a new endpoint counts as
/// several, ten at first.
///
/// The form is soft where counts are high: one request more matters between 0 and 1, hardly between 20 and 21.
public struct InFlightScorer: Scorer {
  /// `in-flight`.
  public let name = "in-flight"

  /// A scorer.
  public init() {}

  /// Every candidate has a score: our own counts are always known.
  public func score(_ candidate: PickCandidate, in round: PickRound) -> Double? {
    round.leastLoad / candidate.load
  }
}

/// Prefers endpoints with few waiting requests: `(most - own) / (most - least)`; 1 where all are equal.
///
/// Source: `queue-scorer` of the reference endpoint picker.
public struct QueueScorer: Scorer {
  /// `queue`.
  public let name = "queue"

  /// A scorer.
  public init() {}

  /// Only candidates with believable metrics have a score.
  public func score(_ candidate: PickCandidate, in round: PickRound) -> Double? {
    guard let waiting = candidate.signals?.waiting else { return nil }
    guard round.leastWaiting < round.mostWaiting else { return 1 }
    return Double(round.mostWaiting - waiting) / Double(round.mostWaiting - round.leastWaiting)
  }
}

/// Prefers endpoints with much free KV cache: `1 - usage`.
///
/// Source: `kv-cache-utilization-scorer` of the reference endpoint picker.
public struct KVCacheScorer: Scorer {
  /// `kv-cache`.
  public let name = "kv-cache"

  /// A scorer.
  public init() {}

  /// Only candidates with believable metrics have a score.
  public func score(_ candidate: PickCandidate, in round: PickRound) -> Double? {
    candidate.signals.map { 1 - $0.kvCacheUsage }
  }
}

/// Prefers endpoints that have the request's LoRA adapter loaded (1), then those with a free place for it (0.8), then
/// those where it waits already (0.6); 0 for the rest. Knows nothing of servers without adapters.
///
/// Source: `lora-affinity-scorer` of the reference endpoint picker; like there, not in the default profile.
public struct AdapterScorer: Scorer {
  /// `adapter`.
  public let name = "adapter"

  /// A scorer.
  public init() {}

  /// Only candidates whose metrics tell of adapters have a score.
  public func score(_ candidate: PickCandidate, in round: PickRound) -> Double? {
    guard let model = round.request.model, candidate.signals != nil, let load = round.load(of: candidate),
      let limit = load.maxAdapters
    else { return nil }
    if load.runningAdapters.contains(model) { return 1 }
    if load.runningAdapters.count + load.waitingAdapters.count < limit { return 0.8 }
    return load.waitingAdapters.contains(model) ? 0.6 : 0
  }
}
