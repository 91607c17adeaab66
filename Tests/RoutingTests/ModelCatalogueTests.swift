import Foundation
import TestSupport
import Testing

@testable import Routing

/// `GET /v1/models` and `GET /v1/models/{id}`, as the gateway answers them.
@Suite("The models that a client can reach") struct ModelCatalogueTests {
  private struct List: Decodable {
    struct Card: Decodable, Equatable {
      var id: String
      var object: String
      var created: Int
      var owned_by: String
      var root: String?
      var parent: String?
    }
    var object: String
    var data: [Card]
  }

  private func answer(_ fixture: RouterFixture, _ asked: Asked) throws -> LocalResponse {
    var fixture = fixture
    let decision = fixture.decide(asked)
    guard case .respond(let answer) = decision else { throw Failure("not answered: \(decision)") }
    #expect(answer.status == 200)
    return answer
  }

  private func ids(_ fixture: RouterFixture, _ path: String = "/v1/models", host: String = "models.example.com") throws
    -> [String]
  {
    let answer = try answer(fixture, request(path, host: host, method: "GET"))
    let list = try JSONDecoder().decode(List.self, from: Data(answer.body))
    #expect(list.object == "list" && list.data.allSatisfy { $0.object == "model" })
    return list.data.map(\.id)
  }

  private let chat = RouterFixture.pool("chat")
  private var toChat: [WeightedBackend] { [RouterFixture.backend(chat)] }

  /// Endpoint 1 serves a model and an adapter.
  private func serving(_ rules: [RouteRule], pools: [Pool]? = nil) -> RouterFixture {
    let fixture = RouterFixture(pools: pools ?? [chat], rules: rules)
    fixture.states.state(of: endpoint(1).id).update(served: [
      ServedModel("gemma", created: 7, owner: "vllm", root: "/models/gemma", contextLength: 4096),
      ServedModel("gemma-fr", created: 8, owner: "vllm", root: "/lora/fr", parent: "gemma"),
    ])
    return fixture
  }

  @Test("what the endpoints of a pool name, where a rule takes any model") func discovered() throws {
    let fixture = serving([rule("all", backends: toChat)])
    let body = try answer(fixture, request("/v1/models", method: "GET")).body
    #expect(
      String(decoding: body, as: UTF8.self)
        == #"{"object":"list","data":[{"id":"gemma","object":"model","created":7,"owned_by":"vllm","root":"/models/gemma","#
        + #""parent":null,"max_model_len":4096},{"id":"gemma-fr","object":"model","created":8,"owned_by":"vllm","#
        + #""root":"/lora/fr","parent":"gemma"}]}"#)
    #expect(try ids(fixture, "/v1/models/") == ["gemma", "gemma-fr"])
    #expect(try answer(fixture, request("/v1/models", method: "HEAD")).body == body)
  }

  @Test("what rules name, and nothing that no rule would take") func named() throws {
    #expect(try ids(serving([RouterFixture.modelRule("gemma", chat)])) == ["gemma"])
    #expect(try ids(serving([RouterFixture.modelRule("unserved", chat)])) == ["unserved"])
    let pattern = rule(
      "pattern",
      headers: [ValueMatch(name: modelNameHeader, value: .regularExpression(try CompiledExpression("gemma-.*")))],
      backends: toChat)
    #expect(try ids(serving([pattern])) == ["gemma-fr"])
  }

