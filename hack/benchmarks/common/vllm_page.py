"""A metrics page as long as a real vLLM 0.32's: the same series with the same labels, 646 lines, about 54 KB.

Of it, a gateway needs five series; the rest is what it must get through. Names, labels and bucket counts are vLLM's.
"""

ENGINE = 'engine="0",model_name="{model}"'

COUNTERS = (
    "estimated_flops_per_gpu estimated_read_bytes_per_gpu estimated_write_bytes_per_gpu prefix_cache_queries "
    "prefix_cache_hits external_prefix_cache_queries external_prefix_cache_hits mm_cache_queries mm_cache_hits "
    "num_preemptions prompt_tokens prompt_tokens_cached generation_tokens").split()
GAUGES = "num_requests_running num_requests_waiting kv_cache_usage_perc".split()
LABELLED_COUNTERS = {
    "prompt_tokens_by_source": ("source", "local_compute local_cache_hit external_kv_transfer"),
    "prompt_tokens_cached_by_source": ("source", "device host p2p disk external_unspecified"),
    "request_success": ("finished_reason", "stop length abort error repetition"),
    "admission_rejections": ("reason", "max_num_queued_reqs max_num_queued_tokens"),
}
LABELLED_GAUGES = {
    "num_requests_waiting_by_reason": ("reason", "capacity deferred"),
    "engine_sleep_state": ("sleep_state", "awake weights_offloaded discard_all"),
}
# How many buckets each histogram has.
HISTOGRAMS = {
    "request_prompt_tokens": 12, "request_generation_tokens": 12, "iteration_tokens_total": 14,
    "request_max_num_generation_tokens": 12, "request_params_n": 6, "request_params_max_tokens": 12,
    "time_to_first_token_seconds": 23, "inter_token_latency_seconds": 20, "request_time_per_output_token_seconds": 20,
    "e2e_request_latency_seconds": 22, "request_queue_time_seconds": 22, "request_inference_time_seconds": 22,
    "request_prefill_time_seconds": 22, "request_decode_time_seconds": 22, "request_num_preemptions": 8,
    "request_prefill_kv_computed_tokens": 12,
}
PROCESS = {
    "process_virtual_memory_bytes": "gauge", "process_resident_memory_bytes": "gauge",
    "process_start_time_seconds": "gauge", "process_cpu_seconds_total": "counter", "process_open_fds": "gauge",
    "process_max_fds": "gauge",
}
HANDLERS = (("/v1/models", "GET"), ("/v1/completions", "POST"), ("/v1/chat/completions", "POST"))
CONFIGURED = 39  # labels of vllm:cache_config_info


class Page:
    def __init__(self):
        self.lines = []

    def head(self, name, kind):
        words = name.replace("vllm:", "").replace("_", " ")
        self.lines += [f"# HELP {name} What this server says of its {words} now.", f"# TYPE {name} {kind}"]

    def sample(self, name, labels, value):
        self.lines.append(f"{name}{{{labels}}} {value}" if labels else f"{name} {value}")

    def family(self, name, kind, label_sets, value="0.0"):
        self.head(name, kind)
        for labels in label_sets:
            self.sample(name, labels, value)

    def counter(self, name, label_sets):
        self.family(f"{name}_total", "counter", label_sets)
        self.created(name, label_sets)

    def created(self, name, label_sets):
        self.family(f"{name}_created", "gauge", label_sets, "1.7953521421810832e+09")

    def histogram(self, name, label_sets, buckets):
        self.head(name, "histogram")
        for labels in label_sets:
            rest = "," + labels if labels else ""
            for number in range(buckets - 1):
                self.sample(f"{name}_bucket", f'le="{0.3 * (number + 1):.1f}"{rest}', "5.0")
            self.sample(f"{name}_bucket", f'le="+Inf"{rest}', "5.0")
            self.sample(f"{name}_count", labels, "5.0")
            self.sample(f"{name}_sum", labels, "0.1145789623260498")
        self.created(name, label_sets)


def text(model):
    """The whole page of an idle server."""
    page, engine = Page(), ENGINE.format(model=model)
    for name in ("objects_collected", "objects_uncollectable", "collections"):
        page.family(f"python_gc_{name}_total", "counter", [f'generation="{number}"' for number in range(3)])
    page.family("python_info", "gauge", ['implementation="CPython",major="3",minor="11",version="3.11.7"'], "1.0")
    for name, kind in PROCESS.items():
        page.family(name, kind, [""], "6.45435392e+08")
    for name in GAUGES:
        page.family(f"vllm:{name}", "gauge", [engine])
    for name in COUNTERS:
        page.counter(f"vllm:{name}", [engine])
    for table, add in ((LABELLED_GAUGES, None), (LABELLED_COUNTERS, page.counter)):
        for name, (label, values) in table.items():
            label_sets = [f'{engine},{label}="{value}"' for value in values.split()]
            add(f"vllm:{name}", label_sets) if add else page.family(f"vllm:{name}", "gauge", label_sets)
    for name, buckets in HISTOGRAMS.items():
        page.histogram(f"vllm:{name}", [engine], buckets)
    settings = ",".join(f'kv_cache_setting_{number}="None"' for number in range(CONFIGURED - 2))
    page.family("vllm:cache_config_info", "gauge", [f'block_size="128",num_gpu_blocks="4096",{settings}'], "1.0")
    calls = [f'handler="{handler}",method="{method}",status="2xx"' for handler, method in HANDLERS]
    page.counter("http_requests", calls + ['handler="/v1/completions",method="POST",status="4xx"'])
    for name in ("http_request_size_bytes", "http_response_size_bytes"):
        label_sets = [f'handler="{handler}"' for handler, _ in HANDLERS]
        page.head(name, "summary")
        for labels in label_sets:
            page.sample(f"{name}_count", labels, "6.0")
            page.sample(f"{name}_sum", labels, "1723.0")
        page.created(name, label_sets)
    page.histogram("http_request_duration_highr_seconds", [""], 22)
    page.histogram(
        "http_request_duration_seconds", [f'handler="{handler}",method="{method}"' for handler, method in HANDLERS], 4)
    return "\n".join(page.lines) + "\n"
