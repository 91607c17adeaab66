import Synchronization

/// The instruments of one process, rendered together as one scrape.
public final class MetricsRegistry: Sendable {
  private struct State {
    var instruments: [String: any Instrument] = [:]
    var refreshers: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())

  /// Creates an empty registry.
  public init() {}

  /// Registers a counter, or returns the one that already has this name and these labels.
  public func counter(
    _ name: String, help: String, labels: [String] = [], limit: CardinalityLimit = CardinalityLimit()
  ) -> Counter {
    register(Counter(name: name, help: help, labels: labels, limit: limit))
  }

  /// Registers a gauge, or returns the one that already has this name and these labels.
  public func gauge(
    _ name: String, help: String, labels: [String] = [], limit: CardinalityLimit = CardinalityLimit()
  ) -> Gauge {
    register(Gauge(name: name, help: help, labels: labels, limit: limit))
  }

  /// Registers a histogram, or returns the one that already has this name and these labels.
  public func histogram(
    _ name: String, help: String, labels: [String] = [], bounds: [Double],
    limit: CardinalityLimit = CardinalityLimit()
  ) -> Histogram {
    register(Histogram(name: name, help: help, labels: labels, bounds: bounds, limit: limit))
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
    let instruments = state.withLock { $0.instruments.values.sorted { $0.name < $1.name } }
    var text = ""
    text.reserveCapacity(16 * 1024)
    for instrument in instruments {
      PrometheusText.header(instrument.name, help: instrument.help, kind: instrument.kind, into: &text)
      instrument.renderSamples(into: &text)
    }
    return text
  }

  private func register<Made: Instrument>(_ made: Made) -> Made {
    state.withLock { state in
      guard let existing = state.instruments[made.name] else {
        state.instruments[made.name] = made
        return made
      }
      let same = existing as? Made
      // Names are constants of the program: a clash is a mistake of ours that the first start shows.
      precondition(
        same?.labelNames == made.labelNames,
        "metric \(made.name) is already registered with another kind or other labels; choose another name")
      return same ?? made
    }
  }
}
