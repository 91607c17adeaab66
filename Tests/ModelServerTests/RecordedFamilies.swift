/// The `vllm:*` families of the recorded scrape of vLLM 0.32.0.
enum RecordedFamilies {
  static let all = """
    vllm:estimated_flops_per_gpu_total counter
    vllm:estimated_read_bytes_per_gpu_total counter
    vllm:estimated_write_bytes_per_gpu_total counter
    vllm:num_requests_running gauge
    vllm:num_requests_waiting gauge
    vllm:num_requests_waiting_by_reason gauge
    vllm:engine_sleep_state gauge
    vllm:kv_cache_usage_perc gauge
    vllm:prefix_cache_queries_total counter
    vllm:prefix_cache_hits_total counter
    vllm:external_prefix_cache_queries_total counter
    vllm:external_prefix_cache_hits_total counter
    vllm:mm_cache_queries_total counter
    vllm:mm_cache_hits_total counter
    vllm:num_preemptions_total counter
    vllm:prompt_tokens_total counter
    vllm:prompt_tokens_by_source_total counter
    vllm:prompt_tokens_cached_total counter
    vllm:prompt_tokens_cached_by_source_total counter
    vllm:generation_tokens_total counter
    vllm:request_success_total counter
    vllm:admission_rejections_total counter
    vllm:request_prompt_tokens histogram
    vllm:request_generation_tokens histogram
    vllm:iteration_tokens_total histogram
    vllm:request_max_num_generation_tokens histogram
    vllm:request_params_n histogram
    vllm:request_params_max_tokens histogram
    vllm:time_to_first_token_seconds histogram
    vllm:inter_token_latency_seconds histogram
    vllm:request_time_per_output_token_seconds histogram
    vllm:e2e_request_latency_seconds histogram
    vllm:request_queue_time_seconds histogram
    vllm:request_inference_time_seconds histogram
    vllm:request_prefill_time_seconds histogram
    vllm:request_decode_time_seconds histogram
    vllm:request_num_preemptions histogram
    vllm:request_prefill_kv_computed_tokens histogram
    vllm:cache_config_info gauge
    """

  /// Upper bounds of the buckets by family.
  static let buckets = [
    "request_prompt_tokens":
      "1.0 2.0 5.0 10.0 20.0 50.0 100.0 200.0 500.0 1000.0 2000.0 +Inf",
    "request_generation_tokens":
      "1.0 2.0 5.0 10.0 20.0 50.0 100.0 200.0 500.0 1000.0 2000.0 +Inf",
    "iteration_tokens_total":
      "1.0 8.0 16.0 32.0 64.0 128.0 256.0 512.0 1024.0 2048.0 4096.0 8192.0 16384.0 +Inf",
    "request_max_num_generation_tokens":
      "1.0 2.0 5.0 10.0 20.0 50.0 100.0 200.0 500.0 1000.0 2000.0 +Inf",
    "request_params_n":
      "1.0 2.0 5.0 10.0 20.0 +Inf",
    "request_params_max_tokens":
      "1.0 2.0 5.0 10.0 20.0 50.0 100.0 200.0 500.0 1000.0 2000.0 +Inf",
    "time_to_first_token_seconds":
      "0.001 0.005 0.01 0.02 0.04 0.06 0.08 0.1 0.25 0.5 0.75 1.0 2.5 5.0 7.5 10.0 20.0 40.0 80.0 160.0 640.0 2560.0 +Inf",
    "inter_token_latency_seconds":
      "0.01 0.025 0.05 0.075 0.1 0.15 0.2 0.3 0.4 0.5 0.75 1.0 2.5 5.0 7.5 10.0 20.0 40.0 80.0 +Inf",
    "request_time_per_output_token_seconds":
      "0.01 0.025 0.05 0.075 0.1 0.15 0.2 0.3 0.4 0.5 0.75 1.0 2.5 5.0 7.5 10.0 20.0 40.0 80.0 +Inf",
    "e2e_request_latency_seconds":
      "0.3 0.5 0.8 1.0 1.5 2.0 2.5 5.0 10.0 15.0 20.0 30.0 40.0 50.0 60.0 120.0 240.0 480.0 960.0 1920.0 7680.0 +Inf",
    "request_queue_time_seconds":
      "0.3 0.5 0.8 1.0 1.5 2.0 2.5 5.0 10.0 15.0 20.0 30.0 40.0 50.0 60.0 120.0 240.0 480.0 960.0 1920.0 7680.0 +Inf",
    "request_inference_time_seconds":
      "0.3 0.5 0.8 1.0 1.5 2.0 2.5 5.0 10.0 15.0 20.0 30.0 40.0 50.0 60.0 120.0 240.0 480.0 960.0 1920.0 7680.0 +Inf",
    "request_prefill_time_seconds":
      "0.3 0.5 0.8 1.0 1.5 2.0 2.5 5.0 10.0 15.0 20.0 30.0 40.0 50.0 60.0 120.0 240.0 480.0 960.0 1920.0 7680.0 +Inf",
    "request_decode_time_seconds":
      "0.3 0.5 0.8 1.0 1.5 2.0 2.5 5.0 10.0 15.0 20.0 30.0 40.0 50.0 60.0 120.0 240.0 480.0 960.0 1920.0 7680.0 +Inf",
    "request_num_preemptions":
      "1.0 2.0 3.0 4.0 5.0 10.0 20.0 +Inf",
    "request_prefill_kv_computed_tokens":
      "1.0 2.0 5.0 10.0 20.0 50.0 100.0 200.0 500.0 1000.0 2000.0 +Inf",
  ]
}
