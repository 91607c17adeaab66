extension GatewayInstruments {
  /// What requests do that wait for room in their pools.
  public struct Queues: Sendable {
    /// Requests that wait now. Labels: ``labels``.
    public let size: Gauge
    /// How long requests waited, seconds. Labels: ``labels``, `outcome`.
    public let duration: Histogram

    /// Names a pool and a priority.
    public static let labels = GatewayInstruments.poolLabels + ["priority"]

    init(registry: MetricsRegistry) {
      size = registry.gauge(
        ["llm_d_epp_flow_control_queue_size", "inference_extension_flow_control_queue_size"],
        help: "Requests that wait for room in a pool.", labels: Self.labels)
      duration = registry.histogram(
        [
          "llm_d_epp_flow_control_request_queue_duration_seconds",
          "inference_extension_flow_control_request_queue_duration_seconds",
        ], help: "Time that a request waited for room in its pool, by what became of it.",
        labels: Self.labels + ["outcome"], bounds: GatewayInstruments.durationBounds)
    }
  }
}
