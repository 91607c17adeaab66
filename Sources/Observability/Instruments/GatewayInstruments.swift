/// Every instrument of the data plane, declared once. `docs/metrics.md` says what each means.
public struct GatewayInstruments: Sendable {
  /// Requests for a pool. Labels: ``requestLabels``.
  public let requests: Counter
  /// Those of ``requests`` that did not end in a whole answer below 400. Labels: ``requestLabels``, `error_code`.
  public let errors: Counter
  /// Head of the request to the end of the response, seconds. Labels: ``requestLabels``.
  public let duration: Histogram
  /// Head of the request to the first byte of the response's body, seconds. Labels: ``requestLabels``, `streaming`.
  public let timeToFirstToken: Histogram
  /// Tokens that model servers tell of. Labels: ``requestLabels``.
  public let tokens: Tokens
  /// The time in which the gateway alone was at work on a request, seconds.
  public let ownTime: Histogram
  /// What became of requests.
  public let outcomes: Outcomes
  /// What pools' own endpoint pickers do.
  public let pickers: Pickers
  /// What requests do that wait for room in their pools.
  public let queues: Queues
  /// Lines of the access log. Labels: `result`.
  public let accessLogLines: Counter
  /// Requests being served now.
  public let inFlight: Gauge
  /// Tunnels that are open now.
  public let tunnels: Gauge
  /// Bytes that passed through tunnels which have ended. Label: `from`.
  public let tunnelBytes: Counter
  /// Connections that ended before anything could be asked.
  public let connections: Connections

  /// Names a pool: kind of object, namespace, name. The kind keeps an InferencePool of `v1` apart from one of `v1alpha2`
  /// with the same name, and both from a Service.
  public static let poolLabels = ["kind", "namespace", "name"]
  /// Names an endpoint of a pool, and what it computes on.
  public static let endpointLabels = poolLabels + ["model_server_endpoint", "accelerator"]
  /// Names a pool, a model, and whose request it was.
  public static let requestLabels =
    poolLabels + ["model_name", "target_model_name", "fairness_id", "priority"]

  /// Declares the instruments in a registry.
  public init(registry: MetricsRegistry) {
    requests = registry.counter(
      ["llm_d_epp_request_total", "inference_objective_request_total", "inference_model_request_total"],
      help: "Requests for a pool, by model and priority.", labels: Self.requestLabels)
    errors = registry.counter(
      [
        "llm_d_epp_request_error_total", "inference_objective_request_error_total",
        "inference_model_request_error_total",
      ], help: "Requests that did not end in a whole answer below 400.", labels: Self.requestLabels + ["error_code"])
    duration = registry.histogram(
      [
        "llm_d_epp_request_duration_seconds", "inference_objective_request_duration_seconds",
        "inference_model_request_duration_seconds",
      ], help: "Time from a request's head to the end of its response.", labels: Self.requestLabels,
      bounds: Self.durationBounds)
    timeToFirstToken = registry.histogram(
      ["llm_d_epp_request_ttft_seconds"],
      help: "Time from a request's head to the first byte of the model server's answer.",
      labels: Self.requestLabels + ["streaming"], bounds: Self.durationBounds)
    tokens = Tokens(registry: registry)
    ownTime = registry.histogram(
      "switchyard_gateway_own_seconds",
      help: "Time in which the gateway alone was at work: from what names a request's endpoint to the endpoint.",
      bounds: Self.ownTimeBounds)
    outcomes = Outcomes(registry: registry)
    pickers = Pickers(registry: registry)
    queues = Queues(registry: registry)
    accessLogLines = registry.counter(
      "switchyard_access_log_lines_total", help: "Lines of the access log, by what became of them.",
      labels: ["result"])
    for result in ["written", "dropped"] { _ = accessLogLines.series([result]) }
    inFlight = registry.gauge("switchyard_gateway_requests_in_flight", help: "Requests being served now.")
    inFlight.set(0)
    tunnels = registry.gauge("switchyard_tunnels", help: "Open tunnels: requests that became WebSocket.")
    tunnels.set(0)
    tunnelBytes = registry.counter(
      "switchyard_tunnel_bytes_total", help: "Bytes that passed through tunnels, counted when they ended.",
      labels: ["from"])
    for side in ["client", "endpoint"] { _ = tunnelBytes.series([side]) }
    connections = Connections(registry: registry)
  }

  /// A choice takes microseconds; what takes longer waited for a core.
  static let ownTimeBounds = [
    0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 1,
  ]

  /// A cache hit answers in milliseconds, a long generation takes minutes: the buckets cover both.
  static let durationBounds = [
    0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640,
  ]
}
