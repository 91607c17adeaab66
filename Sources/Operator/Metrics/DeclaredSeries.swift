import DataPlane
import Observability
import Routing

/// The series that a table's pools, models and endpoints have before their first request, so that a ratio exists before the
/// first error; and which series have nothing behind them any more.
struct DeclaredSeries: Equatable {
  /// What declared models can meet before anything else goes wrong.
  static let firstReasons = [GatewayError.Kind.noReadyEndpoint.rawValue, GatewayError.Kind.saturated.rawValue]

  /// `GatewayInstruments.poolLabels` of all pools.
  private(set) var pools: Set<[String]> = [["", "", ""]]
  /// Pool labels and model name of all declared models.
  private(set) var models: Set<[String]> = []
  /// `GatewayInstruments.requestLabels` of all declared models, for each target.
  private(set) var requests: Set<[String]> = []
  /// The same without the priority, which is the last of them.
  private var targets: Set<[String]> = []
  /// Pool labels and priority of all objectives.
  private var objectives: Set<[String]> = []
  /// `GatewayInstruments.endpointLabels` of the endpoints that have series of their own.
  private(set) var endpoints: Set<[String]> = []

  init() {}

  init(_ table: RoutingTable) {
    for pool in table.pools.values {
      pools.insert(pool.id.metricLabels)
      declareModels(of: pool)
      for priority in pool.objectives.values { objectives.insert(pool.id.metricLabels + [priority.description]) }
    }
    for listener in table.listeners {
      for rule in listener.rules where rule.dropped == nil { declare(rule, of: listener, in: table) }
    }
    endpoints = Set(EndpointLabels(table).values.values)
  }

  private mutating func declare(_ rule: RouteRule, of listener: Listener, in table: RoutingTable) {
    for case .pool(let id) in rule.backends.map(\.target) {
      guard let pool = table.pools[id] else { continue }
      for name in listener.declaredModels(of: rule) where pool.models[name] == nil {
        declare(name, targets: [name], Self.unbound(in: pool), in: pool)
      }
    }
  }

  /// The priority of requests for models without an InferenceModel.
  private static func unbound(in pool: Pool) -> Priority { pool.models.isEmpty ? .standard : .sheddable }

  private mutating func declareModels(of pool: Pool) {
    for model in pool.models.values {
      let targets = model.targets.filter { $0.weight > 0 }.map(\.name)
      declare(
        model.name, targets: targets.isEmpty ? [model.name] : targets, Priority(model.criticality), in: pool)
    }
    for name in pool.rewrites.exact.keys where pool.models[name] == nil {
      declare(name, targets: [name], Self.unbound(in: pool), in: pool)
    }
  }

  private mutating func declare(_ name: String, targets: [String], _ priority: Priority, in pool: Pool) {
    for target in targets.flatMap(pool.namesAtEndpoints) {
      let subject = RequestSubject(
        pool: pool.id, model: name, targetModel: target, priority: pool.id.kind == .service ? nil : priority)
      requests.insert(subject.requestLabels)
      self.targets.insert(subject.requestLabels.dropLast())
      models.insert(subject.modelLabels)
    }
  }

  /// Creates what is not there yet, at 0.
  func start(in instruments: GatewayInstruments) {
    for pool in pools.subtracting([["", "", ""]]) { _ = instruments.outcomes.retries.series(pool) }
    for request in requests {
      _ = instruments.requests.series(request)
      for code in [ProxyRecord.modelServerError] + Self.firstReasons {
        _ = instruments.errors.series(request + [code])
      }
    }
    for model in models {
      _ = instruments.outcomes.answers.series(model + ["200"])
      for reason in Self.firstReasons { _ = instruments.outcomes.rejections.series(model + [reason]) }
    }
    for endpoint in endpoints { _ = instruments.outcomes.picks.series(endpoint) }
  }

  /// Whether a series is of a pool that is not here. Its first labels name the pool.
  func lacksPool(_ labels: [String]) -> Bool {
    let pool = Array(labels.prefix(GatewayInstruments.poolLabels.count))
    return !pool.contains(CardinalityLimit.overflow) && !pools.contains(pool)
  }

  /// Whether a series is of a pool that is not here, or of a model that the pool does not have. Its first labels name both.
  func lacksModel(_ labels: [String]) -> Bool {
    lacks(labels, in: models, named: GatewayInstruments.poolLabels.count + 1)
  }

  /// The same for series whose first labels are `GatewayInstruments.requestLabels`: also of a target or a priority that the
  /// model does not have.
  func lacksRequest(_ labels: [String]) -> Bool {
    let pool = GatewayInstruments.poolLabels.count
    let subject = Array(labels.prefix(GatewayInstruments.requestLabels.count))
    guard lacks(labels, in: requests, named: subject.count), let priority = subject.last else { return false }
    // A trusted caller has named the target.
    if subject[pool + 1].isEmpty { return lacksModel(labels) }
    return lacks(labels, in: targets, named: subject.count - 1)
      || !objectives.contains(Array(labels.prefix(pool)) + [priority])
  }

  /// Whether a series by endpoint is of one that is not here, or that has no series of its own.
  func lacksEndpoint(_ labels: [String]) -> Bool {
    let endpoint = labels.dropFirst(GatewayInstruments.poolLabels.count)
    return lacksPool(labels) || !endpoint.contains(CardinalityLimit.overflow) && !endpoints.contains(labels)
  }

  private func lacks(_ labels: [String], in declared: Set<[String]>, named count: Int) -> Bool {
    if lacksPool(labels) { return true }
    let subject = Array(labels.prefix(count))
    // Requests for models that nobody declares are counted without a name, for as long as the pool is here.
    if subject[GatewayInstruments.poolLabels.count].isEmpty || subject.contains(CardinalityLimit.overflow) {
      return false
    }
    return !declared.contains(subject)
  }
}

extension Listener {
  /// The models that a rule asks for by exact name, or by that of their base model.
  fileprivate func declaredModels(of rule: RouteRule) -> Set<String> {
    var (names, bases): (Set<String>, Set<String>) = ([], [])
    for header in rule.match.headers {
      guard case .exact(let name) = header.value else { continue }
      if header.name == modelNameHeader { names.insert(name) }
      if header.name == baseModelNameHeader { bases.insert(name) }
    }
    guard names.isEmpty else { return names }
    let adapters = baseModels[rule.route.namespace] ?? [:]
    return bases.union(adapters.filter { bases.contains($0.value) }.keys)
  }
}
