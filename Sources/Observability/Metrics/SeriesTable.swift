import Synchronization

/// How many different label values and series one instrument may hold, so that a client that invents model names
/// cannot fill the memory of the gateway or of the Prometheus that scrapes it.
public struct CardinalityLimit: Sendable, Equatable {
  /// Distinct values of one label; later ones are counted under `other`.
  public var valuesPerLabel: Int
  /// Distinct combinations of label values; later ones are counted with every label at `other`.
  public var series: Int

  /// Creates a limit; both default to what a large installation needs.
  public init(valuesPerLabel: Int = 1000, series: Int = 10_000) {
    self.valuesPerLabel = valuesPerLabel
    self.series = series
  }

  /// The label value that stands for everything beyond a limit.
  public static let overflow = "other"
}

/// The series of one instrument by label values, shared by counters, gauges and histograms.
final class SeriesTable<Series: Sendable>: Sendable {
  private struct State {
    var series: [[String]: Series] = [:]
    var seen: [Set<String>]
    /// Series with nothing behind them: the count when it last changed, and since when it has not.
    var resting: [[String]: (count: UInt64, since: UInt64)] = [:]
  }

  let labelNames: [String]
  private let limit: CardinalityLimit
  private let make: @Sendable () -> Series
  private let state: Mutex<State>

  init(labelNames: [String], limit: CardinalityLimit, make: @escaping @Sendable () -> Series) {
    self.labelNames = labelNames
    self.limit = limit
    self.make = make
    state = Mutex(State(seen: Array(repeating: [], count: labelNames.count)))
  }

  /// The series of these label values, created when it is new. A list that is too short is filled with empty values,
  /// surplus values are dropped.
  subscript(values: [String]) -> Series {
    state.withLock { state in
      if let known = state.series[values] { return known }
      let bounded = bound(values, &state)
      if let known = state.series[bounded] { return known }
      let created = make()
      state.series[bounded] = created
      return created
    }
  }

  /// Forgets the series that have nothing behind them and whose count has not changed for `grace`, as far as the calls of this
  /// method saw; returns how many there were. `now` and `grace` are in nanoseconds.
  func removeResting(
    now: UInt64, grace: UInt64, count: (Series) -> UInt64, where isGone: ([String]) -> Bool
  ) -> Int {
    state.withLock { state in
      var resting: [[String]: (count: UInt64, since: UInt64)] = [:]
      var removed = 0
      for (labels, series) in state.series where isGone(labels) {
        let count = count(series)
        let before = state.resting[labels].flatMap { $0.count == count ? $0 : nil }
        let since = before?.since ?? now
        if now >= since, now - since >= grace {
          state.series[labels] = nil
          removed += 1
        } else {
          resting[labels] = (count, since)
        }
      }
      state.resting = resting
      // What is gone must not use up the limit for ever: pools and routes come and go.
      if removed > 0 {
        for index in labelNames.indices { state.seen[index] = Set(state.series.keys.map { $0[index] }) }
      }
      return removed
    }
  }

  /// Exactly these series from now on.
  func replaceAll(_ series: [[String]: Series]) {
    state.withLock { state in
      state.series = series
      for index in labelNames.indices { state.seen[index] = Set(series.keys.map { $0[index] }) }
    }
  }

  /// All series, ordered by label values.
  func sorted() -> [(labels: [String], series: Series)] {
    state.withLock { $0.series.map { (labels: $0.key, series: $0.value) } }
      .sorted { $0.labels.lexicographicallyPrecedes($1.labels) }
  }

  private func bound(_ values: [String], _ state: inout State) -> [String] {
    let known = state.series.count
    var bounded: [String] = []
    for index in labelNames.indices {
      let value = index < values.count ? values[index] : ""
      let fits = state.seen[index].contains(value) || state.seen[index].count < limit.valuesPerLabel
      bounded.append(fits ? value : CardinalityLimit.overflow)
    }
    if state.series[bounded] == nil, known >= limit.series {
      bounded = labelNames.map { _ in CardinalityLimit.overflow }
    }
    for index in labelNames.indices { state.seen[index].insert(bounded[index]) }
    return bounded
  }
}
