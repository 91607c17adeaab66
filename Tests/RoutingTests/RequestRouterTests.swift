import Routing
import Testing

@Suite("Request router") struct RequestRouterTests {
  @Test("sends each model to its pool, every endpoint a candidate") func models() throws {
    let (chat, code) = (RouterFixture.pool("chat"), RouterFixture.pool("code", endpoints: 2))
    var fixture = RouterFixture(
      pools: [chat, code], rules: [RouterFixture.modelRule("chatbot", chat), RouterFixture.modelRule("coder", code)])
    let plan = try fixture.plan(request(model: "coder"))
    #expect(plan.pool == code.id)
    #expect(plan.binding.route == object("coder"))
    #expect(Set(plan.candidates.all.map(\.id)) == Set(code.endpoints.map(\.id)))
    #expect(plan.model == "coder")
    #expect(plan.rewriteModel == nil)
    #expect(plan.binding.priority == .standard)
    #expect(try fixture.plan(request(model: "chatbot")).pool == chat.id)
  }

  @Test("a coding that cannot be undone is refused only where a rule chooses by model") func unknownCoding() throws {
    let chat = RouterFixture.pool("chat")
    let any = rule("any", path: .prefix("/any"), backends: [RouterFixture.backend(chat)])
    var fixture = RouterFixture(pools: [chat], rules: [RouterFixture.modelRule("chatbot", chat), any])
    #expect(try fixture.plan(request("/any", headers: ["content-encoding": "br"])).model == nil)
    #expect(try fixture.rejection(request(headers: ["content-encoding": "br"])).status == 415)
    let image = ["content-encoding": "br", "content-type": "image/png"]
    #expect(try fixture.rejection(request(headers: image)).kind == .modelMissing)
  }

  @Test("tells a client what is wrong with its request") func clientErrors() throws {
    let chat = RouterFixture.pool("chat")
    var fixture = RouterFixture(
      pools: [chat], rules: [RouterFixture.modelRule("chatbot", chat), RouterFixture.modelRule("coder", chat)])

    let unknown = try fixture.rejection(request(model: "gpt-5"))
    #expect(unknown.status == 404 && unknown.kind == .modelNotFound)
    #expect(unknown.message == "The model 'gpt-5' does not exist. Models here: chatbot, coder.")

    let missing = try fixture.rejection(request())
    #expect(missing.status == 400 && missing.kind == .modelMissing)

    let compressed = try fixture.rejection(request(headers: ["content-encoding": "zstd"]))
    #expect(compressed.kind == .contentCodingNotSupported && compressed.message.contains("Content-Encoding 'zstd'"))
    #expect(compressed.fields == [HeaderChange.Field("accept-encoding", "gzip, deflate")])
    let form = try fixture.rejection(request(headers: ["content-type": "application/x-www-form-urlencoded"]))
    #expect(
      form.message.hasPrefix(
        "The body must be a JSON object with a string member 'model', or a form with a field 'model'. Models here: "))

    let path = try fixture.rejection(request("/metrics", model: "chatbot"))
    #expect(path.status == 404 && path.kind == .noRoute)

    let host = try fixture.rejection(request(host: "elsewhere.org", model: "chatbot"))
    #expect(host.status == 404 && host.kind == .noListener)

