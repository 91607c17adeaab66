/// Every instrument of the data plane, declared once.
///
/// The pool gauges have the names of the Gateway API Inference Extension, so that its dashboards work:
/// <https://gateway-api-inference-extension.sigs.k8s.io/guides/metrics-and-observability/>
public struct GatewayInstruments: Sendable {
  /// Finished requests. Labels: `pool`, `model`, `status`.
  public let requests: Counter
  /// First byte of the request to last byte of the response, seconds. Labels: `pool`, `model`.
  public let duration: Histogram
  /// First byte of the request to first byte of the response, seconds. Labels: `pool`, `model`.
  public let timeToFirstByte: Histogram
  /// Requests being served now.
  public let inFlight: Gauge
  /// Attempts after the first, on another endpoint. Labels: `pool`.
  public let retries: Counter
  /// Mean KV-cache use of a pool's ready endpoints, 0…1. Labels: `name`.
  public let poolKVCacheUtilization: Gauge
  /// Mean number of requests that wait at a pool's ready endpoints. Labels: `name`.
  public let poolQueueSize: Gauge
  /// Endpoints of a pool that are ready. Labels: `name`.
  public let poolReadyPods: Gauge

  /// Declares the instruments in a registry.
  public init(registry: MetricsRegistry) {
    requests = registry.counter(
      "switchyard_gateway_requests_total", help: "Finished requests by pool, model and status.",
      labels: ["pool", "model", "status"])
    duration = registry.histogram(
      "switchyard_gateway_request_duration_seconds",
      help: "Time from the first byte of a request to the last byte of its response.",
      labels: ["pool", "model"], bounds: Self.durationBounds)
    timeToFirstByte = registry.histogram(
      "switchyard_gateway_time_to_first_byte_seconds",
      help: "Time from the first byte of a request to the first byte of its response.",
      labels: ["pool", "model"], bounds: Self.durationBounds)
    inFlight = registry.gauge(
      "switchyard_gateway_requests_in_flight", help: "Requests being served now.")
    retries = registry.counter(
      "switchyard_gateway_retries_total", help: "Attempts after the first, on another endpoint.",
      labels: ["pool"])
    poolKVCacheUtilization = registry.gauge(
      "inference_pool_average_kv_cache_utilization",
      help: "The average kv cache utilization for an inference server pool.", labels: ["name"])
    poolQueueSize = registry.gauge(
      "inference_pool_average_queue_size",
      help: "The average number of requests pending in the model server queue.", labels: ["name"])
    poolReadyPods = registry.gauge(
      "inference_pool_ready_pods", help: "The number of ready pods in the inference server pool.", labels: ["name"])
  }

  /// A cache hit answers in milliseconds, a long generation takes minutes: the buckets cover both.
  static let durationBounds = [
    0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640,
  ]
}
