import Routing
import Testing

/// The model of requests whose body names none.
@Suite("The model in path and query") struct HeadModelTests {
  @Test(
    "is found where the field's APIs write it",
    arguments: [
      ("/v2/models/bert/infer", nil, "bert"), ("/v2/models/bert/versions/2/infer", nil, "bert"),
      ("/v1/models/sklearn:predict", nil, "sklearn"), ("/v1/models/llama3:8b", nil, "llama3:8b"),
      ("/v1/models/llama3:8b:explain", nil, "llama3:8b"), ("/v1beta/models/m", nil, "m"),
      ("/openai/deployments/gpt-4o/chat/completions", "api-version=2024-06-01", "gpt-4o"),
      ("/team/v1/models/meta%2FLlama-3.1/ready", nil, "meta/Llama-3.1"), ("/v1/models/a+b%20c%zz%2", nil, "a+b c%zz%2"),
      ("/v1/realtime", "model=gpt-realtime", "gpt-realtime"), ("/x", "a=1&mod%65l=meta%2FL+3&b", "meta/L 3"),
      // The path comes before the query.
      ("/v2/models/dear/infer", "model=cheap", "dear"), ("/v1/models", "model=m", "m"), ("/v1/models/", "model=m", "m"),
      ("/v1/models", nil, nil), ("/models/m", nil, nil), ("/x1/models/m", nil, nil), ("/v/models/m", nil, nil),
      ("/deployments/m", nil, nil), ("/v1/Models/m", nil, nil), ("/v1/completions", "models=m&Model=x", nil),
      ("/v1/completions", "model", nil), ("/v1/completions", "model=%ff", nil), ("/", nil, nil), ("*", nil, nil),
    ] as [(String, String?, String?)])
  func found(path: String, query: String?, name: String?) throws {
    #expect(try HeadModel.find(request(path, query: query).head)?.name == name)
  }

  @Test("longer names than a body may have are none") func limit() throws {
    for (length, isTaken) in [(ModelNameScanner.nameLimit, true), (ModelNameScanner.nameLimit + 1, false)] {
      let name = String(repeating: "x", count: length)
      #expect(try (HeadModel.find(request("/v1/models/\(name)").head) != nil) == isTaken)
    }
  }

  @Test("a query that names several is refused") func several() throws {
    for query in ["model=a&model=b", "model=&x=1&mo%64el=b", "model=a&model"] {
      #expect(throws: GatewayError.self) { try HeadModel.find(request("/v1/realtime", query: query).head) }
    }
    #expect(try HeadModel.find(request("/v1/models/m", query: "model=a&model=b").head)?.name == "m")
  }

  @Test("another name takes its place, encoded, and the rest stays")
  func rewritten() {
    for (path, query, newPath, newQuery) in [
      ("/v2/models/bert/infer", "x=1", "/v2/models/org%2Fbert%3A2/infer", "x=1"),
      ("/v1/models/bert:predict", "", "/v1/models/org%2Fbert%3A2:predict", ""),
      ("/v1/realtime", "a=1&model=b%20c&d", "/v1/realtime", "a=1&model=org%2Fbert%3A2&d"),
      ("/v1/realtime", "x", "/v1/realtime", "x"),
    ] {
      var head = request(path, query: query.isEmpty ? nil : query, headers: ["a": "b"]).head
      head.rewriteModel(to: "org/bert:2")
      #expect(head.pathText == newPath && head.queryText == newQuery && head.block.text("a") == "b")
    }
  }

  @Test("routes choose by it where the body names none; the body comes first") func routed() throws {
    let (bert, llama) = (RouterFixture.pool("bert"), RouterFixture.pool("llama"))
    let any = rule("any", path: .prefix("/any"), backends: [RouterFixture.backend(bert)])
    func byModel(_ name: String, _ pool: Pool) -> RouteRule {
      rule(name, headers: [exact(modelNameHeader, name)], backends: [RouterFixture.backend(pool)])
    }
    var fixture = RouterFixture(pools: [bert, llama], rules: [byModel("bert", bert), byModel("llama", llama), any])
    #expect(try fixture.plan(request("/v2/models/bert/ready", method: "GET")).pool == bert.id)
    let infer = try fixture.plan(request("/v2/models/llama/infer"))
    #expect(infer.pool == llama.id && infer.model == "llama")
    #expect(try fixture.plan(request("/v2/models/bert/infer", model: "llama")).pool == llama.id)
    #expect(try fixture.plan(request("/v1/realtime", query: "model=bert", method: "GET")).pool == bert.id)

    let unknown = try fixture.rejection(request("/v2/models/gpt/infer", method: "GET"))
    #expect(
      unknown.kind == .modelNotFound && unknown.message == "The model 'gpt' does not exist. Models here: bert, llama.")
    let missing = try fixture.rejection(request("/v1/realtime", method: "GET"))
    #expect(missing.kind == .noRoute && missing.message.contains("only with a model"))
    let twice = try fixture.rejection(request("/v1/realtime", query: "model=bert&model=llama", method: "GET"))
    #expect(twice.kind == .duplicateModel && twice.status == 400)
  }

  @Test("what no rule asks about is not looked at") func unasked() throws {
    var web = RouterFixture.pool("web")
    web.id = PoolID(.service, object("web"), port: 80)
    var fixture = RouterFixture(pools: [web], rules: [rule("web", backends: [RouterFixture.backend(web)])])
    #expect(try fixture.plan(request("/x", query: "model=a&model=b")).model == nil)
  }
}
