import ModelEngine

/// The `vllm:*` families of a scrape, named, ordered and labelled as vLLM 0.32 writes them.
struct VLLMMetrics {
  let engine: EngineSnapshot
  let modelName: String
  /// Unix times, seconds.
  let created: Double
  let now: Double

  var text: String {
    var out = PythonMetricsText(common: [("engine", "0"), ("model_name", modelName)], created: created)
    estimates(&out)
    scheduler(&out)
    caches(&out)
    tokens(&out)
    outcomes(&out)
    sizes(&out)
    latencies(&out)
    information(&out)
    return out.text
  }

  /// vLLM counts these only with a flag that is off by default; they stay 0.
  private func estimates(_ out: inout PythonMetricsText) {
    let use = "(for Model Flops Utilization calculations)."
    out.counter(
      "vllm:estimated_flops_per_gpu", "Estimated number of floating point operations per GPU \(use)", 0)
    out.counter("vllm:estimated_read_bytes_per_gpu", "Estimated number of bytes read from memory per GPU \(use)", 0)
    out.counter(
      "vllm:estimated_write_bytes_per_gpu", "Estimated number of bytes written to memory per GPU \(use)", 0)
  }

  private func scheduler(_ out: inout PythonMetricsText) {
    let scrape = engine.scrape
    out.gauge(
      "vllm:num_requests_running", "Number of requests in model execution batches.", Double(scrape.running))
    out.gauge("vllm:num_requests_waiting", "Number of requests waiting to be processed.", Double(scrape.waiting))
    out.gauge(
      "vllm:num_requests_waiting_by_reason",
      "Number of waiting requests by reason. Reason labels: 'capacity' = waiting for scheduling capacity; "
        + "'deferred' = deferred by transient constraints (LoRA budget, KV transfer, blocked status). "
        + "Sum of all reasons equals vllm:num_requests_waiting.",
      [
        ([("reason", "capacity")], Double(scrape.waiting - scrape.deferred)),
        ([("reason", "deferred")], Double(scrape.deferred)),
      ])
    out.gauge(
      "vllm:engine_sleep_state",
      "Engine sleep state; awake = 0 means engine is sleeping; awake = 1 means engine is awake; "
        + "weights_offloaded = 1 means sleep level 1; discard_all = 1 means sleep level 2.",
      [
        ([("sleep_state", "awake")], 1), ([("sleep_state", "weights_offloaded")], 0),
        ([("sleep_state", "discard_all")], 0),
      ])
    out.gauge("vllm:kv_cache_usage_perc", "KV-cache usage. 1 means 100 percent usage.", scrape.cacheUsage)
  }

  private func caches(_ out: inout PythonMetricsText) {
    let counters = engine.scrape.counters
    out.counter(
      "vllm:prefix_cache_queries", "Prefix cache queries, in terms of number of queried tokens.",
      counters.prefixCacheQueries)
    out.counter(
      "vllm:prefix_cache_hits", "Prefix cache hits, in terms of number of cached tokens.", counters.prefixCacheHits)
    let external = "from KV connector cross-instance cache sharing, in terms of number of"
    out.counter("vllm:external_prefix_cache_queries", "External prefix cache queries \(external) queried tokens.", 0)
    out.counter("vllm:external_prefix_cache_hits", "External prefix cache hits \(external) cached tokens.", 0)
    out.counter("vllm:mm_cache_queries", "Multi-modal cache queries, in terms of number of queried items.", 0)
    out.counter("vllm:mm_cache_hits", "Multi-modal cache hits, in terms of number of cached items.", 0)
    out.counter(
      "vllm:num_preemptions", "Cumulative number of preemption from the engine.", counters.preemptions)
  }

  private func tokens(_ out: inout PythonMetricsText) {
    let counters = engine.scrape.counters
    let cached = counters.cachedPromptTokens
    out.counter("vllm:prompt_tokens", "Number of prefill tokens processed.", counters.promptTokens)
    out.counter(
      "vllm:prompt_tokens_by_source", "Number of prompt tokens by source.",
      [
        ([("source", "local_compute")], counters.promptTokens - cached), ([("source", "local_cache_hit")], cached),
        ([("source", "external_kv_transfer")], 0),
      ])
    out.counter("vllm:prompt_tokens_cached", "Number of cached prompt tokens (local + external).", cached)
    out.counter(
      "vllm:prompt_tokens_cached_by_source",
      "Prefix-cache hit tokens by the cache tier that supplied them: device (local HBM), host (offloaded to DRAM), "
        + "disk, p2p (transferred from another vLLM instance) or external_unspecified. Counted at admission; sums to "
        + "vllm:prefix_cache_hits + vllm:external_prefix_cache_hits.",
      ["device", "host", "p2p", "disk", "external_unspecified"].map { source in
        ([("source", source)], source == "device" ? counters.prefixCacheHits : 0)
      })
    out.counter("vllm:generation_tokens", "Number of generation tokens processed.", counters.generationTokens)
  }

