/// Picks the endpoint of a pool for one request.
///
/// The total of an endpoint is the sum of weight times score. A scorer that knows nothing of an endpoint gives it the
/// mean of the others, so that missing or stale metrics neither help nor hurt. Equal totals are decided at random.
///
/// Endpoints that failed a moment ago are picked last of all: a dead one has no requests in flight, and would else attract
/// every request until its pod is no longer ready.
///
/// A pool of more than ``sampleSize`` endpoints is not looked at whole: of that many endpoints, drawn at random from all
/// parts of the pool, the best is picked. Our own in-flight counts are exact, so that the best of 16 is close to the best
/// of all (the power of many choices: Mitzenmacher, 2001), several gateways do not run after the same idle endpoint at
/// once, and a pick in a pool of a thousand costs little more than one in a pool of ten.
public struct EndpointPicker: Sendable {
  /// How many endpoints are compared for one request. Two would balance well already; 16 also finds what is rare, and their
  /// numbers still fit on the stack.
  public static let sampleSize = 16

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

  /// Filters; endpoints that one of them drops are picked behind all others.
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
  public static let standard = EndpointPicker(scorers: [
    Weighted(InFlightScorer(), weight: 6), Weighted(QueueScorer(), weight: 2), Weighted(KVCacheScorer(), weight: 2),
  ])

  /// The reference endpoint picker's weights, without its prefix cache.
  public static let reference = EndpointPicker(scorers: [
    Weighted(QueueScorer(), weight: 2), Weighted(KVCacheScorer(), weight: 2),
  ])

  /// Fewest requests in flight, and nothing else: for Services, whose pods say nothing of themselves.
  public static let leastInFlight = EndpointPicker(scorers: [Weighted(InFlightScorer(), weight: 1)])
}

// MARK: scoring

extension EndpointPicker {
  /// Gives each candidate its total.
  func score(_ candidates: inout [PickCandidate], in round: PickRound) {
    candidates.withUnsafeMutableBufferPointer { score($0, in: round) }
  }

  /// Gives each candidate its total; there are at most 64.
  func score(_ candidates: UnsafeMutableBufferPointer<PickCandidate>, in round: PickRound) {
    var round = round
    for candidate in candidates {
      round.leastLoad = min(round.leastLoad, candidate.load)
      guard let waiting = candidate.signals?.waiting else { continue }
      round.leastWaiting = min(round.leastWaiting, waiting)
      round.mostWaiting = max(round.mostWaiting, waiting)
    }
    for weighted in scorers { add(weighted, to: candidates, in: round) }
  }

  private func add(
    _ weighted: Weighted, to candidates: UnsafeMutableBufferPointer<PickCandidate>, in round: PickRound
  ) {
    var (sum, known, unknown) = (0.0, 0, UInt64(0))
    for index in candidates.indices {
      guard let score = weighted.scorer.score(candidates[index], in: round) else {
        unknown |= 1 << UInt64(index)
        continue
      }
      candidates[index].total += weighted.weight * min(max(score, 0), 1)
      sum += score
      known += 1
    }
    guard known > 0, unknown != 0 else { return }
    let mean = weighted.weight * min(max(sum / Double(known), 0), 1)
    for index in candidates.indices where unknown & (1 << UInt64(index)) != 0 { candidates[index].total += mean }
  }
}
