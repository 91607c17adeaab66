import Synchronization

/// The instruments of one process, rendered together as one scrape.
public final class MetricsRegistry: Sendable {
  private struct State {
    var instruments: [String: any Instrument] = [:]
    var refreshers: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())

  private let families: Set<MetricFamily>

  /// Creates an empty registry.
  ///
  /// - Parameter families: whose names the scrape has; names of no family are always in it.
  public init(families: Set<MetricFamily> = Set(MetricFamily.allCases)) { self.families = families }

  /// One metric of the scrape, as it is declared.
  public struct Declaration: Sendable, Hashable {
    /// The name.
    public var name: String
    /// `counter`, `gauge` or `histogram`.
    public var kind: String
    /// The labels, in order; without a histogram's `le`.
    public var labels: [String]
  }

  /// All metrics that this registry renders when each has a sample, by name.
  public var declarations: [Declaration] {
    rendered.map { Declaration(name: $0.text, kind: $1.kind, labels: $0.labels($1.labelNames)) }
  }

  /// Registers a counter, or returns the one that already has these names and these labels.
  public func counter(
    _ names: MetricNames, help: String, labels: [String] = [], limit: CardinalityLimit = CardinalityLimit()
  ) -> Counter {
    register(Counter(names, help: help, labels: labels, limit: limit))
  }

  /// Registers a gauge, or returns the one that already has these names and these labels.
  public func gauge(
    _ names: MetricNames, help: String, labels: [String] = [], limit: CardinalityLimit = CardinalityLimit()
  ) -> Gauge {
    register(Gauge(names, help: help, labels: labels, limit: limit))
  }

  /// Registers a histogram, or returns the one that already has these names and these labels.
  public func histogram(
    _ names: MetricNames, help: String, labels: [String] = [], bounds: [Double],
    limit: CardinalityLimit = CardinalityLimit()
  ) -> Histogram {
    register(Histogram(names, help: help, labels: labels, bounds: bounds, limit: limit))
  }

  /// Runs the closure before each scrape, to bring gauges up to date that are cheaper to compute than to track.
  /// The closure must not block.
  public func beforeRender(_ refresh: @escaping @Sendable () -> Void) {
    state.withLock { $0.refreshers.append(refresh) }
  }

  /// The whole scrape: families by name, series by label values, so that two scrapes of the same values are equal.
  public func render() -> String {
    let refreshers = state.withLock { $0.refreshers }
    for refresh in refreshers { refresh() }
    var text = ""
    text.reserveCapacity(16 * 1024)
    for (name, instrument) in rendered {
      PrometheusText.header(name.text, help: instrument.help, kind: instrument.kind, into: &text)
      instrument.renderSamples(as: name, into: &text)
    }
    return text
  }

  /// The names asked for, in order, each with its instrument.
  private var rendered: [(name: MetricName, instrument: any Instrument)] {
    let instruments = state.withLock { Array($0.instruments.values) }
    let named = instruments.flatMap { instrument in
      instrument.names.all.map { (name: $0, instrument: instrument) }
    }
    return named.filter { MetricFamily(of: $0.name.text).map(families.contains) ?? true }
      .sorted { $0.name.text < $1.name.text }
  }

  private func register<Made: Instrument>(_ made: Made) -> Made {
    state.withLock { state in
      let key = made.names.all[0].text
      guard let existing = state.instruments[key] else {
        state.instruments[key] = made
        return made
      }
      let same = existing as? Made
      // Names are constants of the program: a clash is a mistake of ours that the first start shows.
      precondition(
        same?.labelNames == made.labelNames && same?.names == made.names,
        "metric \(key) is already registered with another kind, other names or other labels; choose another name")
      return same ?? made
    }
  }
}
