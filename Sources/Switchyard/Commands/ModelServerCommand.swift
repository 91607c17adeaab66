import ArgumentParser
import Logging
import ModelServer
import Operator
import ServiceLifecycle
import UnixSignals

/// `switchyard model-server`: the simulated vLLM alone.
struct ModelServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model-server",
    abstract: "Runs a simulated vLLM: its API, metrics and queueing, with text made from a seed and no model.")

  @Option(help: "Address to listen on.") var host = "127.0.0.1"
  @Option(help: "Port to listen on; 0 takes a free one.") var port = 8000
  @Option(name: .customLong("model"), help: "A name the model is served under; may be given several times.")
  var models: [String]
  @Option(name: .customLong("lora"), help: "A LoRA adapter's name; may be given several times.")
  var adapters: [String] = []
  @Option(help: "How fast it is: \(EngineParameters.acceleratorNames.joined(separator: ", ")).")
  var accelerator = "L4"
  @Option(help: "Longest prompt and answer together, in tokens.") var maxModelLen = 8192
  @Option(help: "Sent with each response as x-inference-pod.") var podName: String?
  @Option(help: "Servers with the same seed give the same answers at temperature 0.") var seed: UInt64 = 0
  @OptionGroup var log: LogOptions

  func validate() throws {
    if let problem = try serverConfiguration().problem { throw ValidationError(problem) }
  }

  func run() async throws {
    try log.bootstrap()
    let logger = Logger(label: "model-server")
    let server = SimulatedModelServer(try serverConfiguration(), logger: logger)
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [RunningService(server.run)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
  }

  private func serverConfiguration() throws -> ModelServerConfiguration {
    guard let engine = EngineParameters.preset(accelerator: accelerator) else {
      throw ValidationError(
        "--accelerator '\(accelerator)': use one of \(EngineParameters.acceleratorNames.joined(separator: ", "))")
    }
    return ModelServerConfiguration(
      host: host, port: port, servedModelNames: models, podName: podName, maxModelLen: maxModelLen, engine: engine,
      loraAdapters: adapters.map { ModelServerConfiguration.LoRAAdapter(name: $0) }, seed: seed)
  }
}
