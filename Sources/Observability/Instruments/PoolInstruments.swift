/// What is known of pools and their endpoints, brought up to date at each scrape. `docs/metrics.md` says what each means.
public struct PoolInstruments: Sendable {
  /// Endpoints that may take a request now. Labels: ``GatewayInstruments/poolLabels``.
  public let readyEndpoints: Gauge
  /// Endpoints that the selector matches, ready or not. Labels: ``GatewayInstruments/poolLabels``.
  public let matchedEndpoints: Gauge
  /// Mean and spread of the requests that wait at the endpoints. Labels: ``GatewayInstruments/poolLabels``.
  public let queueSize: Spread
  /// Mean and spread of the requests in execution at the endpoints. Labels: ``GatewayInstruments/poolLabels``.
  public let runningRequests: Spread
  /// Mean and spread of the KV cache's use, 0…1. Labels: ``GatewayInstruments/poolLabels``.
  public let cacheUse: Spread
  /// Requests that wait at one endpoint. Labels: ``endpointLabels``.
  public let endpointQueueSize: Gauge
  /// Requests of this gateway at one endpoint. Labels: ``endpointLabels``.
  public let endpointInFlight: Gauge
  /// Seconds since one endpoint's metrics were last read. Labels: ``GatewayInstruments/endpointLabels``.
  public let metricsAge: Gauge

  /// Mean and standard deviation over the endpoints of a pool.
  public struct Spread: Sendable {
    /// The mean.
    public let mean: Gauge
    /// The standard deviation over all of them (not of a sample).
    public let deviation: Gauge
  }

  /// Names an endpoint of a pool.
  public static let endpointLabels = GatewayInstruments.poolLabels + ["model_server_endpoint"]

  /// Declares the instruments in a registry.
  public init(registry: MetricsRegistry) {
    let pool = GatewayInstruments.poolLabels
    func spread(_ name: String, _ help: String) -> Spread {
      let mean: MetricNames = [MetricName("llm_d_epp_average_\(name)"), MetricName("inference_pool_average_\(name)")]
      let deviation: MetricNames = [MetricName("llm_d_epp_std_dev_\(name)")]
      return Spread(
        mean: registry.gauge(mean, help: "\(help): mean over the pool's endpoints.", labels: pool),
        deviation: registry.gauge(
          deviation, help: "\(help): standard deviation over the pool's endpoints.", labels: pool))
    }
    readyEndpoints = registry.gauge(
      ["llm_d_epp_ready_endpoints", "inference_pool_ready_pods"],
      help: "Endpoints of the pool that may take a request now.", labels: pool)
    matchedEndpoints = registry.gauge(
      "switchyard_pool_matched_endpoints", help: "Endpoints that the pool's selector matches, ready or not.",
      labels: pool)
    queueSize = spread("queue_size", "Requests that wait at a model server")
    runningRequests = spread("running_requests", "Requests in execution at a model server")
    cacheUse = spread("kv_cache_utilization", "Share of a model server's KV cache in use")
    endpointQueueSize = registry.gauge(
      [
        "llm_d_epp_per_endpoint_queue_size",
        MetricName(
          "inference_pool_per_pod_queue_size", renamedLabels: ["model_server_endpoint": "model_server_pod"]),
      ], help: "Requests that wait at the model server.", labels: Self.endpointLabels)
    endpointInFlight = registry.gauge(
      [MetricName("llm_d_epp_inflight_requests", renamedLabels: ["model_server_endpoint": "endpoint_name"])],
      help: "Requests of this gateway that the model server is working on.", labels: Self.endpointLabels)
    metricsAge = registry.gauge(
      "switchyard_endpoint_metrics_age_seconds", help: "Time since the endpoint's metrics were last read.",
      labels: GatewayInstruments.endpointLabels)
  }
}
