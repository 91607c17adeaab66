import Synchronization

/// A value that only grows: requests, retries, bytes.
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

  /// Family name; ends in `_total` by convention.
  public let name: String
  /// One sentence for the reader of the scrape.
  public let help: String
  /// `counter`.
  public let kind = "counter"
  /// Label names, in the order in which callers give the values.
  public var labelNames: [String] { table.labelNames }
  private let table: SeriesTable<Series>

  /// Creates a counter that no registry renders; ``MetricsRegistry/counter(_:help:labels:limit:)`` registers one.
  public init(name: String, help: String, labels: [String] = [], limit: CardinalityLimit = CardinalityLimit()) {
    self.name = name
    self.help = help
    table = SeriesTable(labelNames: labels, limit: limit) { Series() }
  }

  /// The series of these label values, one for each label name.
  public func series(_ labels: [String]) -> Series { table[labels] }

  /// Adds to the series of these label values.
  public func increment(_ labels: [String] = [], by amount: UInt64 = 1) { table[labels].increment(by: amount) }

  /// Forgets the series whose label values match, when what they describe is gone.
  public func remove(where matches: ([String]) -> Bool) { table.remove(where: matches) }

  /// Appends the sample lines ordered by label values.
  public func renderSamples(into text: inout String) {
    for (labels, series) in table.sorted() {
      PrometheusText.sample(name, labelNames, labels, String(series.value), into: &text)
    }
  }
}
