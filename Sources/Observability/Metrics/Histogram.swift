import Synchronization

/// A distribution, such as of request durations, counted in cumulative buckets.
public final class Histogram: Instrument {
  /// One combination of label values.
  public final class Series: Sendable {
    struct State: Sendable {
      var counts: [UInt64]
      var count: UInt64 = 0
      var sum: Double = 0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
      self.bounds = bounds
      state = Mutex(State(counts: Array(repeating: 0, count: bounds.count)))
    }

    /// Counts one value, in the unit that the family's name ends with.
    public func observe(_ value: Double) {
      let bucket = bounds.firstIndex { value <= $0 }
      state.withLock { state in
        if let bucket { state.counts[bucket] += 1 }
        state.count += 1
        state.sum += value
      }
    }

    /// Number of values so far.
    public var count: UInt64 { state.withLock { $0.count } }

    /// Sum of the values so far.
    public var sum: Double { state.withLock { $0.sum } }

    func snapshot() -> State { state.withLock { $0 } }
  }

  /// The names; each ends in its unit, such as `_seconds`.
  public let names: MetricNames
  /// One sentence for the reader of the scrape.
  public let help: String
  /// `histogram`.
  public let kind = "histogram"
  /// Upper bounds of the buckets, ascending, without +Inf.
  public let bounds: [Double]
  /// Label names, in the order in which callers give the values.
  public var labelNames: [String] { table.labelNames }
  private let table: SeriesTable<Series>

  /// Creates a histogram that no registry renders; ``MetricsRegistry/histogram(_:help:labels:bounds:limit:)``
  /// registers one.
  public init(
    _ names: MetricNames, help: String, labels: [String] = [], bounds: [Double],
    limit: CardinalityLimit = CardinalityLimit()
  ) {
    self.names = names
    self.help = help
    let ascending = Set(bounds.filter(\.isFinite)).sorted()
    self.bounds = ascending
    table = SeriesTable(labelNames: labels, limit: limit) { Series(bounds: ascending) }
    if labels.isEmpty { _ = series([]) }
  }

  /// The series of these label values, one for each label name.
  public func series(_ labels: [String]) -> Series { table[labels] }

  /// Counts one value in the series of these label values.
  public func observe(_ value: Double, _ labels: [String] = []) { table[labels].observe(value) }

  /// Forgets the series of what is gone, once nothing was counted into them for a while; returns how many there were.
  ///
  /// - Parameters:
  ///   - now: nanoseconds of a monotonic clock.
  ///   - grace: nanoseconds between the first call that saw the series like this, and the one that forgets it.
  ///   - isGone: whether what has these label values is no more.
  public func removeResting(now: UInt64, grace: UInt64, where isGone: ([String]) -> Bool) -> Int {
    table.removeResting(now: now, grace: grace, count: \.count, where: isGone)
  }

  /// Appends buckets, sum and count of each series, ordered by label values.
  public func renderSamples(as name: MetricName, into text: inout String) {
    let names = name.labels(labelNames)
    let bucketNames = names + ["le"]
    for (labels, series) in table.sorted() {
      let state = series.snapshot()
      var cumulative: UInt64 = 0
      for (bound, count) in zip(bounds, state.counts) {
        cumulative += count
        let le = PrometheusText.number(bound)
        PrometheusText.sample(name.text + "_bucket", bucketNames, labels + [le], String(cumulative), into: &text)
      }
      PrometheusText.sample(name.text + "_bucket", bucketNames, labels + ["+Inf"], String(state.count), into: &text)
      PrometheusText.sample(name.text + "_sum", names, labels, PrometheusText.number(state.sum), into: &text)
      PrometheusText.sample(name.text + "_count", names, labels, String(state.count), into: &text)
    }
  }
}
