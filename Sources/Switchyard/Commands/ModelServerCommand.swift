import ArgumentParser
import Descriptors
import Logging
import ModelEngine
import ModelServer
import Operator
import ServiceLifecycle
import UnixSignals

/// `switchyard model-server`: the simulated vLLM alone.
struct ModelServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model-server",
    abstract: "Runs a simulated vLLM: its API, metrics and queueing, with text made from a seed and no model.")

  private static let acceleratorNames = Accelerator.known.map(\.name).joined(separator: ", ")

  @Option(help: "Address to listen on.") var host = "127.0.0.1"
  @Option(help: "Port to listen on; 0 takes a free one.") var port = 8000
  @Option(name: .customLong("model"), help: "A name the model is served under; may be given several times.")
  var models: [String]
  @Option(name: .customLong("lora"), help: "A LoRA adapter's name; may be given several times.")
  var adapters: [String] = []
  @Option(help: "What it computes on: \(ModelServerCommand.acceleratorNames).") var accelerator = "L4"
  @Option(help: "How large the model is, in billions of parameters.") var modelSize = 12.0
  @Option(help: "Longest prompt and answer together, in tokens.") var maxModelLen = 8192
  @Option(help: "Answers 503 to requests beyond so many waiting and running ones; without it all wait.")
  var maxNumQueuedReqs: Int?
  @Option(help: "Seconds until the model is loaded; before, /health and requests are answered with 503.")
  var startupSeconds = 0.0
  @Option(help: "Seconds after which the engine dies: what it computes ends with an error.") var failAfter: Double?
  @Option(help: "Seconds until a dead engine serves again; without it, never.") var failFor: Double?
  @Option(help: "Sent with each response as x-inference-pod.") var podName: String?
  @Option(help: "Servers with the same seed give the same answers at temperature 0.") var seed: UInt64 = 0
  @OptionGroup var log: LogOptions

  func validate() throws {
    if let problem = try serverConfiguration().problem { throw ValidationError(problem) }
  }

  func run() async throws {
    try log.bootstrap()
    let logger = Logger(label: "model-server")
    DescriptorLimit.raise(descriptorsPerStream: 1, logger: logger)
    let server = SimulatedModelServer(try serverConfiguration(), logger: logger)
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [RunningService(server.run)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
  }

  private func serverConfiguration() throws -> ModelServerConfiguration {
    ModelServerConfiguration(
      host: host, port: port, servedModelNames: models, podName: podName, engine: try engineConfiguration(),
      loraAdapters: adapters.map { ModelServerConfiguration.LoRAAdapter(name: $0) }, seed: seed)
  }

  private func engineConfiguration() throws -> EngineConfiguration {
    guard let accelerator = Accelerator.named(accelerator) else {
      throw ValidationError("--accelerator '\(accelerator)': use one of \(Self.acceleratorNames)")
    }
    guard modelSize > 0, modelSize <= 10_000 else {
      throw ValidationError("--model-size \(modelSize): give billions of parameters, above 0 and up to 10000")
    }
    if let most = maxNumQueuedReqs, most < 1 { throw ValidationError("--max-num-queued-reqs \(most): give 1 or more") }
    let model = ModelSize(parameters: modelSize * 1e9)
    var engine = EngineConfiguration(model: model, on: accelerator, contextLength: maxModelLen)
    engine.limits.maxQueuedRequests = maxNumQueuedReqs
    engine.coldStart = .init(readyAt: try nanoseconds(startupSeconds, "--startup-seconds"), admission: .refuse)
    engine.outages = try outages()
    try checkRoom(for: model, on: accelerator, cacheTokens: engine.limits.cacheTokens)
    return engine
  }

  private func checkRoom(for model: ModelSize, on accelerator: Accelerator, cacheTokens: Int) throws {
    if cacheTokens == 0 {
      let weights = Int(model.weightBytes(on: accelerator) / 1e9)
      throw ValidationError(
        "--model-size \(modelSize): the weights take \(weights) GB and \(accelerator.name) has "
          + "\(Int(accelerator.memory / 1e9)); give a smaller model or another --accelerator")
    }
    guard (2...cacheTokens).contains(maxModelLen) else {
      throw ValidationError(
        "--max-model-len \(maxModelLen): \(accelerator.name) has room for 2 to \(cacheTokens) tokens beside a model of "
          + "\(modelSize) billion parameters")
    }
  }

  private func outages() throws -> [EngineOutage] {
    guard let failAfter else {
      if failFor == nil { return [] }
      throw ValidationError("--fail-for needs --fail-after: say when the engine dies")
    }
    let begin = try nanoseconds(failAfter, "--fail-after")
    let length = try failFor.map { try nanoseconds($0, "--fail-for") }
    if length == 0 { throw ValidationError("--fail-for 0: give more than 0 seconds, or leave it out for ever") }
    return [EngineOutage(begin: begin, end: length.map { begin + $0 })]
  }

  private func nanoseconds(_ seconds: Double, _ option: String) throws -> Nanoseconds {
    guard (0...86_400).contains(seconds) else {
      throw ValidationError("\(option) \(seconds): give 0 to 86400 seconds")
    }
    return Nanoseconds(seconds * 1e9)
  }
}
