/// Puts the endpoints of a pool in order for one request, the best first.
///
/// The total of an endpoint is the sum of weight times score. A scorer that knows nothing of an endpoint gives it the
/// mean of the others, so that missing or stale metrics neither help nor hurt. Equal totals are in random order.
///
/// Endpoints that failed a moment ago go last of all: a dead one has no requests in flight, and would else attract
/// every request until its pod is no longer ready.
public struct EndpointPicker: Sendable {
  /// A scorer and how much it counts.
  public struct Weighted: Sendable {
    /// The scorer.
    public var scorer: any Scorer
    /// Its weight, 0 or more; only the ratio to the others matters.
    public var weight: Double

    /// A scorer with a weight.
    public init(_ scorer: any Scorer, weight: Double) {
      self.scorer = scorer
      self.weight = weight
    }
  }

  /// Filters; endpoints that one of them drops go behind all others.
  public var filters: [any Filter]
  /// Scorers with their weights.
  public var scorers: [Weighted]

  /// A picker.
  public init(filters: [any Filter] = [], scorers: [Weighted]) {
    self.filters = filters
    self.scorers = scorers
  }

  /// The default: queue 2 and KV cache 2, as in the reference; our own counts 6, more than both, since they are
  /// exact and known at once while the scraped ones are late.
  public static var standard: EndpointPicker {
    EndpointPicker(scorers: [
      Weighted(InFlightScorer(), weight: 6), Weighted(QueueScorer(), weight: 2), Weighted(KVCacheScorer(), weight: 2),
    ])
  }

  /// The reference endpoint picker's weights, without its prefix cache.
  public static var reference: EndpointPicker {
    EndpointPicker(scorers: [Weighted(QueueScorer(), weight: 2), Weighted(KVCacheScorer(), weight: 2)])
  }

  /// Fewest requests in flight, and nothing else: for Services, whose pods say nothing of themselves.
  public static var leastInFlight: EndpointPicker {
    EndpointPicker(scorers: [Weighted(InFlightScorer(), weight: 1)])
  }

  /// All candidates, the best first.
  public func ordered(
    _ candidates: [PickCandidate], for request: PickRequest, using generator: inout some RandomNumberGenerator
  ) -> [Endpoint] {
    guard candidates.count > 1 else { return candidates.map(\.endpoint) }
    let totals = totals(of: candidates, for: request)
    let isKept = kept(candidates, for: request)
    // One draw for all: the system's generator costs a system call each.
    let seed: UInt64 = generator.next()
    let ranked = candidates.indices.map { index in
      (
        hasFailed: candidates[index].hasFailedLately, isKept: isKept[index], total: totals[index],
        tie: Self.mixed(seed, index),
        index: index
      )
    }
    return ranked.sorted { left, right in
      if left.hasFailed != right.hasFailed { return right.hasFailed }
      if left.isKept != right.isKept { return left.isKept }
      if left.total != right.total { return left.total > right.total }
      return left.tie < right.tie
    }
    .map { candidates[$0.index].endpoint }
  }

  /// The total score of each candidate, in their order.
  public func totals(of candidates: [PickCandidate], for request: PickRequest) -> [Double] {
    var totals = Array(repeating: 0.0, count: candidates.count)
    for weighted in scorers {
      let scores = weighted.scorer.scores(candidates, for: request)
      let known = scores.compactMap(\.self)
      guard !known.isEmpty else { continue }
      let mean = known.reduce(0, +) / Double(known.count)
      for (index, score) in scores.enumerated() where index < totals.count {
        totals[index] += weighted.weight * min(max(score ?? mean, 0), 1)
      }
    }
    return totals
  }

  /// The finalizer of SplitMix64 (Steele, Lea, Flood, 2014): a different random-looking number for each index.
  private static func mixed(_ seed: UInt64, _ index: Int) -> UInt64 {
    var value = seed &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  private func kept(_ candidates: [PickCandidate], for request: PickRequest) -> [Bool] {
    var kept = Array(repeating: true, count: candidates.count)
    for filter in filters {
      for (index, keeps) in filter.keeps(candidates, for: request).enumerated() where index < kept.count {
        kept[index] = kept[index] && keeps
      }
    }
    return kept
  }
}