  @Test("the names that rewrites take and those that they give, with what endpoints are asked for") func rewritten()
    throws
  {
    var pool = chat
    let rewrite = { (name: String) in
      ModelRewrite(
        targets: [WeightedTarget(name: name, weight: 9), WeightedTarget(name: "canary", weight: 1)],
        object: object("rewrite"), rule: 0)
    }
    pool.models = ["bot": Model(name: "bot", targets: [WeightedTarget(name: "bot-v1")], object: object("bot"))]
    pool.rewrites = ModelRewrites(exact: ["assistant": rewrite("gemma"), "bot-v1": rewrite("bot-v2")])
    let fixture = serving([rule("all", backends: toChat)], pools: [pool])
    #expect(
      try ids(fixture) == ["assistant", "bot", "bot-v1", "bot-v2", "canary", "gemma", "gemma-fr"])
    let card = { (name: String) in
      try JSONDecoder().decode(
        List.Card.self, from: Data(try answer(fixture, request("/v1/models/" + name, method: "GET")).body))
    }
    #expect(try card("assistant").root == "gemma" && card("assistant").created == 7)
    #expect(try card("bot").root == "bot-v2" && card("canary").root == "canary")
    // With a rule for all, any name would be served; those that exist are told of.
    pool.rewrites = ModelRewrites(generic: rewrite("gemma-fr"))
    let all = serving([rule("all", backends: toChat)], pools: [pool])
    #expect(try ids(all) == ["bot", "bot-v1", "canary", "gemma", "gemma-fr"])
  }

  @Test("a name that another rule takes to a pool without it is not there") func elsewhere() throws {
    var other = RouterFixture.pool("other", endpoints: 0)
    other.endpoints = [endpoint(9)]
    let dropped = rule("dropped", headers: [exact(modelNameHeader, "gemma-fr")], backends: toChat, dropped: "why")
    #expect(try ids(serving([dropped, rule("all", backends: toChat)])) == ["gemma"])
    // Only requests for the adapter get to the pool that serves both.
    let rules = [RouterFixture.modelRule("gemma-fr", chat), rule("all", backends: [RouterFixture.backend(other)])]
    #expect(try ids(serving(rules, pools: [chat, other])) == ["gemma-fr"])
    let none = rule("none", backends: [RouterFixture.backend(chat, weight: 0)])
    #expect(try ids(serving([RouterFixture.modelRule("gemma", chat), none])) == ["gemma"])
    #expect(try ids(serving([none, RouterFixture.modelRule("gemma", chat)])) == [])
  }

  @Test("InferenceModels with their targets") func declared() throws {
    let models = [
      Model(
        name: "bot", targets: [WeightedTarget(name: "gemma", weight: 9), WeightedTarget(name: "new")],
        object: object("bot")),
      Model(name: "plain", object: object("plain")),
      Model(name: "off", targets: [WeightedTarget(name: "x", weight: 0)], object: object("off")),
    ]
    let pool = RouterFixture.pool("chat", models: models)
    let fixture = serving([rule("all", backends: [RouterFixture.backend(pool)])], pools: [pool])
    let names = try ids(fixture)
    #expect(names == ["bot", "gemma", "gemma-fr", "new", "plain"])
    let card = try answer(fixture, request("/v1/models/bot", method: "GET")).body
    #expect(
      String(decoding: card, as: UTF8.self)
        == #"{"id":"bot","object":"model","created":7,"owned_by":"vllm","root":"gemma","parent":null,"max_model_len":4096}"#
    )
  }

  @Test("adapters of a base model that a rule names") func adapters() throws {
    let base = rule("base", headers: [exact(baseModelNameHeader, "llama")], backends: toChat)
    var fixture = RouterFixture(pools: [chat], rules: [base])
    fixture.baseModels = ["default": ["llama-de": "llama", "other": "mistral"]]
    #expect(try ids(fixture) == ["llama", "llama-de"])
  }

  @Test("one model by its name, also with a slash in it; another is an error in OpenAI's shape") func single() throws {
    var fixture = serving([RouterFixture.modelRule("org/tuned", chat), rule("all", backends: toChat)])
    for path in ["/v1/models/org/tuned", "/v1/models/org%2Ftuned"] {
      let body = try answer(fixture, request(path, method: "GET")).body
      #expect(String(decoding: body, as: UTF8.self).hasPrefix(#"{"id":"org/tuned","object":"model","#))
    }
    let asked = request("/v1/models/nobody", method: "GET")
    let error = try fixture.rejection(asked)
    #expect(error.kind == .modelNotFound && error.status == 404 && ErrorShape(asked.head) == .openAI)
    #expect(error.message == "The model 'nobody' does not exist. GET /v1/models names those that do.")
  }

  @Test("only of the caller's host, and below the path of its base URL") func reach() throws {
    let team = rule("team", hostname: "team.example.com", path: .prefix("/team"), backends: toChat)
    let fixture = serving([team, RouterFixture.modelRule("gemma", chat)])
    #expect(try ids(fixture) == ["gemma"])
    #expect(try ids(fixture, "/team/v1/models", host: "team.example.com") == ["gemma", "gemma-fr"])
  }

  @Test("a rule with that very path answers itself; so does a rule where there is no model") func others() throws {
    let exact = rule("exact", path: .exact("/v1/models"), backends: toChat)
    var fixture = serving([exact, rule("all", backends: toChat)])
    #expect(try fixture.plan(request("/v1/models", method: "GET")).binding.route == object("exact"))
    #expect(try answer(fixture, request("/v1/models/gemma", method: "GET")).status == 200)
    #expect(try fixture.plan(request("/v1/models", method: "POST")).pool == chat.id)
    for path in ["/v1/modelsx", "/v2/models", "/v1/model"] {
      #expect(try fixture.plan(request(path, method: "GET")).pool == chat.id)
    }

    var web = RouterFixture.pool("web")
    web.id = PoolID(.service, object("web"), port: 80)
    var plain = RouterFixture(pools: [web], rules: [rule("web", backends: [RouterFixture.backend(web)])])
    #expect(try plain.plan(request("/v1/models", method: "GET")).pool == web.id)
  }

  @Test("a page of another origin may ask where a rule lets it") func pages() throws {
    let policy = RulePolicy(cors: CORSPolicy(allowOrigins: ["https://ui.example"]))
    var fixture = serving([rule("all", backends: toChat, policy: policy)])
    let origin = ["origin": "https://ui.example"]
    let answer = try answer(fixture, request("/v1/models", method: "GET", headers: origin))
    #expect(answer.fields.contains(HeaderChange.Field("access-control-allow-origin", "https://ui.example")))
    let error = try fixture.rejection(request("/v1/models/nobody", method: "GET", headers: origin))
    #expect(error.fields.contains(HeaderChange.Field("access-control-allow-origin", "https://ui.example")))
  }

  @Test("a list is made once, and anew as soon as an endpoint serves something else or the table changes") func kept()
    throws
  {
    let pool = RouterFixture.pool("chat")
    let states = EndpointStates()
    let table = Published(Self.table(pool, [rule("all", backends: toChat)]))
    let tables = CompiledTables(table, states: states)
    let state = states.state(of: endpoint(1).id)
    state.update(served: [ServedModel("gemma")])
    #expect(try Self.names(tables) == ["gemma"])
    // What is not asked of the endpoint again cannot be seen: only a look at the list itself tells.
    let first = try #require(Self.list(tables))
    #expect(Self.list(tables) === first && Self.list(tables, "/v1/models/gemma") === first)
    state.update(served: [ServedModel("gemma")])
    #expect(Self.list(tables) === first)
    state.update(served: [ServedModel("gemma"), ServedModel("gemma-fr")])
    #expect(try Self.names(tables) == ["gemma", "gemma-fr"])
    table.publish(Self.table(pool, [RouterFixture.modelRule("gemma", pool)]))
    #expect(try Self.names(tables) == ["gemma"])
    table.publish(Self.table(pool, []))
    #expect(Self.list(tables) == nil)
  }

  @Test("requests that rules tell apart have lists of their own, of which so many are kept") func keptApart() throws {
    let pool = RouterFixture.pool("chat")
    let states = EndpointStates()
    states.state(of: endpoint(1).id).update(served: [ServedModel("gemma"), ServedModel("gemma-fr")])
    let french = rule("french", headers: [exact("x-team", "fr")], backends: toChat)
    let table = Self.table(pool, [french, RouterFixture.modelRule("gemma", pool)])
    let tables = CompiledTables(Published(table), states: states)
    #expect(try Self.names(tables, headers: ["x-team": "fr"]) == ["gemma", "gemma-fr"])
    #expect(try Self.names(tables) == ["gemma"])
    #expect(try Self.names(tables, headers: ["x-other": "fr"]) == ["gemma"])
    let listener = try #require(Self.listener(tables))
    #expect(listener.lists.size.lists == 2, "what no rule looks at makes no difference")
    for number in 0..<2 * ModelListCache.mostLists { _ = try Self.names(tables, headers: ["x-team": "\(number)"]) }
    #expect(listener.lists.size.lists == ModelListCache.mostLists)
    #expect(listener.lists.size.bytes < ModelListCache.mostLists * 200)
    _ = try Self.names(tables, headers: ["x-team": String(repeating: "x", count: 5000)])
    #expect(listener.lists.size.bytes < ModelListCache.mostLists * 200)
  }

  private static func table(_ pool: Pool, _ rules: [RouteRule]) -> RoutingTable {
    let listener = Listener(gateway: object("gateway"), name: "http", addresses: [], port: 80, rules: rules)
    return RoutingTable(listeners: [listener], pools: [pool.id: pool])
  }

  private static func listener(_ tables: CompiledTables) -> CompiledListener? {
    tables.current.listener(for: request("/v1/models", method: "GET").head, at: Arrival(address: nil, port: 80))
  }

  private static func list(_ tables: CompiledTables, _ path: String = "/v1/models", headers: [String: String] = [:])
    -> ReachableModels?
  {
    let head = request(path, method: "GET", headers: headers).head
    return ModelQuestion(head).flatMap { listener(tables)?.models(below: $0.base, head) }
  }

  private static func names(_ tables: CompiledTables, headers: [String: String] = [:]) throws -> [String] {
    let models = try #require(Self.list(tables, headers: headers))
    return try JSONDecoder().decode(List.self, from: Data(models.list)).data.map(\.id)
  }

  @Test(
    "an endpoint's page is read for what it is",
    arguments: [
      (#"{"data":[]}"#, []), (#"{"data":[{"id":"a"},{"id":""},{"id":3},4,{"name":"b"}]}"#, ["a"]), ("{}", nil),
      ("", nil),
      ("[]", nil), (#"{"data":"#, nil),
    ] as [(String, [String]?)])
  func page(text: String, names: [String]?) {
    #expect(ServedModel.list(Array(text.utf8))?.map(\.id) == names)
  }

  @Test("an endpoint cannot make the gateway keep more than so much") func bounded() throws {
    let cards = (0...ServedModel.limit).map { #"{"id":"m\#($0)"}"# }.joined(separator: ",")
    #expect(ServedModel.list(Array(#"{"data":[\#(cards)]}"#.utf8))?.count == ServedModel.limit)
    let long = String(repeating: "x", count: ModelNameScanner.nameLimit + 1)
    #expect(
      ServedModel.list(Array(#"{"data":[{"id":"\#(long)"},{"id":"a","root":"\#(long)"}]}"#.utf8)) == [ServedModel("a")])
  }
}
