import TestSupport
import Testing

@testable import Routing

/// Other names for the models that requests ask for.
@Suite("Model rewrites") struct ModelRewritesTests {
  private static let header = "x-llm-d-model-name-rewrite"
  private static let older = "x-gateway-model-name-rewrite"

  private static func rewrite(_ targets: [String: Int]) -> ModelRewrite {
    ModelRewrite(
      targets: targets.sorted { $0.key < $1.key }.map { WeightedTarget(name: $0.key, weight: $0.value) },
      object: object("rewrite"), rule: 0)
  }

  private func fixture(
    _ rewrites: ModelRewrites, models: [Model] = [], picker: PoolPicker = .builtIn
  ) throws -> RouterFixture {
    var pool = RouterFixture.pool("pool", models: models)
    (pool.rewrites, pool.picker) = (rewrites, picker)
    var fixture = RouterFixture(pools: [pool], rules: [rule("route", backends: [RouterFixture.backend(pool)])])
    fixture.table.listeners[0].trustedCallers = TrustedCallers([try #require(AddressPrefix("10.0.0.0/8"))])
    return fixture
  }

  /// What endpoints are asked for in place of the model; `nil` where the body stays as it is.
  private func name(
    of model: String?, _ fixture: RouterFixture, _ headers: [String: String] = [:], from caller: String = "10.0.0.1"
  ) throws -> String? {
    var (fixture, asked) = (fixture, request(headers: headers, model: model))
    asked.arrival.caller = caller
    return try fixture.plan(asked).rewriteModel
  }

  @Test("a rule that names the model goes before one for all") func precedence() throws {
    let exact = ["chat": Self.rewrite(["chat-v2": 1]), "same": Self.rewrite(["same": 1])]
    let all = try fixture(ModelRewrites(exact: exact, generic: Self.rewrite(["base": 1])))
    #expect(try name(of: "chat", all) == "chat-v2")
    #expect(try name(of: "Chat", all) == "base" && name(of: "other", all) == "base")
    // What is the name already is not written anew.
    #expect(try name(of: "same", all) == nil && name(of: "base", all) == nil)
    // There is no place to write a name to.
    #expect(try name(of: nil, all) == nil)
    let some = try fixture(ModelRewrites(exact: exact))
    #expect(try name(of: "chat", some) == "chat-v2" && name(of: "other", some) == nil)
  }

  @Test("targets get the shares of their weights") func weights() throws {
    var fixture = try fixture(ModelRewrites(exact: ["chat": Self.rewrite(["a": 1, "b": 3, "c": 0])]))
    var counts: [String?: Int] = [:]
    for _ in 0..<4000 { counts[try fixture.plan(request(model: "chat")).rewriteModel, default: 0] += 1 }
    #expect(counts.keys.count == 2 && (2850...3150).contains(counts["b"] ?? 0))
  }

  @Test("the name that a rewrite sees is the one that the InferenceModel has left") func inferenceModels() throws {
    let models = [
      Model(name: "chat", criticality: .critical, targets: [WeightedTarget(name: "chat-v1")], object: object("chat")),
      Model(name: "plain", object: object("plain")),
    ]
    let rewrites = ModelRewrites(exact: [
      "chat": Self.rewrite(["never": 1]), "chat-v1": Self.rewrite(["chat-v1-fp8": 1]),
      "plain": Self.rewrite(["plain-fp8": 1]),
    ])
    var fixture = try fixture(rewrites, models: models)
    let plan = try fixture.plan(request(model: "chat"))
    #expect(plan.rewriteModel == "chat-v1-fp8" && plan.binding.priority == .critical && plan.model == "chat")
    #expect(plan.subject.model == "chat" && plan.subject.targetModel == "chat-v1-fp8")
    #expect(try name(of: "plain", fixture) == "plain-fp8" && name(of: "chat-v1", fixture) == "chat-v1-fp8")
  }

  @Test("a rewrite back to the client's own name leaves the body as it came") func back() throws {
    let models = [Model(name: "chat", targets: [WeightedTarget(name: "chat-v1")], object: object("chat"))]
    #expect(try name(of: "chat", fixture(ModelRewrites(generic: Self.rewrite(["chat": 1])), models: models)) == nil)
  }

  @Test("names that a rule takes are declared, for labels; what any name becomes is not") func subjects() throws {
    var fixture = try fixture(
      ModelRewrites(exact: ["chat": Self.rewrite(["chat-v2": 1])], generic: Self.rewrite(["base": 1])))
    #expect(try fixture.plan(request(model: "chat")).subject.targetModel == "chat-v2")
    let other = try fixture.plan(request(model: "made-up")).subject
    #expect(other.model == nil && other.targetModel == nil)
  }

  @Test("a trusted caller may name what endpoints are asked for; a rule goes before it") func header() throws {
    let none = try fixture(ModelRewrites())
    for name in [Self.header, Self.older] {
      #expect(try self.name(of: "chat", none, [name: "lora"]) == "lora")
      #expect(try self.name(of: "chat", none, [name: "lora"], from: "192.0.2.1") == nil)
      #expect(try self.name(of: "chat", none, [name: "chat"]) == nil)
      #expect(try self.name(of: "chat", none, [name: ""]) == nil)
      #expect(try self.name(of: "chat", none, [name: String(repeating: "x", count: 1025)]) == nil)
    }
    #expect(try name(of: "chat", none, [Self.header: "new", Self.older: "old"]) == "new")
    let ruled = try fixture(ModelRewrites(exact: ["chat": Self.rewrite(["chat-v2": 1])]))
    #expect(try name(of: "chat", ruled, [Self.header: "lora"]) == "chat-v2")
    #expect(try name(of: "other", ruled, [Self.header: "lora"]) == "lora")
  }

  @Test("what a caller names is no label, and goes before an InferenceModel's targets") func callersName() throws {
    let models = [Model(name: "chat", targets: [WeightedTarget(name: "chat-v1")], object: object("chat"))]
    var (fixture, asked) = (
      try fixture(ModelRewrites(), models: models), request(headers: [Self.header: "x"], model: "chat")
    )
    asked.arrival.caller = "10.0.0.1"
    let plan = try fixture.plan(asked)
    #expect(plan.rewriteModel == "x" && plan.subject.model == "chat" && plan.subject.targetModel == nil)
  }

  @Test("what a pool's own picker is shown has the name that came") func externalPicker() throws {
    let picker = ExternalPicker(
      service: object("epp"), port: 9002, endpoints: [], failureMode: .open, transport: .plain)
    let fixture = try fixture(ModelRewrites(), picker: .external(picker))
    #expect(try name(of: "chat", fixture, [Self.header: "lora"]) == nil)
  }

  @Test("a Service's requests are not rewritten") func services() throws {
    let service = Pool(id: PoolID(.service, object("s"), port: 80), endpoints: [endpoint(1)])
    var fixture = RouterFixture(pools: [service], rules: [rule("r", backends: [RouterFixture.backend(service)])])
    fixture.table.listeners[0].trustedCallers = TrustedCallers([try #require(AddressPrefix("10.0.0.0/8"))])
    #expect(try name(of: "chat", fixture, [Self.header: "lora"]) == nil)
  }
}
