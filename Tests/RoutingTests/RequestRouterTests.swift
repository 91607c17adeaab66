import Routing
import TestSupport
import Testing

@Suite("Request router") struct RequestRouterTests {
  private static let second: UInt64 = 1_000_000_000

  /// A gateway with one rule for each backend list, told apart by model.
  private struct Fixture {
    var table = RoutingTable()
    var loads = LoadSnapshot()
    let inFlight = InFlightCounts()
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

    mutating func decide(_ request: RequestView<Headers>, now: UInt64 = 10 * second) -> RoutingDecision {
      RequestRouter(table: Published(table), loads: Published(loads), inFlight: inFlight)
        .decide(request, now: now, using: &generator)
    }

    mutating func plan(_ request: RequestView<Headers>, now: UInt64 = 10 * second) throws -> ForwardPlan {
      guard case .forward(let plan) = decide(request, now: now) else {
        throw Unexpected(decision: decide(request, now: now))
      }
      return plan
    }

    mutating func rejection(_ request: RequestView<Headers>, now: UInt64 = 10 * second) throws -> GatewayError {
      guard case .reject(let rejection) = decide(request, now: now) else {
        throw Unexpected(decision: decide(request, now: now))
      }
      return rejection
    }
  }

  private struct Unexpected: Error { var decision: RoutingDecision }

  private static func pool(_ name: String, endpoints: Int = 3, models: [Model] = []) -> Pool {
    Pool(
      id: PoolID(.inferencePool, object(name)), endpoints: (0..<endpoints).map { endpoint($0 + 1) },
      matchedEndpoints: 3, models: Dictionary(uniqueKeysWithValues: models.map { ($0.name, $0) }))
  }

  private static func backend(_ pool: Pool, weight: Int = 1) -> WeightedBackend {
    WeightedBackend(weight: weight, target: .pool(pool.id))
  }

  private static func modelRule(_ model: String, _ pool: Pool) -> RouteRule {
    rule(model, path: .prefix("/v1"), headers: [exact(modelNameHeader, model)], backends: [backend(pool)])
  }

  @Test("sends each model to its pool, every endpoint a candidate") func models() throws {
    let (chat, code) = (Self.pool("chat"), Self.pool("code", endpoints: 2))
    var fixture = Fixture(
      pools: [chat, code], rules: [Self.modelRule("chatbot", chat), Self.modelRule("coder", code)])
    let plan = try fixture.plan(request(model: "coder"))
    #expect(plan.pool == code.id)
    #expect(plan.route == object("coder"))
    #expect(Set(plan.candidates.map(\.id)) == Set(code.endpoints.map(\.id)))
    #expect(plan.model == "coder")
    #expect(plan.rewriteModel == nil)
    #expect(plan.criticality == .standard)
    #expect(try fixture.plan(request(model: "chatbot")).pool == chat.id)
  }

  @Test("tells a client what is wrong with its request") func clientErrors() throws {
    let chat = Self.pool("chat")
    var fixture = Fixture(pools: [chat], rules: [Self.modelRule("chatbot", chat), Self.modelRule("coder", chat)])

    let unknown = try fixture.rejection(request(model: "gpt-5"))
    #expect(unknown.status == 404 && unknown.kind == .modelNotFound)
    #expect(unknown.message == "The model 'gpt-5' does not exist. Models here: chatbot, coder.")

    let missing = try fixture.rejection(request())
    #expect(missing.status == 400 && missing.kind == .modelMissing)

    let compressed = try fixture.rejection(request(headers: ["content-encoding": "zstd"]))
    #expect(compressed.kind == .modelMissing && compressed.message.contains("content-encoding 'zstd'"))
    let form = try fixture.rejection(request(headers: ["content-type": "application/x-www-form-urlencoded"]))
    #expect(form.message.hasPrefix("The body must be a JSON object with a string member 'model'. Models here: "))

    let path = try fixture.rejection(request("/metrics", model: "chatbot"))
    #expect(path.status == 404 && path.kind == .noRoute)

    let host = try fixture.rejection(request(host: "elsewhere.org", model: "chatbot"))
    #expect(host.status == 404 && host.kind == .noListener)

    let forged = try fixture.rejection(request(headers: ["x-gateway-model-name": "chatbot"], model: "gpt-5"))
    #expect(forged.kind == .modelNotFound)
  }

