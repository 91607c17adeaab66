/// Prefers endpoints that this process has few requests with: `(1 + least) / (1 + own)`.
///
/// The form is soft where counts are high: one request more matters between 0 and 1, hardly between 20 and 21.
public struct InFlightScorer: Scorer {
  /// `in-flight`.
  public let name = "in-flight"

  /// A scorer.
  public init() {}

  /// Every candidate has a score: our own counts are always known.
  public func scores(_ candidates: [PickCandidate], for request: PickRequest) -> [Double?] {
    let least = candidates.map(\.inFlight).min() ?? 0
    return candidates.map { Double(1 + least) / Double(1 + $0.inFlight) }
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
  public func scores(_ candidates: [PickCandidate], for request: PickRequest) -> [Double?] {
    let depths = candidates.compactMap { $0.load?.waiting }
    guard let least = depths.min(), let most = depths.max() else { return candidates.map { _ in nil } }
    guard least < most else { return candidates.map { $0.load.map { _ in 1 } } }
    return candidates.map { $0.load.map { Double(most - $0.waiting) / Double(most - least) } }
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
  public func scores(_ candidates: [PickCandidate], for request: PickRequest) -> [Double?] {
    candidates.map { $0.load.map { 1 - $0.kvCacheUsage } }
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
  public func scores(_ candidates: [PickCandidate], for request: PickRequest) -> [Double?] {
    candidates.map { candidate in
      guard let model = request.model, let load = candidate.load, let limit = load.maxAdapters else { return nil }
      if load.runningAdapters.contains(model) { return 1 }
      if load.runningAdapters.count + load.waitingAdapters.count < limit { return 0.8 }
      return load.waitingAdapters.contains(model) ? 0.6 : 0
    }
  }
}
