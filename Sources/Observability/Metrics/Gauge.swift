import Synchronization

/// A value that goes up and down: requests in flight, ready pods, a share between 0 and 1.
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

  /// Family name.
  public let name: String
  /// One sentence for the reader of the scrape.
  public let help: String
  /// `gauge`.
  public let kind = "gauge"
  /// Label names, in the order in which callers give the values.
  public var labelNames: [String] { table.labelNames }
  private let table: SeriesTable<Series>

  /// Creates a gauge that no registry renders; ``MetricsRegistry/gauge(_:help:labels:limit:)`` registers one.
  public init(name: String, help: String, labels: [String] = [], limit: CardinalityLimit = CardinalityLimit()) {
    self.name = name
    self.help = help
    table = SeriesTable(labelNames: labels, limit: limit) { Series() }
  }

  /// The series of these label values, one for each label name.
  public func series(_ labels: [String]) -> Series { table[labels] }

  /// Replaces the value of the series of these label values.
  public func set(_ value: Double, _ labels: [String] = []) { table[labels].set(value) }

  /// Adds to the series of these label values; a negative amount lowers it.
  public func add(_ amount: Double, _ labels: [String] = []) { table[labels].add(amount) }

  /// Forgets the series whose label values match, when what they describe is gone.
  public func remove(where matches: ([String]) -> Bool) { table.remove(where: matches) }

  /// Appends the sample lines ordered by label values.
  public func renderSamples(into text: inout String) {
    for (labels, series) in table.sorted() {
      PrometheusText.sample(name, labelNames, labels, PrometheusText.number(series.value), into: &text)
    }
  }
}