  @Test("answers 500 where the route's owner must act, 503 where waiting helps") func serverErrors() throws {
    let (empty, chat) = (Self.pool("empty", endpoints: 0), Self.pool("chat"))
    let none = WeightedBackend(target: .invalid(reason: "InferencePool default/gone does not exist"))
    let nothing = Model(name: "zero", targets: [WeightedTarget(name: "a", weight: 0)], object: object("zero"))
    let zero = Self.pool("zero", models: [nothing])
    let cases: [(backends: [WeightedBackend], status: Int, reason: GatewayError.Kind)] = [
      ([], 500, .noBackend), ([Self.backend(chat, weight: 0)], 500, .noBackend), ([none], 500, .invalidBackend),
      ([Self.backend(Self.pool("unknown"))], 500, .poolMissing), ([Self.backend(zero)], 500, .noModelTarget),
      ([Self.backend(empty)], 503, .noReadyEndpoint),
    ]
    for (backends, status, reason) in cases {
      var fixture = Fixture(pools: [empty, chat, zero], rules: [rule("route", backends: backends)])
      let rejection = try fixture.rejection(request(model: "zero"))
      #expect(rejection.status == status && rejection.kind == reason)
      #expect((rejection.retryAfterSeconds != nil) == (status == 503))
    }
  }

