public import ModelEngine

/// What one simulated model server serves, where it listens, and how fast it is.
public struct ModelServerConfiguration: Sendable, Equatable {
  /// A LoRA adapter (`--lora-modules name=path`).
  public struct LoRAAdapter: Sendable, Equatable {
    /// Name that requests give as `model`.
    public var name: String
    /// Path that `/v1/models` shows as `root`.
    public var path: String

    /// Creates an adapter; the path defaults to `/adapters/NAME`.
    public init(name: String, path: String? = nil) {
      self.name = name
      self.path = path ?? "/adapters/\(name)"
    }
  }

  /// Host name or address to listen on.
  public var host: String
  /// TCP port; 0 takes a free one, which the server's `onListening` tells.
  public var port: Int
  /// Names of the base model (`--served-model-name`); the first one names it in metrics and in answers to requests
  /// without `model`.
  public var servedModelNames: [String]
  /// Sent with every response as `x-inference-pod`; `nil` sends none, as the real vLLM does.
  public var podName: String?
  /// Speeds and sizes, when it starts and when it fails.
  public var engine: EngineConfiguration
  /// Adapters loaded from the start; more come by `/v1/load_lora_adapter`.
  public var loraAdapters: [LoRAAdapter]
  /// Stands for the model's weights: servers with the same seed give the same answers at temperature 0.
  public var seed: UInt64
  /// Seconds that requests in progress have after a graceful shutdown began; then they end as aborted.
  public var drainSeconds: Double

  /// Creates a configuration.
  public init(
    host: String = "127.0.0.1", port: Int = 8000, servedModelNames: [String], podName: String? = nil,
    engine: EngineConfiguration = EngineConfiguration(), loraAdapters: [LoRAAdapter] = [],
    seed: UInt64 = 0, drainSeconds: Double = 5
  ) {
    self.host = host
    self.port = port
    self.servedModelNames = servedModelNames
    self.podName = podName
    self.engine = engine
    self.loraAdapters = loraAdapters
    self.seed = seed
    self.drainSeconds = drainSeconds
  }

  /// The first thing that keeps a server from starting, as a sentence with field, value and cure; `nil` when all is
  /// fine.
  public var problem: String? {
    if servedModelNames.isEmpty { return "servedModelNames is empty; name at least one model" }
    if servedModelNames.contains("") { return "servedModelNames has an empty name; give each model a name" }
    if !(0...65535).contains(port) { return "port is \(port); give 0 (any free port) to 65535" }
    if !(0...86_400).contains(drainSeconds) { return "drainSeconds is \(drainSeconds); give 0 to 86400" }
    if let problem = engine.problem { return "engine.\(problem)" }
    let names = servedModelNames + loraAdapters.map(\.name)
    if Set(names).count < names.count { return "servedModelNames and loraAdapters share a name; make each name unique" }
    if !loraAdapters.isEmpty, engine.limits.maxLoras == 0 {
      return "loraAdapters has \(loraAdapters.count) but engine.limits.maxLoras is 0; raise maxLoras"
    }
    return nil
  }
}
