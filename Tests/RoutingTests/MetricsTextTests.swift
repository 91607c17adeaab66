import Routing
import TestSupport
import Testing

/// Lines as vLLM 0.23 wrote them, shortened to what surrounds the series of interest.
private let page = """
  # HELP python_gc_objects_collected_total Objects collected during gc
  # TYPE python_gc_objects_collected_total counter
  python_gc_objects_collected_total{generation="0"} 15892.0
  # HELP vllm:num_requests_running Number of requests in model execution batches.
  # TYPE vllm:num_requests_running gauge
  vllm:num_requests_running{engine="0",model_name="chatbot"} 3.0
  # HELP vllm:num_requests_waiting Number of requests waiting to be processed.
  # TYPE vllm:num_requests_waiting gauge
  vllm:num_requests_waiting{engine="0",model_name="chatbot"} 7.0
  vllm:num_requests_waiting_by_reason{engine="0",model_name="chatbot",reason="capacity"} 6.0
  vllm:num_requests_waiting_by_reason{engine="0",model_name="chatbot",reason="deferred"} 1.0
  # TYPE vllm:kv_cache_usage_perc gauge
  vllm:kv_cache_usage_perc{engine="0",model_name="chatbot"} 0.25
  vllm:prefix_cache_queries_total{engine="0",model_name="chatbot"} 0.0
  # HELP vllm:cache_config_info Information of the LLMEngine CacheConfig
  # TYPE vllm:cache_config_info gauge
  vllm:cache_config_info{_block_size_resolved="True",block_size="128",kv_cache_dtype_skip_layers="[]",\
  mamba_block_size="None",num_cpu_blocks="None",num_gpu_blocks="4096",num_gpu_blocks_override="None"} 1.0

  """

@Suite("Metrics of a model server") struct MetricsTextTests {
  private func read(_ text: String, previous: EndpointLoad = EndpointLoad()) -> MetricsText {
    MetricsText(Array(text.utf8), previous: previous, scrapedAt: 42)
  }

  @Test("a page of vLLM gives its load") func vLLM() {
    let reading = read(page)
    #expect(
      reading.load
        == EndpointLoad(waiting: 7, running: 3, kvCacheUsage: 0.25, blockSize: 128, blockCount: 4096, scrapedAt: 42))
    #expect(reading.missing.isEmpty)
  }

  @Test("what a page lacks stays as it was") func partial() {
    let previous = EndpointLoad(waiting: 5, running: 1, kvCacheUsage: 0.5, blockSize: 16, scrapedAt: 1)
    let reading = read("vllm:num_requests_waiting 2\n", previous: previous)
    #expect(
      reading.load == EndpointLoad(waiting: 2, running: 1, kvCacheUsage: 0.5, blockSize: 16, scrapedAt: 42))
    #expect(reading.missing == ["vllm:num_requests_running", "vllm:kv_cache_usage_perc"])
    #expect(!reading.isEmpty)
  }

  @Test(
    "text that is no page of a model server",
    arguments: ["", "\n\n", "<html>not found</html>", "go_goroutines 5\n", "vllm:num_requests_waitin"])
  func foreign(text: String) {
    #expect(read(text).isEmpty)
  }

  @Test(
    "broken or senseless samples are left out",
    arguments: [
      "vllm:num_requests_waiting", "vllm:num_requests_waiting ", "vllm:num_requests_waiting x",
      "vllm:num_requests_waiting{", "vllm:num_requests_waiting{a", "vllm:num_requests_waiting{a=\"",
      "vllm:num_requests_waiting{a=\"\\",
      "vllm:num_requests_waiting{a=b} 1", "vllm:num_requests_waiting NaN", "vllm:num_requests_waiting -1",
      "vllm:num_requests_waiting +Inf", "vllm:num_requests_waiting 1 2 3",
    ])
  func broken(line: String) {
    #expect(read(line).isEmpty)
    #expect(read("\(line)\nvllm:num_requests_running 4\n").load.running == 4)
  }

  @Test("any bytes are read without harm, and values stay in their bounds") func fuzz() {
    var generator = SeededGenerator(9)
    let pieces = [
      "vllm:num_requests_waiting", "vllm:kv_cache_usage_perc", "vllm:cache_config_info", "vllm:lora_requests_info", "{",
      "}", "block_size=", "\"", "\\", ",", " ", "\n", "1", "-", "1e400", "NaN", "running_lora_adapters=\"a,b\"", "\r",
      "é",
    ]
    for _ in 0..<3000 {
      let count = Int.random(in: 1...12, using: &generator)
      let load = read((0..<count).compactMap { _ in pieces.randomElement(using: &generator) }.joined()).load
      #expect(load.waiting >= 0 && (0...1).contains(load.kvCacheUsage))
    }
  }

  @Test("engines behind one port: counts add up, the use of the cache is averaged") func ranks() {
    let load = read(
      """
      vllm:num_requests_waiting{engine="0"} 2
      vllm:num_requests_waiting{engine="1"} 3 1700000000000\r
      vllm:kv_cache_usage_perc{engine="0"} 0.25
      vllm:kv_cache_usage_perc{engine="1"} 0.75
      vllm:num_requests_running{note="a \\"} 9,\\\\ b"} 1e99
      """
    ).load
    #expect(load.waiting == 5)
    #expect(load.kvCacheUsage == 0.5)
    #expect(load.running == 1_000_000_000)
  }

  @Test("older servers' name of the KV cache's use counts if the new one is absent") func oldName() {
    #expect(read("vllm:gpu_cache_usage_perc 0.5\n").load.kvCacheUsage == 0.5)
    #expect(read("vllm:gpu_cache_usage_perc 0.5\nvllm:kv_cache_usage_perc 0.1\n").load.kvCacheUsage == 0.1)
  }

  @Test("adapters come from the newest series that names one") func adapters() {
    let load = read(
      """
      vllm:lora_requests_info{max_lora="4",running_lora_adapters="old",waiting_lora_adapters=""} 1.7e9
      vllm:lora_requests_info{max_lora="4",running_lora_adapters="a, b",waiting_lora_adapters="c"} 1.8e9
      vllm:lora_requests_info{max_lora="4",running_lora_adapters="older",waiting_lora_adapters=""} 1.6e9
      vllm:lora_requests_info{max_lora="4",running_lora_adapters="",waiting_lora_adapters=""} 1.9e9
      """
    ).load
    #expect(load.runningAdapters == ["a", "b"])
    #expect(load.waitingAdapters == ["c"])
    #expect(load.maxAdapters == 4)
  }

  @Test("a server that rests has no adapters in use") func idleAdapters() {
    let previous = EndpointLoad(runningAdapters: ["a"], maxAdapters: 4)
    let text = "vllm:lora_requests_info{max_lora=\"4\",running_lora_adapters=\"\",waiting_lora_adapters=\"\"} 1\n"
    #expect(read(text, previous: previous).load.runningAdapters.isEmpty)
  }
}