  private func outcomes(_ out: inout PythonMetricsText) {
    out.counter(
      "vllm:request_success", "Count of successfully processed requests.",
      FinishReason.allCases.map { reason in
        ([("finished_reason", reason.rawValue)], engine.scrape.counters.finished[reason, default: 0])
      })
    out.counter(
      "vllm:admission_rejections", "Number of admission attempts rejected by a queue limit, by reason.",
      [RejectionReason.queuedRequests, .queuedTokens].map { reason in
        ([("reason", reason.rawValue)], engine.scrape.counters.rejected[reason, default: 0])
      },
      base: [("model_name", modelName)])
  }

  private func sizes(_ out: inout PythonMetricsText) {
    let histograms = engine.histograms
    out.histogram(
      "vllm:request_prompt_tokens", "Number of prefill tokens processed.", histograms.promptTokensPerRequest)
    out.histogram(
      "vllm:request_generation_tokens", "Number of generation tokens processed.",
      histograms.generationTokensPerRequest)
    out.histogram(
      "vllm:iteration_tokens_total", "Histogram of number of tokens per engine_step.", histograms.iterationTokens)
    out.histogram(
      "vllm:request_max_num_generation_tokens", "Histogram of maximum number of requested generation tokens.",
      histograms.maxGenerationTokens)
    out.histogram("vllm:request_params_n", "Histogram of the n request parameter.", histograms.paramsN)
    out.histogram(
      "vllm:request_params_max_tokens", "Histogram of the max_tokens request parameter.", histograms.paramsMaxTokens)
  }

  private func latencies(_ out: inout PythonMetricsText) {
    let histograms = engine.histograms
    let families: [(String, String, HistogramCounts)] = [
      ("time_to_first_token_seconds", "Histogram of time to first token in seconds.", histograms.timeToFirstToken),
      ("inter_token_latency_seconds", "Histogram of inter-token latency in seconds.", histograms.interTokenLatency),
      (
        "request_time_per_output_token_seconds", "Histogram of time_per_output_token_seconds per request.",
        histograms.timePerOutputToken
      ),
      ("e2e_request_latency_seconds", "Histogram of e2e request latency in seconds.", histograms.endToEnd),
      (
        "request_queue_time_seconds", "Histogram of time spent in WAITING phase for request.", histograms.queueTime
      ),
      (
        "request_inference_time_seconds", "Histogram of time spent in RUNNING phase for request.",
        histograms.inferenceTime
      ),
      (
        "request_prefill_time_seconds", "Histogram of time spent in PREFILL phase for request.",
        histograms.prefillTime
      ),
      (
        "request_decode_time_seconds", "Histogram of time spent in DECODE phase for request.", histograms.decodeTime
      ),
      (
        "request_num_preemptions", "Histogram of the number of times a request was preempted.",
        histograms.preemptionsPerRequest
      ),
      (
        "request_prefill_kv_computed_tokens",
        "Histogram of new KV tokens computed during prefill (excluding cached tokens).",
        histograms.prefillComputedTokens
      ),
    ]
    for (name, help, counts) in families { out.histogram("vllm:" + name, help, counts) }
  }

  private func information(_ out: inout PythonMetricsText) {
    out.info("vllm:cache_config_info", "Information of the LLMEngine CacheConfig", cacheConfiguration, 1)
    guard engine.limits.maxLoras > 0 else { return }
    // vLLM sets this gauge to the time of its last change and picks the newest series; the lists are of this moment.
    out.info(
      "vllm:lora_requests_info", "Running stats on lora requests.",
      [
        ("max_lora", String(engine.limits.maxLoras)),
        ("running_lora_adapters", engine.runningAdapters.joined(separator: ",")),
        ("waiting_lora_adapters", engine.waitingAdapters.joined(separator: ",")),
      ], now)
  }

  private var cacheConfiguration: [(String, String)] {
    let limits = engine.limits
    let tokens = limits.cacheTokens
    let concurrency = Double(tokens) / Double(limits.contextLength)
    return [
      ("_block_size_resolved", "True"), ("block_size", String(limits.blockSize)), ("cache_dtype", "auto"),
      ("effective_attention_block_size", String(limits.blockSize)), ("enable_prefix_caching", "True"),
      ("engine", "0"), ("gpu_memory_utilization", "0.92"), ("hash_block_size", "None"),
      ("is_attention_free", "False"), ("kv_cache_max_concurrency", String(concurrency)),
      ("kv_cache_size_tokens", String(tokens)), ("num_cpu_blocks", "None"),
      ("num_gpu_blocks", String(limits.blockCount)), ("num_gpu_blocks_override", "None"),
      ("prefix_caching_hash_algo", "sha256"), ("sliding_window", "None"), ("user_specified_block_size", "False"),
    ]
  }
}
