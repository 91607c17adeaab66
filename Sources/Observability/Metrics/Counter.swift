import Synchronization

/// A value that only grows: requests, retries, bytes. Without labels it starts at 0, else with the first count.
public final class Counter: Instrument {
  /// One combination of label values. Keep it where the same labels are counted often: then a count is one atomic add.
  public final class Series: Sendable {
    private let count = Atomic<UInt64>(0)

    init() {}

    /// The count so far.
    public var value: UInt64 { count.load(ordering: .relaxed) }

    /// Adds to the count.
    public func increment(by amount: UInt64 = 1) { count.wrappingAdd(amount, ordering: .relaxed) }
  }

  /// The names; each ends in `_total` by convention.
  public let names: MetricNames
  /// One sentence for the reader of the scrape.
  public let help: String
  /// `counter`.
  public let kind = "counter"
  /// Label names, in the order in which callers give the values.
  public var labelNames: [String] { table.labelNames }
  private let table: SeriesTable<Series>

  /// Creates a counter that no registry renders; ``MetricsRegistry/counter(_:help:labels:limit:)`` registers one.
  public init(_ names: MetricNames, help: String, labels: [String] = [], limit: CardinalityLimit = CardinalityLimit()) {
    self.names = names
    self.help = help
    table = SeriesTable(labelNames: labels, limit: limit) { Series() }
    if labels.isEmpty { _ = series([]) }
  }

  /// The series of these label values, one for each label name.
  public func series(_ labels: [String]) -> Series { table[labels] }

  /// Adds to the series of these label values.
  public func increment(_ labels: [String] = [], by amount: UInt64 = 1) { table[labels].increment(by: amount) }

  /// Forgets the series of what is gone, once nothing was counted into them for a while; returns how many there were.
  ///
  /// - Parameters:
  ///   - now: nanoseconds of a monotonic clock.
  ///   - grace: nanoseconds between the first call that saw the series like this, and the one that forgets it.
  ///   - isGone: whether what has these label values is no more.
  public func removeResting(now: UInt64, grace: UInt64, where isGone: ([String]) -> Bool) -> Int {
    table.removeResting(now: now, grace: grace, count: \.value, where: isGone)
  }

  /// Appends the sample lines ordered by label values.
  public func renderSamples(as name: MetricName, into text: inout String) {
    let names = name.labels(labelNames)
    for (labels, series) in table.sorted() {
      PrometheusText.sample(name.text, names, labels, String(series.value), into: &text)
    }
  }
}