    let forged = try fixture.rejection(request(headers: ["x-gateway-model-name": "chatbot"], model: "gpt-5"))
    #expect(forged.kind == .modelNotFound)
  }

  @Test("answers 500 where the route's owner must act, 503 where waiting helps") func serverErrors() throws {
    let (empty, chat) = (RouterFixture.pool("empty", endpoints: 0), RouterFixture.pool("chat"))
    let none = WeightedBackend(target: .invalid(reason: "InferencePool default/gone does not exist"))
    let nothing = Model(name: "zero", targets: [WeightedTarget(name: "a", weight: 0)], object: object("zero"))
    let zero = RouterFixture.pool("zero", models: [nothing])
    let cases: [(backends: [WeightedBackend], status: Int, reason: GatewayError.Kind)] = [
      ([], 500, .noBackend), ([RouterFixture.backend(chat, weight: 0)], 500, .noBackend),
      ([none], 500, .invalidBackend),
      ([RouterFixture.backend(RouterFixture.pool("unknown"))], 500, .poolMissing),
      ([RouterFixture.backend(zero)], 500, .noModelTarget),
      ([RouterFixture.backend(empty)], 503, .noReadyEndpoint),
    ]
    for (backends, status, reason) in cases {
      var fixture = RouterFixture(pools: [empty, chat, zero], rules: [rule("route", backends: backends)])
      let rejection = try fixture.rejection(request(model: "zero"))
      #expect(rejection.status == status && rejection.kind == reason)
      #expect((rejection.retryAfterSeconds != nil) == (status == 503))
    }
  }

  @Test("a dropped rule answers 500 with the reason: its requests do not go to a less specific rule")
  func droppedRule() throws {
    let pool = RouterFixture.pool("pool")
    let headers = [exact(modelNameHeader, "secret")]
    var fixture = RouterFixture(
      pools: [pool],
      rules: [
        rule("guarded", path: .prefix("/admin"), dropped: "spec.rules[0].filters[0] is not supported: remove it"),
        rule("secrets", path: .prefix("/v2"), headers: headers, dropped: "spec.rules[0].retry is not supported"),
        rule(
          "models", path: .prefix("/v2"), headers: [exact(modelNameHeader, "chat")],
          backends: [RouterFixture.backend(pool)]),
        rule("all", path: .prefix("/v1"), backends: [RouterFixture.backend(pool)]),
      ])
    let rejection = try fixture.rejection(request("/admin/users"))
    #expect(rejection.status == 500 && rejection.kind == .ruleDropped)
    #expect(
      rejection.message == "The rule of HTTPRoute default/guarded that takes this request cannot be served: "
        + "spec.rules[0].filters[0] is not supported: remove it")
    #expect(try fixture.plan(request("/v1/models")).binding.route == object("all"))
    #expect(try fixture.rejection(request("/v2", model: "secret")).kind == .ruleDropped)
    let unknown = try fixture.rejection(request("/v2", model: "other"))
    #expect(unknown.message == "The model 'other' does not exist. Models here: chat.")
  }

  @Test(
    "a rule may ask for the base model: of an adapter that of the map of the route's namespace, else the name itself")
  func baseModels() throws {
    let (llama, other) = (RouterFixture.pool("llama"), RouterFixture.pool("other"))
    func rules(_ pool: Pool, _ model: String) -> RouteRule {
      rule(
        model, path: .prefix("/v1"), headers: [exact(baseModelNameHeader, model)],
        backends: [RouterFixture.backend(pool)])
    }
    var fixture = RouterFixture(pools: [llama, other], rules: [rules(llama, "llama-3"), rules(other, "qwen")])
    fixture.baseModels = ["default": ["sql-lora": "llama-3"], "elsewhere": ["qwen-lora": "qwen"]]
    let adapter = try fixture.plan(request(model: "sql-lora"))
    #expect(adapter.pool == llama.id && adapter.model == "sql-lora" && adapter.baseModel == "llama-3")
    #expect(adapter.binding.isModelDeclared)
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
    let (one, two) = (RouterFixture.pool("one"), RouterFixture.pool("two"))
    let invalid = WeightedBackend(weight: 10, target: .invalid(reason: "gone"))
    let backends = [
      RouterFixture.backend(one, weight: 60), RouterFixture.backend(two, weight: 30), invalid,
      RouterFixture.backend(one, weight: 0),
    ]
    var fixture = RouterFixture(pools: [one, two], rules: [rule("route", backends: backends)])
    var shares: [String: Int] = [:]
    for _ in 0..<5000 {
      switch fixture.decide(request()) {
      case .forward(let plan): shares[plan.pool.object.name, default: 0] += 1
      case .reject(let rejection): shares[rejection.kind.rawValue, default: 0] += 1
      case .respond, .wait: Issue.record("neither forwarded nor rejected")
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
    let pool = RouterFixture.pool("pool", models: [model, plain])
    var fixture = RouterFixture(pools: [pool], rules: [rule("route", backends: [RouterFixture.backend(pool)])])
    var shares: [String: Int] = [:]
    for _ in 0..<4000 {
      let plan = try fixture.plan(request(model: "chat"))
      #expect(plan.binding.priority == .critical && plan.model == "chat")
      shares[plan.rewriteModel ?? "-", default: 0] += 1
    }
    #expect(shares.keys.sorted() == ["v1", "v2"])
    #expect((2850...3150).contains(shares["v1"] ?? 0))
    #expect(try fixture.plan(request(model: "same")).rewriteModel == nil)
  }

  @Test("a model that nobody declared passes unchanged: sheddable where others are declared") func undeclared() throws {
    let model = Model(name: "chat", object: object("chat"))
    let (some, none) = (RouterFixture.pool("some", models: [model]), RouterFixture.pool("none"))
    for (pool, priority) in [(some, Priority.sheddable), (none, .standard)] {
      var fixture = RouterFixture(pools: [pool], rules: [rule("route", backends: [RouterFixture.backend(pool)])])
      let plan = try fixture.plan(request(model: "other"))
      #expect(plan.binding.priority == priority)
      #expect(plan.rewriteModel == nil)
    }
  }

  @Test("knows whether a model is declared, by the pool or by the rule") func declared() throws {
    let pool = RouterFixture.pool("pool", models: [Model(name: "chat", object: object("chat"))])
    let pattern = ValueMatch(name: modelNameHeader, value: .regularExpression(try CompiledExpression("p.*")))
    var fixture = RouterFixture(
      pools: [pool],
      rules: [
        RouterFixture.modelRule("coder", pool),
        rule("pattern", headers: [pattern], backends: [RouterFixture.backend(pool)]),
        rule("any", backends: [RouterFixture.backend(pool)]),
      ])
    for (model, isDeclared) in [("chat", true), ("coder", true), ("p1", false), ("made-up", false)] {
      #expect(try fixture.plan(request(model: model)).binding.isModelDeclared == isDeclared, "\(model)")
    }
    #expect(try !fixture.plan(request()).binding.isModelDeclared)
  }

  @Test("a rejection says whom it concerned, as far as that was known; a made-up model is nobody") func subjects()
    throws
  {
    let model = Model(
      name: "chat", criticality: .critical, targets: [WeightedTarget(name: "v1")], object: object("chat"))
    let empty = RouterFixture.pool("empty", endpoints: 0, models: [model])
    var fixture = RouterFixture(pools: [empty], rules: [rule("route", backends: [RouterFixture.backend(empty)])])
    let route = object("route")
    #expect(
      try fixture.rejection(request(model: "chat")).subject
        == RequestSubject(
          route: route, pool: empty.id, model: "chat", targetModel: "v1", priority: .critical))
    #expect(
      try fixture.rejection(request(model: "made-up")).subject
        == RequestSubject(route: route, pool: empty.id, priority: .sheddable))
    let unknown = RouterFixture.pool("unknown")
    fixture = RouterFixture(pools: [], rules: [rule("route", backends: [RouterFixture.backend(unknown)])])
    #expect(
      try fixture.rejection(request(model: "chat")).subject == RequestSubject(route: route, pool: unknown.id))
    #expect(try fixture.rejection(request(host: "elsewhere.org")).subject == RequestSubject())
  }
}
