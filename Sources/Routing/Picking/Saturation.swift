/// Says when a pool is too busy for requests of a criticality.
///
/// A pool is saturated when **every** endpoint is full, so that one with room is enough; those that failed a moment ago
/// do not count while there are others. Sheddable requests are turned away from a saturated pool; Standard ones only at
/// higher limits, ``standardFactor`` times; Critical ones never.
public struct Saturation: Sendable, Equatable {
  /// Waiting requests at which an endpoint is full. Reference: 5.
  public var queueDepth: Int
  /// Share of the KV cache, 0 to 1, at which an endpoint is full for Sheddable requests. Reference: 0.8.
  ///
  /// Standard requests are not held to it: a server with a full cache and no queue still takes them, and once it
  /// does not, its queue grows.
  public var kvCacheUsage: Double
  /// Requests of this process that its metrics do not show, at which an endpoint is full: all of them without
  /// believable metrics, else those that came since. Reference (`concurrency-detector`): 100.
  public var inFlight: Int
  /// By how much the limits of waiting and in-flight requests are higher for Standard requests.
  public var standardFactor: Int

  /// Limits; those of the reference unless told otherwise.
  public init(queueDepth: Int = 5, kvCacheUsage: Double = 0.8, inFlight: Int = 100, standardFactor: Int = 2) {
    self.queueDepth = queueDepth
    self.kvCacheUsage = kvCacheUsage
    self.inFlight = inFlight
    self.standardFactor = standardFactor
  }

  /// Whether a request of this criticality is to be turned away; never for a pool without endpoints, which is
  /// another error.
  public func sheds(_ criticality: Criticality, from candidates: some Sequence<PickCandidate>) -> Bool {
    guard criticality != .critical else { return false }
    var (isLiveSeen, isFailedFull, isEmpty) = (false, true, true)
    for candidate in candidates {
      isEmpty = false
      let isFull = isFull(candidate, for: criticality)
      // An endpoint that refuses requests reports itself idle, or is not known to be busy.
      if candidate.hasFailedLately {
        isFailedFull = isFailedFull && isFull
      } else if isFull {
        isLiveSeen = true
      } else {
        return false
      }
    }
    return isLiveSeen || isFailedFull && !isEmpty
  }

  private func isFull(_ candidate: PickCandidate, for criticality: Criticality) -> Bool {
    let factor = criticality == .sheddable ? 1 : standardFactor
    guard let load = candidate.signals else { return candidate.inFlight >= inFlight * factor }
    if load.waiting >= queueDepth * factor { return true }
    // A burst between two readings shows in our own counts only. Those requests may run at once, so that they are held
    // to the limit for what is unknown, not to that of the queue.
    if candidate.inFlight - load.running - load.waiting >= inFlight * factor { return true }
    return criticality == .sheddable && load.kvCacheUsage >= kvCacheUsage
  }
}
