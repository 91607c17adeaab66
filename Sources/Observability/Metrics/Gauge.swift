import Synchronization

/// A value that goes up and down: requests in flight, ready pods, a share between 0 and 1.
///
/// It has no sample before it is set: what is not known is not 0.
public final class Gauge: Instrument {
  /// One combination of label values.
  public final class Series: Sendable {
    private let bits = Atomic<UInt64>(Double(0).bitPattern)

    init() {}

    /// The value now.
    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    /// Replaces the value.
    public func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    /// Adds to the value; a negative amount lowers it.
    public func add(_ amount: Double) {
      var old = bits.load(ordering: .relaxed)
      while true {
        let new = (Double(bitPattern: old) + amount).bitPattern
        let (exchanged, seen) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
        if exchanged { return }
        old = seen
      }
    }
  }

  /// The names.
  public let names: MetricNames
  /// One sentence for the reader of the scrape.
  public let help: String
  /// `gauge`.
  public let kind = "gauge"
  /// Label names, in the order in which callers give the values.
  public var labelNames: [String] { table.labelNames }
  private let table: SeriesTable<Series>

  /// Creates a gauge that no registry renders; ``MetricsRegistry/gauge(_:help:labels:limit:)`` registers one.
  public init(_ names: MetricNames, help: String, labels: [String] = [], limit: CardinalityLimit = CardinalityLimit()) {
    self.names = names
    self.help = help
    table = SeriesTable(labelNames: labels, limit: limit) { Series() }
  }

  /// The series of these label values, one for each label name.
  public func series(_ labels: [String]) -> Series { table[labels] }

  /// Replaces the value of the series of these label values.
  public func set(_ value: Double, _ labels: [String] = []) { table[labels].set(value) }

  /// Adds to the series of these label values; a negative amount lowers it.
  public func add(_ amount: Double, _ labels: [String] = []) { table[labels].add(amount) }

  /// Replaces all series: for values that are computed as a whole. No limit applies, since the labels are of objects and
  /// not of a client's making; whoever computes them says how many there may be.
  public func replaceAll(_ samples: [(labels: [String], value: Double)]) {
    let pairs = samples.map { sample in
      let series = Series()
      series.set(sample.value)
      return (sample.labels, series)
    }
    table.replaceAll(Dictionary(pairs, uniquingKeysWith: { _, last in last }))
  }

  /// Appends the sample lines ordered by label values.
  public func renderSamples(as name: MetricName, into text: inout String) {
    let names = name.labels(labelNames)
    for (labels, series) in table.sorted() {
      PrometheusText.sample(name.text, names, labels, PrometheusText.number(series.value), into: &text)
    }
  }
}