  @Test("a dropped rule answers 500 with the reason: its requests do not go to a less specific rule")
  func droppedRule() throws {
    let pool = Self.pool("pool")
    let headers = [exact(modelNameHeader, "secret")]
    var fixture = Fixture(
      pools: [pool],
      rules: [
        rule("guarded", path: .prefix("/admin"), dropped: "spec.rules[0].filters[0] is not supported: remove it"),
        rule("secrets", path: .prefix("/v2"), headers: headers, dropped: "spec.rules[0].retry is not supported"),
        rule("models", path: .prefix("/v2"), headers: [exact(modelNameHeader, "chat")], backends: [Self.backend(pool)]),
        rule("all", path: .prefix("/v1"), backends: [Self.backend(pool)]),
      ])
    let rejection = try fixture.rejection(request("/admin/users"))
    #expect(rejection.status == 500 && rejection.kind == .ruleDropped)
    #expect(
      rejection.message == "The rule of HTTPRoute default/guarded that takes this request cannot be served: "
        + "spec.rules[0].filters[0] is not supported: remove it")
    #expect(try fixture.plan(request("/v1/models")).route == object("all"))
    #expect(try fixture.rejection(request("/v2", model: "secret")).kind == .ruleDropped)
    let unknown = try fixture.rejection(request("/v2", model: "other"))
    #expect(unknown.message == "The model 'other' does not exist. Models here: chat.")
  }

  @Test(
    "a rule may ask for the base model: of an adapter that of the map of the route's namespace, else the name itself")
  func baseModels() throws {
    let (llama, other) = (Self.pool("llama"), Self.pool("other"))
    func rules(_ pool: Pool, _ model: String) -> RouteRule {
      rule(model, path: .prefix("/v1"), headers: [exact(baseModelNameHeader, model)], backends: [Self.backend(pool)])
    }
    var fixture = Fixture(pools: [llama, other], rules: [rules(llama, "llama-3"), rules(other, "qwen")])
    fixture.baseModels = ["default": ["sql-lora": "llama-3"], "elsewhere": ["qwen-lora": "qwen"]]
    let adapter = try fixture.plan(request(model: "sql-lora"))
    #expect(adapter.pool == llama.id && adapter.model == "sql-lora" && adapter.baseModel == "llama-3")
    #expect(adapter.isModelDeclared)
    let base = try fixture.plan(request(model: "qwen"))
    #expect(base.pool == other.id && base.baseModel == "qwen")
    let foreign = try fixture.rejection(request(model: "qwen-lora"))
    #expect(
      foreign.message
        == "The model 'qwen-lora' does not exist. Models here: llama-3 and its adapters, qwen and its adapters.")
    let forged = try fixture.rejection(request(headers: ["x-gateway-base-model-name": "qwen"], model: "x"))
    #expect(forged.kind == .modelNotFound)
    #expect(try fixture.rejection(request()).kind == .modelMissing)
    #expect(try fixture.rejection(request("/v2", model: "qwen")).kind == .noRoute)
  }

  @Test("meets the weights of backends, the invalid ones' share included") func backendWeights() {
    let (one, two) = (Self.pool("one"), Self.pool("two"))
    let invalid = WeightedBackend(weight: 10, target: .invalid(reason: "gone"))
    let backends = [
      Self.backend(one, weight: 60), Self.backend(two, weight: 30), invalid, Self.backend(one, weight: 0),
    ]
    var fixture = Fixture(pools: [one, two], rules: [rule("route", backends: backends)])
    var shares: [String: Int] = [:]
    for _ in 0..<5000 {
      switch fixture.decide(request()) {
      case .forward(let plan): shares[plan.pool.object.name, default: 0] += 1
      case .reject(let rejection): shares[rejection.kind.rawValue, default: 0] += 1
      }
    }
    #expect((2850...3150).contains(shares["one"] ?? 0))
    #expect((1350...1650).contains(shares["two"] ?? 0))
    #expect((400...600).contains(shares["invalid_backend"] ?? 0))
  }

  @Test("rewrites a model to its targets by weight") func modelTargets() throws {
    let targets = [WeightedTarget(name: "v1", weight: 3), WeightedTarget(name: "v2", weight: 1)]
    let model = Model(name: "chat", criticality: .critical, targets: targets, object: object("chat"))
    let plain = Model(name: "same", targets: [WeightedTarget(name: "same")], object: object("same"))
    let pool = Self.pool("pool", models: [model, plain])
    var fixture = Fixture(pools: [pool], rules: [rule("route", backends: [Self.backend(pool)])])
    var shares: [String: Int] = [:]
    for _ in 0..<4000 {
      let plan = try fixture.plan(request(model: "chat"))
      #expect(plan.criticality == .critical && plan.model == "chat")
      shares[plan.rewriteModel ?? "-", default: 0] += 1
    }
    #expect(shares.keys.sorted() == ["v1", "v2"])
    #expect((2850...3150).contains(shares["v1"] ?? 0))
    #expect(try fixture.plan(request(model: "same")).rewriteModel == nil)
  }

  @Test("a model that nobody declared passes unchanged: sheddable where others are declared") func undeclared() throws {
    let model = Model(name: "chat", object: object("chat"))
    let (some, none) = (Self.pool("some", models: [model]), Self.pool("none"))
    for (pool, criticality) in [(some, Criticality.sheddable), (none, .standard)] {
      var fixture = Fixture(pools: [pool], rules: [rule("route", backends: [Self.backend(pool)])])
      let plan = try fixture.plan(request(model: "other"))
      #expect(plan.criticality == criticality)
      #expect(plan.rewriteModel == nil)
    }
  }

  @Test("knows whether a model is declared, by the pool or by the rule") func declared() throws {
    let pool = Self.pool("pool", models: [Model(name: "chat", object: object("chat"))])
    let pattern = ValueMatch(name: modelNameHeader, value: .regularExpression(try CompiledExpression("p.*")))
    var fixture = Fixture(
      pools: [pool],
      rules: [
        Self.modelRule("coder", pool), rule("pattern", headers: [pattern], backends: [Self.backend(pool)]),
        rule("any", backends: [Self.backend(pool)]),
      ])
    for (model, isDeclared) in [("chat", true), ("coder", true), ("p1", false), ("made-up", false)] {
      #expect(try fixture.plan(request(model: model)).isModelDeclared == isDeclared, "\(model)")
    }
    #expect(try !fixture.plan(request()).isModelDeclared)
  }

  @Test("a rejection says whom it concerned, as far as that was known; a made-up model is nobody") func subjects()
    throws
  {
    let model = Model(
      name: "chat", criticality: .critical, targets: [WeightedTarget(name: "v1")], object: object("chat"))
    let empty = Self.pool("empty", endpoints: 0, models: [model])
    var fixture = Fixture(pools: [empty], rules: [rule("route", backends: [Self.backend(empty)])])
    let route = object("route")
    #expect(
      try fixture.rejection(request(model: "chat")).subject
        == RequestSubject(
          route: route, pool: empty.id, model: "chat", targetModel: "v1", criticality: .critical))
    #expect(
      try fixture.rejection(request(model: "made-up")).subject
        == RequestSubject(route: route, pool: empty.id, criticality: .sheddable))
    let unknown = Self.pool("unknown")
    fixture = Fixture(pools: [], rules: [rule("route", backends: [Self.backend(unknown)])])
    #expect(
      try fixture.rejection(request(model: "chat")).subject == RequestSubject(route: route, pool: unknown.id))
    #expect(try fixture.rejection(request(host: "elsewhere.org")).subject == RequestSubject())
  }

  @Test("turns to others while an endpoint's failure is fresh") func failures() throws {
    let pool = Self.pool("pool")
    var fixture = Fixture(pools: [pool], rules: [rule("route", backends: [Self.backend(pool)])])
    fixture.inFlight.fail(endpoint(2).id, now: 10 * Self.second)
    for _ in 0..<20 {
      let candidates = try fixture.plan(request(), now: 14 * Self.second).candidates
      #expect(candidates.last == endpoint(2) && candidates.count == 3)
    }
    var first: Set<EndpointID> = []
    for _ in 0..<50 { first.insert(try fixture.plan(request(), now: 16 * Self.second).candidates[0].id) }
    #expect(first.count == 3)
  }

  @Test("sheds by criticality when every endpoint is full") func shedding() throws {
    let models = Criticality.allCases.map { Model(name: $0.rawValue, criticality: $0, object: object("m")) }
    let pool = Self.pool("pool", models: models)
    var fixture = Fixture(pools: [pool], rules: [rule("route", backends: [Self.backend(pool)])])
    for (waiting, shed) in [(4, [] as [Criticality]), (5, [.sheddable]), (10, [.sheddable, .standard])] {
      for endpoint in pool.endpoints {
        fixture.loads.loads[endpoint.id] = EndpointLoad(waiting: waiting, scrapedAt: 10 * Self.second)
      }
      for criticality in Criticality.allCases {
        let decision = fixture.decide(request(model: criticality.rawValue))
        guard case .reject(let rejection) = decision else {
          #expect(!shed.contains(criticality))
          continue
        }
        #expect(shed.contains(criticality))
        #expect(rejection.status == 429 && rejection.kind == .saturated && rejection.retryAfterSeconds == 1)
      }
    }
    // The same metrics, grown old, stop nobody: those of an endpoint that works for us sooner than an idle one's.
    let sheddable = request(model: "Sheddable")
    #expect(try fixture.rejection(sheddable, now: 13 * Self.second).kind == .saturated)
    fixture.inFlight.begin(endpoint(1).id)
    #expect(try fixture.plan(sheddable, now: 13 * Self.second).candidates.count == 3)
    fixture.inFlight.end(endpoint(1).id)
    #expect(try fixture.plan(sheddable, now: 18 * Self.second).candidates.count == 3)
  }

  @Test("a Service's pods are picked by our own counts and never shed") func services() throws {
    var pool = Self.pool("web")
    pool.id = PoolID(.service, object("web"), port: 80)
    var fixture = Fixture(pools: [pool], rules: [rule("route", backends: [Self.backend(pool)])])
    for endpoint in pool.endpoints {
      fixture.loads.loads[endpoint.id] = EndpointLoad(waiting: 100, scrapedAt: 10 * Self.second)
    }
    fixture.inFlight.begin(endpoint(1).id)
    fixture.inFlight.begin(endpoint(3).id)
    #expect(try fixture.plan(request()).candidates.first == endpoint(2))
  }

  @Test("goes on with whatever table and loads it has: chosen is always a candidate of the pool") func properties() {
    var generator = SeededGenerator(3)
    var forwarded = 0
    for _ in 0..<300 {
      let pool = Self.pool("pool", endpoints: Int.random(in: 0...5, using: &generator))
      var fixture = Fixture(pools: [pool], rules: [rule("route", backends: [Self.backend(pool)])])
      for endpoint in pool.endpoints where Bool.random(using: &generator) {
        fixture.loads.loads[endpoint.id] = EndpointLoad(
          waiting: Int.random(in: 0...20, using: &generator), kvCacheUsage: Double.random(in: 0...1, using: &generator),
          scrapedAt: UInt64.random(in: 0...20, using: &generator) * Self.second)
      }
      switch fixture.decide(request()) {
      case .forward(let plan):
        forwarded += 1
        #expect(plan.candidates.map(\.id).sorted() == pool.endpoints.map(\.id))
      case .reject(let rejection): #expect(rejection.status == (pool.endpoints.isEmpty ? 503 : 429))
      }
    }
    #expect(forwarded > 150)
  }
}
