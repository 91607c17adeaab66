extension GatewayInstruments {
  /// What became of requests, and who was asked.
  public struct Outcomes: Sendable {
    /// All requests by what the client was told. Labels: ``GatewayInstruments/poolLabels``, `model_name`, `status`.
    public let answers: Counter
    /// Requests that the gateway answered itself, without asking an endpoint. Labels: ``GatewayInstruments/poolLabels``, `model_name`,
    /// `reason`.
    public let rejections: Counter
    /// Attempts after the first, on another endpoint. Labels: ``GatewayInstruments/poolLabels``.
    public let retries: Counter
    /// Requests by the endpoint that answered, or was tried last. Labels: ``GatewayInstruments/endpointLabels``.
    public let picks: Counter

    init(registry: MetricsRegistry) {
      let models = GatewayInstruments.poolLabels + ["model_name"]
      answers = registry.counter(
        "switchyard_gateway_requests_total", help: "Requests by the status that the client was sent.",
        labels: models + ["status"])
      rejections = registry.counter(
        "switchyard_rejections_total", help: "Requests answered by the gateway without asking an endpoint, by reason.",
        labels: models + ["reason"])
      retries = registry.counter(
        "switchyard_gateway_retries_total", help: "Attempts after the first, on another endpoint.",
        labels: GatewayInstruments.poolLabels)
      picks = registry.counter(
        "switchyard_endpoint_picks_total", help: "Requests by the endpoint that answered or was tried last.",
        labels: GatewayInstruments.endpointLabels)
    }
  }

  /// Connections that ended before anything could be asked.
  public struct Connections: Sendable {
    /// To listeners of TLS. Label: `reason`.
    public let handshakeFailures: Counter
    /// That did not begin with the PROXY header that their listener expects. Label: `reason`.
    public let proxyHeaderFailures: Counter

    init(registry: MetricsRegistry) {
      handshakeFailures = registry.counter(
        "switchyard_tls_handshake_failures_total",
        help: "Connections to listeners of TLS that ended before anything could be asked, by reason.",
        labels: ["reason"])
      proxyHeaderFailures = registry.counter(
        "switchyard_proxy_header_failures_total",
        help: "Connections that did not begin with the PROXY header that their listener expects, by reason.",
        labels: ["reason"])
    }
  }
}
