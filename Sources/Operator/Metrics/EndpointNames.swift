/// What endpoints are called, those included that left the table, or lost their own series, a short while ago: their last
/// requests end after that.
struct EndpointNames {
  /// How long a name is kept after its endpoint has left, in nanoseconds.
  static let grace = ScrapeCollectors.grace

  /// The number of the table that was followed last.
  private(set) var revision = -1
  private var current: [EndpointLabels.Key: [String]] = [:]
  /// Since when is told by the first scrape after.
  private var left: [EndpointLabels.Key: (labels: [String], since: UInt64?)] = [:]

  /// The values of `GatewayInstruments.endpointLabels`; `nil` for an endpoint that has no series of its own.
  subscript(key: EndpointLabels.Key) -> [String]? { current[key] ?? left[key]?.labels }

  /// Takes the names of a newer table; returns whether it is newer.
  mutating func follow(_ labels: EndpointLabels, revision: Int) -> Bool {
    guard revision > self.revision else { return false }
    self.revision = revision
    for (key, labels) in current { left[key] = (labels, nil) }
    current = labels.values
    left = left.filter { current[$0.key] == nil }
    // More than are named at a time: nobody scrapes, or all were replaced at once.
    if left.count > EndpointLabels.limit { left = [:] }
    return true
  }

  /// Forgets endpoints that left long ago. `now` is in nanoseconds.
  mutating func expire(now: UInt64) {
    for (key, entry) in left {
      let since = entry.since ?? now
      left[key] = now >= since && now - since >= Self.grace ? nil : (entry.labels, since)
    }
  }
}
