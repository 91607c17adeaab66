extension GatewayInstruments {
  /// What pools' own endpoint pickers do.
  public struct Pickers: Sendable {
    /// From asking a picker to what it chose, seconds. Labels: ``poolLabels``.
    public let duration: Histogram
    /// Requests whose picker did not do its part. Labels: ``poolLabels``, `reason`.
    public let failures: Counter

    init(registry: MetricsRegistry) {
      duration = registry.histogram(
        "switchyard_picker_duration_seconds",
        help: "Time from asking a pool's own endpoint picker to its choice, or to what came in place of one.",
        labels: GatewayInstruments.poolLabels, bounds: Self.durationBounds)
      failures = registry.counter(
        "switchyard_picker_failures_total",
        help: "Requests whose pool's own endpoint picker did not do its part, by reason.",
        labels: GatewayInstruments.poolLabels + ["reason"])
    }

    /// A pick takes a millisecond; a picker that holds requests back may take a minute.
    static let durationBounds = [
      0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60,
    ]
  }
}
