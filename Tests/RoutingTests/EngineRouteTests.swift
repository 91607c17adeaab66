import TestSupport
import Testing

@testable import Routing

/// Paths that run a model server instead of asking it.
@Suite("Engine routes") struct EngineRouteTests {
  private func fixture(_ routes: EngineRoutes = EngineRoutes(), _ policy: RulePolicy? = nil) -> RouterFixture {
    var pool = RouterFixture.pool("chat")
    pool.engineRoutes = routes
    let all = rule("all", path: .prefix("/"), backends: [RouterFixture.backend(pool)], policy: policy)
    return RouterFixture(pools: [pool], rules: [all])
  }

  @Test(
    "a pool takes none of them, however they are written",
    arguments: [
      "/sleep", "/sleep/", "//sleep", "/wake_up", "/collective_rpc", "/update_weights", "/v1/load_lora_adapter",
      "/%73leep", "/%2Fsleep", "/engine%2fsleep", "/fault_tolerance/apply", "/engine/fault_tolerance/apply/",
      "/update_weights_from_disk", "/scale_elastic_ep",
    ])
  func refused(path: String) throws {
    for method in ["GET", "POST"] {
      var fixture = fixture()
      let error = try fixture.rejection(request(path, method: method))
      #expect(error.kind == .engineRouteRefused && error.status == 403, "\(path)")
      #expect(error.subject.pool == PoolID(.inferencePool, object("chat")))
      #expect(ErrorShape(request(path).head) == .openAI, "\(path)")
    }
  }

  @Test("the message says why, and what the owner can do") func message() throws {
    var fixture = fixture()
    #expect(
      try fixture.rejection(request("/v1/load_lora_adapter")).message
        == "/load_lora_adapter runs the model server and is no inference: InferencePool default/chat does not let clients call it. "
        + "Its owner can allow it with the annotation switchyard.dev/allowed-engine-routes: /load_lora_adapter.")
  }

  @Test(
    "all else passes",
    arguments: [
      "/", "/v1/chat/completions", "/sleep/well", "/asleep", "/sleep2", "/Sleep", "/apply", "/fault/apply", "/tokenize",
      "/xfault_tolerance/apply", "/metrics", "/%2573leep",
    ])
  func passes(path: String) throws {
    var fixture = fixture()
    #expect(try fixture.plan(request(path)).pool.object == object("chat"), "\(path)")
  }

  @Test("a pool's owner allows some of them, or all") func allowed() throws {
    var some = fixture(EngineRoutes(allowed: ["sleep", "fault_tolerance/apply"]))
    #expect(try some.plan(request("/sleep")).pool.object == object("chat"))
    #expect(try some.plan(request("/fault_tolerance/apply")).pool.object == object("chat"))
    #expect(try some.rejection(request("/wake_up")).kind == .engineRouteRefused)
    var all = fixture(.all)
    #expect(try all.plan(request("/collective_rpc")).pool.object == object("chat"))
  }

  @Test("what counts is the path that endpoints get") func rewritten() throws {
    var away = fixture(EngineRoutes(), RulePolicy(rewrite: URLRewrite(path: .full("/v1/completions"))))
    #expect(try away.plan(request("/sleep")).pool.object == object("chat"))
    var into = fixture(EngineRoutes(), RulePolicy(rewrite: URLRewrite(path: .full("/sleep"))))
    #expect(try into.rejection(request("/nap")).kind == .engineRouteRefused)
  }

  @Test("a copy goes to no pool that does not take them") func mirrored() throws {
    var (open, closed) = (RouterFixture.pool("open"), RouterFixture.pool("closed"))
    open.engineRoutes = .all
    closed.engineRoutes = EngineRoutes(allowed: ["wake_up"])
    let policy = RulePolicy(mirrors: [RequestMirror(target: .pool(closed.id))])
    let all = rule("all", backends: [RouterFixture.backend(open)], policy: policy)
    var fixture = RouterFixture(pools: [open, closed], rules: [all])
    #expect(try fixture.plan(request("/sleep")).treatment?.mirrors.count == 0)
    #expect(try fixture.plan(request("/wake_up")).treatment?.mirrors.count == 1)
  }

  @Test("Services are not judged") func services() throws {
    var web = RouterFixture.pool("web")
    web.id = PoolID(.service, object("web"), port: 80)
    var fixture = RouterFixture(pools: [web], rules: [rule("web", backends: [RouterFixture.backend(web)])])
    #expect(try fixture.plan(request("/sleep")).pool == web.id)
  }

  @Test("the names are sorted, and no two have one last segment") func names() {
    #expect(EngineRoutes.names == EngineRoutes.names.sorted())
    let last = EngineRoutes.names.map { $0.split(separator: "/").last ?? "" }
    #expect(Set(last).count == last.count)
  }
}
