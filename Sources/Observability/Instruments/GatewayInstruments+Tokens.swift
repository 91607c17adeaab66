extension GatewayInstruments {
  /// What model servers tell of the tokens of their answers. Labels of each: ``requestLabels``.
  public struct Tokens: Sendable {
    /// Tokens of a prompt.
    public let input: Histogram
    /// Tokens of an answer.
    public let output: Histogram
    /// Tokens of a prompt that came out of a cache.
    public let cached: Histogram
    /// The whole request by tokens of its answer, seconds.
    public let normalizedTime: Histogram
    /// Seconds for each token of a stream after the first.
    public let streamingTime: Histogram

    /// All of them.
    public var all: [Histogram] { [input, output, cached, normalizedTime, streamingTime] }

    init(registry: MetricsRegistry) {
      func histogram(_ names: MetricNames, _ help: String, _ bounds: [Double]) -> Histogram {
        registry.histogram(names, help: help, labels: GatewayInstruments.requestLabels, bounds: bounds)
      }
      input = histogram(
        ["llm_d_epp_request_input_tokens", "inference_objective_input_tokens", "inference_model_input_tokens"],
        "Tokens of the prompt, as the model server tells.", Self.countBounds)
      output = histogram(
        ["llm_d_epp_request_output_tokens", "inference_objective_output_tokens", "inference_model_output_tokens"],
        "Tokens of the answer, as the model server tells.", Self.countBounds)
      cached = histogram(
        ["llm_d_epp_request_cached_tokens", "inference_objective_prompt_cached_tokens"],
        "Tokens of the prompt that came out of a cache, as the model server tells.", Self.countBounds)
      normalizedTime = histogram(
        [
          "llm_d_epp_request_ntpot_seconds", "inference_objective_normalized_time_per_output_token_seconds",
          "inference_model_normalized_time_per_output_token_seconds",
        ], "Time of the whole request, for each token of its answer.", Self.timeBounds)
      streamingTime = histogram(
        ["llm_d_epp_request_streaming_tpot_seconds"], "Time for each token of a stream after the first.",
        Self.timeBounds)
    }

    /// From a word to the longest contexts.
    static let countBounds: [Double] = [
      1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131_072, 262_144, 524_288,
      1_048_576,
    ]
    /// A small model writes a thousand tokens a second; one that is overrun a token in seconds.
    static let timeBounds = [
      0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5, 10,
    ]
  }
}
