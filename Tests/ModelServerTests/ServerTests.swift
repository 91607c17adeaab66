import Logging
import ModelEngine
import ServiceLifecycle
import TestSupport
import Testing

@testable import ModelServer

private func metric(_ port: Int, _ series: String) throws -> String? {
  let text = try exchange(port, "GET", "/metrics").body
  return text.split(separator: "\n").first { $0.hasPrefix(series + " ") || $0.hasPrefix(series + "{") }
    .map { String($0.split(separator: " ").last ?? "") }
}

/// Asks until the metric has the value: an event on another connection takes effect when it takes effect.
private func wait(_ port: Int, _ series: String, _ value: String) throws -> Bool {
  for _ in 0..<2000 {
    if try metric(port, series) == value { return true }
  }
  return false
}

private let running = #"vllm:num_requests_running{engine="0",model_name="chatbot"}"#
private let waiting = #"vllm:num_requests_waiting{engine="0",model_name="chatbot"}"#

@Suite("Server behaviour", .timeLimit(.minutes(1)))
struct ServerTests {
  private static let endless = #"{"prompt":"x","max_tokens":1000,"ignore_eos":true"#

  @Test("A client that goes frees its slot, streamed or not", arguments: [true, false])
  func disconnect(streams: Bool) async throws {
    try await withServer(engine: slowEngine) { port in
      let client = try SocketClient(port: port)
      try client.send("POST", "/v1/completions", body: Self.endless + #","stream":\#(streams)}"#)
      #expect(try wait(port, running, "1.0"))
      let second = try SocketClient(port: port)
      try second.send("POST", "/v1/completions", body: Self.endless + "}")
      #expect(try wait(port, waiting, "1.0"))
      client.disconnect()
      #expect(try wait(port, waiting, "0.0"))
      #expect(try metric(port, running) == "1.0")
      second.disconnect()
      #expect(try wait(port, running, "0.0"))
      #expect(
        try wait(port, #"vllm:request_success_total{engine="0",finished_reason="abort",model_name="chatbot"}"#, "2.0"))
    }
  }

  @Test("When a client goes, the next one in the queue is served at once, however long the step would have lasted")
  func nextInQueue() async throws {
    try await withServer(engine: slowEngine) { port in
      let client = try SocketClient(port: port)
      try client.send("POST", "/v1/completions", body: Self.endless + #","stream":true}"#)
      try client.wait(for: "data: ")
      let second = try SocketClient(port: port)
      try second.send("POST", "/v1/completions", body: Self.endless + #","stream":true}"#)
      #expect(try wait(port, waiting, "1.0"))
      client.disconnect()
      try second.wait(for: "data: ")
    }
  }

  @Test("A full queue is answered with 503, counted, and empty again when its requests have gone")
  func queueLimit() async throws {
    var engine = slowEngine
    engine.limits.maxQueuedRequests = 1
    try await withServer(engine: engine) { port in
      let client = try SocketClient(port: port)
      try client.send("POST", "/v1/completions", body: Self.endless + "}")
      #expect(try wait(port, running, "1.0"))
      let refused = try exchange(port, "POST", "/v1/completions", #"{"prompt":"x","max_tokens":1}"#)
      #expect(refused.status == 503)
      #expect(refused.body.contains("The queue is full (max_num_queued_reqs)."))
      let counted = #"vllm:admission_rejections_total{model_name="chatbot",reason="max_num_queued_reqs"}"#
      #expect(try metric(port, counted) == "1.0")
      client.disconnect()
      #expect(try wait(port, running, "0.0"))
      #expect(try exchange(port, "POST", "/v1/completions", #"{"prompt":"x","max_tokens":1}"#).status == 200)
    }
  }

  @Test("Until its model is loaded a server is not healthy and takes no request")
  func coldStart() async throws {
    var engine = quickEngine
    engine.coldStart = .init(readyAt: 3_600_000_000_000, admission: .refuse)
    try await withServer(engine: engine) { port in
      #expect(try exchange(port, "GET", "/health").status == 503)
      let refused = try exchange(port, "POST", "/v1/completions", #"{"prompt":"x"}"#)
      #expect(refused.status == 503)
      #expect(refused.body.contains("The model is being loaded."))
      #expect(try exchange(port, "GET", "/v1/models").status == 200)
    }
  }

  @Test("An engine that dies ends what it computes with an error, streamed or not, and is not healthy")
  func outage() async throws {
    var engine = slowEngine
    engine.limits.maxSequences = 2
    engine.outages = [EngineOutage(begin: 500_000_000)]
    try await withServer(engine: engine) { port in
      let clients = try ["", #","stream":true"#].map { streams in
        let client = try SocketClient(port: port)
        try client.send("POST", "/v1/completions", body: Self.endless + streams + "}")
        return client
      }
      let whole = try clients[0].receive()
      #expect(whole.status == 500 || whole.status == 503)
      let streamed = try clients[1].receive().body
      #expect(streamed.contains(#""code":500"#) || streamed.contains(#""code":503"#))
      #expect(try exchange(port, "GET", "/health").status == 503)
    }
  }

  @Test("A server that is cancelled in mid-answer ends")
  func cancelled() async throws {
    try await withServer(engine: slowEngine) { port in
      let client = try SocketClient(port: port)
      try client.send("POST", "/v1/completions", body: Self.endless + #","stream":true}"#)
      try client.wait(for: "data: ")
    }
  }

  @Test(
    "A graceful shutdown lets an answer in progress end; one that takes too long is told", arguments: [true, false])
  func draining(hasTime: Bool) async throws {
    var engine = slowEngine
    engine.cost = CostModel(promptTokensPerSecond: 1e7, tokensPerSecond: hasTime ? 200 : 0.001)
    let configuration = ModelServerConfiguration(
      port: 0, servedModelNames: ["chatbot"], engine: engine, drainSeconds: hasTime ? 60 : 0.01)
    let (ports, announce) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = SimulatedModelServer(configuration, logger: logger) { announce.yield($0) }
    let services = ServiceGroup(configuration: .init(services: [server], logger: logger))
    let (begun, begin) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await services.run() }
      group.addTask {
        for await _ in begun { break }
        await services.triggerGracefulShutdown()
      }
      for await port in ports {
        let body = try await onThread { () throws -> String in
          let client = try SocketClient(port: port)
          try client.send(
            "POST", "/v1/completions", body: #"{"prompt":"x","max_tokens":40,"ignore_eos":true,"stream":true}"#)
          try client.wait(for: "data: ")
          begin.yield()
          return try client.receive().body
        }
        #expect(body.contains(hasTime ? #""finish_reason":"length""# : #""code":503"#))
        #expect(body.hasSuffix("data: [DONE]\n\n"))
        break
      }
      try await group.waitForAll()
    }
  }

  @Test("Adapters are listed, loaded, used and unloaded")
  func adapters() async throws {
    let adapter = ModelServerConfiguration.LoRAAdapter(name: "chat-lora", path: "/models/tiny-lora-a")
    try await withServer(loraAdapters: [adapter]) { port in
      let models = try exchange(port, "GET", "/v1/models").body
      #expect(Sample.shape(models) == Sample.shape(Sample.models))
      let use = #"{"model":"rec-lora","prompt":"x","max_tokens":2}"#
      #expect(try exchange(port, "POST", "/v1/completions", use).status == 404)
      let load = #"{"lora_name":"rec-lora","lora_path":"/models/tiny-lora-b"}"#
      let loaded = try exchange(port, "POST", "/v1/load_lora_adapter", load)
      #expect(loaded.body == "Success: LoRA adapter 'rec-lora' added successfully.")
      #expect(try exchange(port, "POST", "/v1/load_lora_adapter", load).status == 400)
      #expect(try exchange(port, "POST", "/v1/completions", use).status == 200)
      #expect(try exchange(port, "POST", "/v1/unload_lora_adapter", load).status == 200)
      #expect(try exchange(port, "POST", "/v1/unload_lora_adapter", load).status == 404)
      #expect(try exchange(port, "POST", "/v1/load_lora_adapter", "{}").status == 400)
    }
  }

  @Test("With one LoRA slot taken, a second adapter waits and both are reported")
  func adapterSlots() async throws {
    let names = ["chat-lora", "rec-lora"].map { ModelServerConfiguration.LoRAAdapter(name: $0) }
    var engine = slowEngine
    engine.limits.maxSequences = 8
    try await withServer(engine: engine, loraAdapters: names) { port in
      let clients = try names.map { adapter in
        let client = try SocketClient(port: port)
        try client.send(
          "POST", "/v1/completions",
          body: #"{"model":"\#(adapter.name)","prompt":"x","max_tokens":1000,"ignore_eos":true}"#)
        #expect(try wait(port, adapter.name == "chat-lora" ? running : waiting, "1.0"))
        return client
      }
      let text = try exchange(port, "GET", "/metrics").body
      #expect(
        text.contains(
          #"vllm:lora_requests_info{max_lora="1",running_lora_adapters="chat-lora",waiting_lora_adapters="rec-lora"} "#
        ))
      #expect(
        try metric(port, #"vllm:num_requests_waiting_by_reason{engine="0",model_name="chatbot",reason="deferred"}"#)
          == "1.0")
      for client in clients { client.disconnect() }
    }
  }

  @Test("The metrics follow from what was served")
  func metrics() async throws {
    try await withServer { port in
      let prompt = String(repeating: "word ", count: 100)
      for _ in 0..<2 {
        _ = try exchange(
          port, "POST", "/v1/completions", #"{"prompt":"\#(prompt)","max_tokens":4,"ignore_eos":true}"#)
      }
      #expect(try metric(port, "vllm:generation_tokens_total") == "8.0")
      #expect(try metric(port, "vllm:request_generation_tokens_count") == "2.0")
      #expect(try metric(port, "vllm:prefix_cache_hits_total") != "0.0")
      #expect(try metric(port, "vllm:kv_cache_usage_perc") == "0.0")
      let text = try exchange(port, "GET", "/metrics").body
      #expect(text.contains(#"vllm:request_generation_tokens_bucket{engine="0",le="5.0",model_name="chatbot"} 2.0"#))
      #expect(text.contains(#"block_size="16""#))
      #expect(text.contains(#"num_gpu_blocks="1000""#))
    }
  }

  @Test("Families come in vLLM's order, with its names, kinds and buckets")
  func metricFamilies() async throws {
    try await withServer { port in
      let text = try exchange(port, "GET", "/metrics").body
      let types = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { String($0.dropFirst(7)) }
      let recorded = RecordedFamilies.all.split(separator: "\n").map(String.init)
      #expect(types.filter { !$0.contains("_created ") } == recorded + ["vllm:lora_requests_info gauge"])
      let series = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
      for (family, bounds) in RecordedFamilies.buckets {
        let own = series.filter { $0.hasPrefix("vllm:\(family)_bucket{") }
          .compactMap { $0.firstMatch(of: /le="([^"]*)"/).map { String($0.1) } }
        #expect(own == bounds.split(separator: " ").map(String.init), "\(family)")
      }
    }
  }

  @Test("Probes and version answer as vLLM's", arguments: ["/health", "/ping", "/version"])
  func probes(path: String) async throws {
    try await withServer { port in
      let answer = try exchange(port, "GET", path)
      #expect(answer.status == 200)
      #expect(answer.body == (path == "/version" ? #"{"version":"0.32.0"}"# : ""))
    }
  }

  @Test("A port in use and a wrong configuration are errors that name value and cure")
  func startErrors() async throws {
    try await withRunningServer { port in
      let second = ModelServerConfiguration(port: port, servedModelNames: ["chatbot"])
      let server = SimulatedModelServer(second, logger: quietLogger)
      let error = await #expect(throws: SimulatedModelServer.StartError.self) { try await server.run() }
      #expect(error?.description.contains("127.0.0.1:\(port)") == true)
    }
    #expect(ModelServerConfiguration(servedModelNames: []).problem?.contains("servedModelNames") == true)
    var engine = EngineConfiguration()
    engine.limits.contextLength = 1_000_000
    #expect(
      ModelServerConfiguration(servedModelNames: ["a"], engine: engine).problem?.hasPrefix("engine.limits.blockCount")
        == true)
  }

  @Test(
    "Numbers are written as Python's prometheus_client writes them",
    arguments: [
      (0.0, "0.0"), (44, "44.0"), (0.333, "0.333"), (1_000_000, "1e+06"), (1_073_741_824, "1.073741824e+09"),
      (1795352142.1799216, "1.7953521421799216e+09"), (16384, "16384.0"), (1e-05, "1e-05"),
    ])
  func floats(value: Double, text: String) {
    #expect(PythonMetricsText.float(value) == text)
  }
}
