import Routing
import Testing

@Suite("What is asked of a body") struct BodyNeedTests {
  @Test("the model only where a rule or a pool needs it") func bodyNeed() throws {
    let chat = RouterFixture.pool("chat")
    var web = RouterFixture.pool("web")
    web.id = PoolID(.service, object("web"), port: 80)
    let (toChat, toWeb) = (RouterFixture.backend(chat), RouterFixture.backend(web))
    let gone = WeightedBackend(target: .invalid(reason: "gone"))
    let chatbot = RouterFixture.modelRule("chatbot", chat)
    let cases: [(rules: [RouteRule], need: BodyNeed)] = [
      ([rule("service", backends: [toWeb, gone])], .none),
      ([rule("pool", backends: [toWeb, toChat])], .model),
      ([rule("unused-pool", backends: [toWeb, RouterFixture.backend(chat, weight: 0)])], .none),
      ([rule("dropped", backends: [toChat], dropped: "no")], .none),
      ([chatbot, rule("service", backends: [toWeb])], .model),
      ([rule("service", backends: [toWeb]), chatbot], .none),
      ([rule("other", path: .prefix("/v2"), headers: [exact(modelNameHeader, "m")]), rule("none")], .none),
    ]
    for (rules, need) in cases {
      let fixture = RouterFixture(pools: [chat, web], rules: rules)
      let router = RequestRouter(CompiledTables(Published(fixture.table)))
      let asked = request()
      #expect(try router.route(asked.head, at: asked.arrival, in: router.tables.current).need == need, "\(rules)")
    }
  }
}
