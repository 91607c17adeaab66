import Descriptors
import Foundation
import Hummingbird
import HummingbirdCore
public import Logging
import ModelEngine
import NIOPosix
public import ServiceLifecycle
import Synchronization

/// A model server that answers as vLLM 0.32 does and generates plain sentences at stated speeds, without a model.
///
/// Everything a gateway sees is there: the OpenAI API, streaming, a queue, batching, a KV cache with prefix reuse, LoRA
/// adapters, and `vllm:*` metrics that follow from what the engine does. Idle, it runs no timer.
public struct SimulatedModelServer: Service {
  /// What keeps a server from starting.
  public struct StartError: Error, CustomStringConvertible, Sendable {
    /// A sentence with field or address, value and cure.
    public var description: String
  }

  private let configuration: ModelServerConfiguration
  private let catalog: ModelCatalog
  private let logger: Logger
  private let onListening: @Sendable (Int) -> Void

  /// Creates a server that does nothing before ``run()``.
  ///
  /// - Parameter onListening: called once with the bound port.
  public init(
    _ configuration: ModelServerConfiguration, logger: Logger, onListening: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.configuration = configuration
    catalog = ModelCatalog(baseNames: configuration.servedModelNames, adapters: configuration.loraAdapters)
    self.logger = logger
    self.onListening = onListening
  }

  /// Answers to these names from the next request on; requests in progress go on. Names no model when empty.
  public func serve(modelNames: [String]) { catalog.rename(modelNames) }

  /// Serves until the task is cancelled, which cuts requests in progress, or until the surrounding service group shuts
  /// down gracefully: then no more connections are accepted and requests in progress have `drainSeconds` to end.
  ///
  /// - Throws: ``StartError`` when the configuration is wrong or the address cannot be bound.
  public func run() async throws {
    if let problem = configuration.problem { throw StartError(description: "model server: \(problem)") }
    let engine = Engine(configuration.engine, on: MultiThreadedEventLoopGroup.singleton.any())
    let watch = ConnectionWatch()
    let listening = Atomic<Bool>(false)
    defer { engine.stop() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await stopAfterDrain(engine) }
      do {
        try await withTaskCancellationHandler {
          try await application(engine: engine, watch: watch) { port in
            listening.store(true, ordering: .releasing)
            onListening(port)
          }.run()
        } onCancel: {
          engine.stop()
        }
      } catch let error where !listening.load(ordering: .acquiring) && !(error is CancellationError) {
        group.cancelAll()
        throw StartError(
          description: "model server cannot listen on \(configuration.host):\(configuration.port): \(error); "
            + "choose a free address and port, or stop the process that holds this one")
      }
      group.cancelAll()
    }
  }

  private func stopAfterDrain(_ engine: Engine) async {
    do {
      try await gracefulShutdown()
      try await Task.sleep(for: .seconds(configuration.drainSeconds))
    } catch {
      // Cancelled: the server has ended already, or is being cut.
      return
    }
    engine.stop()
  }

  private func application(
    engine: Engine, watch: ConnectionWatch, onBound: @escaping @Sendable (Int) -> Void
  ) -> some ApplicationProtocol {
    var quiet = logger
    // Hummingbird reports each start at info, and the end of its connections at a shutdown as errors; what matters it
    // throws.
    quiet.logLevel = .critical
    return Application(
      router: routes(engine: engine, watch: watch).router(),
      server: .http1(configuration: HTTP1Channel.Configuration(additionalChannelHandlers: [watch.makeHandler()])),
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: configuration.port), serverName: "uvicorn"),
      onServerRunning: { [configuration, logger] channel in
        await AcceptGateHandler.guardInner(channel, logger: logger)
        let port = channel.localAddress?.port ?? 0
        logger.info(
          "model server listens",
          metadata: ["port": "\(port)", "model": "\(configuration.servedModelNames.joined(separator: ","))"])
        onBound(port)
      },
      logger: quiet)
  }

  private func routes(engine: Engine, watch: ConnectionWatch) -> ModelServerRoutes {
    let unixTime: @Sendable () -> Double = { Date().timeIntervalSince1970 }
    let generation = GenerationHandler(
      engine: engine, catalog: catalog, limits: configuration.engine.limits, seed: configuration.seed,
      serials: SerialNumbers(), watch: watch, unixTime: unixTime)
    return ModelServerRoutes(
      configuration: configuration, engine: engine, generation: generation, catalog: catalog, created: unixTime())
  }
}
