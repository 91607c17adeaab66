import ArgumentParser
import Descriptors
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
  @OptionGroup var engine: EngineOptions
  @Option(help: "Sent with each response as x-inference-pod.") var podName: String?
  @Option(help: "Servers with the same seed give the same answers at temperature 0.") var seed: UInt64 = 0
  @OptionGroup var log: LogOptions

  func validate() throws {
    try PortOption.check(port, "--port")
    if models.contains("") { throw ValidationError("--model '': give each model a name") }
    if adapters.contains("") { throw ValidationError("--lora '': give each adapter a name") }
    let names = models + adapters
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      throw ValidationError("--model and --lora name '\(name)' twice: make each name unique")
    }
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
      host: host, port: port, servedModelNames: models, podName: podName, engine: try engine.configuration(),
      loraAdapters: adapters.map { ModelServerConfiguration.LoRAAdapter(name: $0) }, seed: seed)
  }
}
