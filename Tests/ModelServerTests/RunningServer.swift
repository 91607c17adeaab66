import Foundation
import Logging
import ModelEngine
import TestSupport
import Testing

@testable import ModelServer

/// An engine so fast that tests need not wait for it.
let quickEngine = EngineConfiguration(
  cost: CostModel(promptTokensPerSecond: 1e7, tokensPerSecond: 1e5),
  limits: EngineLimits(contextLength: 2048, blockCount: 1000, maxLoras: 1))

/// An engine that never gets to its second token while a test runs.
let slowEngine = EngineConfiguration(
  cost: CostModel(promptTokensPerSecond: 1e7, tokensPerSecond: 0.001),
  limits: EngineLimits(maxSequences: 1, contextLength: 2048, blockCount: 1000, maxLoras: 1))

/// Runs work that blocks on a thread of its own.
func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
  }
}

/// Runs a server on a free loopback port for as long as the closure needs it. The client's calls block, so the closure
/// runs on a thread of its own: on the shared ones, two tests that wait would stop the server they wait for.
func withServer(
  engine: EngineConfiguration = quickEngine, podName: String? = nil,
  loraAdapters: [ModelServerConfiguration.LoRAAdapter] = [], _ work: @escaping @Sendable (Int) throws -> Void
) async throws {
  try await withRunningServer(engine: engine, podName: podName, loraAdapters: loraAdapters) { port in
    try await onThread { try work(port) }
  }
}

/// The same for a closure that suspends and does not block.
func withRunningServer(
  engine: EngineConfiguration = quickEngine, podName: String? = nil,
  loraAdapters: [ModelServerConfiguration.LoRAAdapter] = [], _ work: @escaping @Sendable (Int) async throws -> Void
) async throws {
  let configuration = ModelServerConfiguration(
    port: 0, servedModelNames: ["chatbot"], podName: podName, engine: engine,
    loraAdapters: loraAdapters)
  let (ports, announce) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
  var logger = Logger(label: "test")
  logger.logLevel = .critical
  let server = SimulatedModelServer(configuration, logger: logger) { announce.yield($0) }
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask {
      do { try await server.run() } catch is CancellationError {}
    }
    for await port in ports {
      try await work(port)
      break
    }
    group.cancelAll()
    try await group.waitForAll()
  }
}

/// One request on a connection of its own.
func exchange(
  _ port: Int, _ method: String, _ path: String, _ body: String? = nil, type: String = "application/json"
) throws -> SocketClient.Answer {
  let client = try SocketClient(port: port)
  try client.send(method, path, body: body, type: type)
  return try client.receive()
}
