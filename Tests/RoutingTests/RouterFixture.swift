import Routing
import TestSupport

/// A router over one listener, with the generator that its choices are drawn from.
struct RouterFixture {
  static let second: UInt64 = 1_000_000_000

  var table = RoutingTable()
  let states = EndpointStates()
  var generator = SeededGenerator(11)
  var baseModels: [String: [String: String]] = [:] {
    didSet { table.listeners[0].baseModels = baseModels }
  }

  init(pools: [Pool] = [], rules: [RouteRule]) {
    table.pools = Dictionary(uniqueKeysWithValues: pools.map { ($0.id, $0) })
    table.listeners = [
      Listener(
        gateway: object("gateway"), name: "http", port: 80, hostname: HostnamePattern("*.example.com"), rules: rules)
    ]
  }

  mutating func decide(_ request: Asked, now: UInt64 = 10 * second) -> RoutingDecision {
    RequestRouter(CompiledTables(Published(table), states: states))
      .decide(request.head, at: request.arrival, facts: request.facts, now: now, using: &generator)
  }

  mutating func plan(_ request: Asked, now: UInt64 = 10 * second) throws -> ForwardPlan {
    let decision = decide(request, now: now)
    guard case .forward(let plan) = decision else { throw Failure("not forwarded: \(decision)") }
    return plan
  }

  mutating func rejection(_ request: Asked, now: UInt64 = 10 * second) throws -> GatewayError {
    let decision = decide(request, now: now)
    guard case .reject(let rejection) = decision else { throw Failure("not rejected: \(decision)") }
    return rejection
  }

  static func pool(_ name: String, endpoints: Int = 3, models: [Model] = []) -> Pool {
    Pool(
      id: PoolID(.inferencePool, object(name)), endpoints: (0..<endpoints).map { endpoint($0 + 1) },
      matchedEndpoints: 3, models: Dictionary(uniqueKeysWithValues: models.map { ($0.name, $0) }))
  }

  static func backend(_ pool: Pool, weight: Int = 1) -> WeightedBackend {
    WeightedBackend(weight: weight, target: .pool(pool.id))
  }

  static func modelRule(_ model: String, _ pool: Pool) -> RouteRule {
    rule(model, path: .prefix("/v1"), headers: [exact(modelNameHeader, model)], backends: [backend(pool)])
  }
}
