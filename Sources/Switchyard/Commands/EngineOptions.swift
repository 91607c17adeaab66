import ArgumentParser
import Foundation
import ModelEngine

/// What a simulated model server computes with, and when it does not; each option has a twin in the environment, which the
/// option overrides.
struct EngineOptions: ParsableArguments {
  private static let acceleratorNames = Accelerator.known.map(\.name).joined(separator: ", ")

  @Option(
    help: "What it computes on: \(EngineOptions.acceleratorNames). By default L4 (SWITCHYARD_ACCELERATOR).")
  var accelerator: String?
  @Option(help: "How large the model is, in billions of parameters. By default 12 (SWITCHYARD_MODEL_SIZE).")
  var modelSize: Double?
  @Option(help: "Longest prompt and answer together, in tokens. By default 8192 (SWITCHYARD_MAX_MODEL_LEN).")
  var maxModelLen: Int?
  @Option(
    help:
      """
      Answers 503 to requests beyond so many waiting and running ones; without it all wait \
      (SWITCHYARD_MAX_NUM_QUEUED_REQS).
      """)
  var maxNumQueuedReqs: Int?
  @Option(
    help:
      """
      Seconds until the model is loaded; before, /health and requests are answered with 503. By default 0 \
      (SWITCHYARD_STARTUP_SECONDS).
      """)
  var startupSeconds: Double?
  @Option(
    help: "Seconds after which the engine dies: what it computes ends with an error (SWITCHYARD_FAIL_AFTER).")
  var failAfter: Double?
  @Option(help: "Seconds until a dead engine serves again; without it, never (SWITCHYARD_FAIL_FOR).")
  var failFor: Double?

  func validate() throws { _ = try configuration() }

  /// - Throws: `ValidationError` that names the option or the variable, the value and the cure.
  func configuration(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> EngineConfiguration {
    let queued = try EnvironmentTwin("--max-num-queued-reqs", maxNumQueuedReqs, environment: environment)
    if let most = queued.value, most < 1 { throw ValidationError("\(queued.source) \(most): give 1 or more") }
    let startup = try EnvironmentTwin("--startup-seconds", startupSeconds, environment: environment)
    var engine = try computing(environment)
    engine.limits.maxQueuedRequests = queued.value
    engine.coldStart = .init(readyAt: try Self.nanoseconds(startup) ?? 0, admission: .refuse)
    engine.outages = try outages(environment)
    return engine
  }

  /// A model on an accelerator that has room for it.
  private func computing(_ environment: [String: String]) throws -> EngineConfiguration {
    let named = try EnvironmentTwin("--accelerator", accelerator, environment: environment)
    let size = try EnvironmentTwin("--model-size", modelSize, environment: environment)
    let length = try EnvironmentTwin("--max-model-len", maxModelLen, environment: environment)
    let (name, billions, tokens) = (named.value ?? "L4", size.value ?? 12, length.value ?? 8192)
    guard let accelerator = Accelerator.named(name) else {
      throw ValidationError("\(named.source) '\(name)': use one of \(Self.acceleratorNames)")
    }
    guard billions > 0, billions <= 10_000 else {
      throw ValidationError("\(size.source) \(billions): give billions of parameters, above 0 and up to 10000")
    }
    let model = ModelSize(parameters: billions * 1e9)
    let engine = EngineConfiguration(model: model, on: accelerator, contextLength: tokens)
    let room = engine.limits.cacheTokens
    if room == 0 {
      let weights = Int(model.weightBytes(on: accelerator) / 1e9)
      throw ValidationError(
        "\(size.source) \(billions): the weights take \(weights) GB and \(accelerator.name) has "
          + "\(Int(accelerator.memory / 1e9)); give a smaller model or another \(named.source)")
    }
    guard tokens >= 2, tokens <= room else {
      throw ValidationError(
        "\(length.source) \(tokens): \(accelerator.name) has room for 2 to \(room) tokens beside a model of "
          + "\(billions) billion parameters")
    }
    return engine
  }

  private func outages(_ environment: [String: String]) throws -> [EngineOutage] {
    let after = try EnvironmentTwin("--fail-after", failAfter, environment: environment)
    let span = try EnvironmentTwin("--fail-for", failFor, environment: environment)
    let (begin, length) = (try Self.nanoseconds(after), try Self.nanoseconds(span))
    guard let begin else {
      if length == nil { return [] }
      throw ValidationError("\(span.source) needs --fail-after: say when the engine dies")
    }
    if length == 0 {
      throw ValidationError("\(span.source) 0: give more than 0 seconds, or leave it out for ever")
    }
    return [EngineOutage(begin: begin, end: length.map { begin + $0 })]
  }

  private static func nanoseconds(_ twin: EnvironmentTwin<Double>) throws -> Nanoseconds? {
    guard let seconds = twin.value else { return nil }
    guard (0...86_400).contains(seconds) else {
      throw ValidationError("\(twin.source) \(seconds): give 0 to 86400 seconds")
    }
    return Nanoseconds(seconds * 1e9)
  }
}
