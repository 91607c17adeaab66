import DataPlane
import Observability
import Routing
import Testing

@testable import ControlPlane
@testable import Operator

@Suite("What is computed at a scrape")
struct ScrapeCollectorsTests {
  let registry = MetricsRegistry(families: [.llmD, .switchyard])
  let collectors: ScrapeCollectors
  let gateway: GatewayInstruments
  let control: ControlInstruments
  let counts: RequestCounts
  let published = Published(RoutingTable())
  let states = EndpointStates()
  let pool = PoolID(.inferencePool, object("gemma3"))

  init() {
    gateway = GatewayInstruments(registry: registry)
    control = ControlInstruments(registry: registry)
    counts = RequestCounts(gateway, table: published)
    collectors = ScrapeCollectors(
      gateway: gateway, pools: PoolInstruments(registry: registry), control: control, counts: counts,
      states: states)
  }

  func scrape(_ loads: [EndpointID: EndpointLoad] = [:]) {
    for number in 1...3 { states.state(of: endpoint(number).id).update(loads[endpoint(number).id]) }
    collectors.collect(published, nil)
  }

  /// A scrape so many seconds after the first.
  func scrape(at seconds: UInt64) {
    collectors.collect(published, nil, now: (1_000_000 + seconds) * 1_000_000_000)
  }

  /// A stream of the chatbot that ends now.
  func finish(on number: Int) {
    var record = ProxyRecord()
    record.status = 200
    record.subject = RequestSubject(pool: pool, model: "chatbot", targetModel: "v1", priority: .critical)
    record.endpoint = endpoint(number).id
    record.attempts = 1
    counts.started()
    counts.finished(record)
  }

  func values(_ name: String) -> [String] {
    registry.lines(name + "{").map { String($0.split(separator: " ").last ?? "") }
  }

  let model = Model(
    name: "chatbot", criticality: .critical,
    targets: [WeightedTarget(name: "v1"), WeightedTarget(name: "v0", weight: 0)],
    object: object("chatbot"))

  @Test("an endpoint that was never read, or long ago, counts in no mean: what nobody knows has no sample")
  func unknown() {
    let second: UInt64 = 1_000_000_000
    let now = Monotonic.now
    published.publish(table(Pool(id: pool, endpoints: [endpoint(1), endpoint(2), endpoint(3)], matchedEndpoints: 5)))
    scrape()
    #expect(values("llm_d_epp_ready_endpoints") == ["3"])
    #expect(values("switchyard_pool_matched_endpoints") == ["5"])
    #expect(values("llm_d_epp_inflight_requests") == ["0", "0", "0"])
    let conditional = [
      "llm_d_epp_average_queue_size", "llm_d_epp_std_dev_queue_size", "llm_d_epp_average_kv_cache_utilization",
      "llm_d_epp_average_running_requests", "llm_d_epp_per_endpoint_queue_size",
      "switchyard_endpoint_metrics_age_seconds",
    ]
    for name in conditional { #expect(values(name) == [], "\(name)") }

    scrape([
      endpoint(1).id: EndpointLoad(waiting: 2, running: 4, kvCacheUsage: 0.5, scrapedAt: now),
      endpoint(2).id: EndpointLoad(waiting: 6, running: 4, kvCacheUsage: 0.25, scrapedAt: now),
      endpoint(3).id: EndpointLoad(waiting: 100, running: 100, kvCacheUsage: 1, scrapedAt: now - 60 * second),
    ])
    #expect(values("llm_d_epp_average_queue_size") == ["4"])
    #expect(values("llm_d_epp_std_dev_queue_size") == ["2"])
    #expect(values("llm_d_epp_average_running_requests") == ["4"])
    #expect(values("llm_d_epp_std_dev_running_requests") == ["0"])
    #expect(values("llm_d_epp_average_kv_cache_utilization") == ["0.375"])
    #expect(values("llm_d_epp_per_endpoint_queue_size") == ["2", "6"])
    let ages = values("switchyard_endpoint_metrics_age_seconds").compactMap { Double($0) }
    #expect(ages.count == 3 && ages[2] >= 60 && ages[0] < 60)
    scrape()
    for name in conditional { #expect(values(name) == [], "\(name)") }
  }

  @Test("two pools of one name in two namespaces, and two versions of one pool, have gauges of their own")
  func collisions() {
    let pools = [
      pool, PoolID(.inferencePool, object("gemma3", in: "team-b")), PoolID(.inferencePoolV1Alpha2, object("gemma3")),
    ]
    published.publish(
      table(
        Pool(id: pools[0], endpoints: [endpoint(1), endpoint(2)]), Pool(id: pools[1], endpoints: []),
        Pool(id: pools[2], endpoints: [endpoint(1)])))
    scrape([endpoint(1).id: EndpointLoad(waiting: 7, scrapedAt: Monotonic.now)])
    #expect(
      registry.lines("llm_d_epp_ready_endpoints") == [
        #"llm_d_epp_ready_endpoints{kind="InferencePool",namespace="default",name="gemma3"} 2"#,
        #"llm_d_epp_ready_endpoints{kind="InferencePool",namespace="team-b",name="gemma3"} 0"#,
        #"llm_d_epp_ready_endpoints{kind="InferencePool.v1alpha2",namespace="default",name="gemma3"} 1"#,
      ])
    #expect(values("llm_d_epp_average_queue_size") == ["7", "7"])
  }

  @Test("declared models start at 0, by pool or by rule, for each target that is drawn")
  func declared() {
    let byRule = RouteRule(
      route: object("route"), index: 0,
      match: RequestMatch(headers: [ValueMatch(name: "x-gateway-model-name", value: .exact("coder"))]),
      backends: [WeightedBackend(target: .pool(pool))])
    published.publish(table(Pool(id: pool, endpoints: [endpoint(1)], models: ["chatbot": model]), rules: [byRule]))
    scrape()
    let prefix = #"llm_d_epp_request_total{kind="InferencePool",namespace="default",name="gemma3","#
    #expect(
      registry.lines("llm_d_epp_request_total") == [
        prefix + #"model_name="chatbot",target_model_name="v1",fairness_id="",priority="100"} 0"#,
        prefix + #"model_name="coder",target_model_name="coder",fairness_id="",priority="-100"} 0"#,
      ])
    #expect(values("llm_d_epp_request_error_total") == Array(repeating: "0", count: 6))
    #expect(values("switchyard_rejections_total") == Array(repeating: "0", count: 4))
    #expect(values("switchyard_endpoint_picks_total") == ["0"])
    #expect(values("switchyard_gateway_retries_total") == ["0"])
  }

  @Test("rewrites declare the names that they take, with what endpoints are asked for") func rewrites() {
    var served = Pool(id: pool, endpoints: [endpoint(1)], models: ["chatbot": model])
    let rewrite = { (name: String) in
      ModelRewrite(targets: [WeightedTarget(name: name)], object: object("rewrite"), rule: 0)
    }
    served.rewrites = ModelRewrites(exact: ["v1": rewrite("v1-fp8"), "assistant": rewrite("v2")])
    published.publish(table(served))
    scrape()
    let prefix = #"llm_d_epp_request_total{kind="InferencePool",namespace="default",name="gemma3","#
    #expect(
      registry.lines("llm_d_epp_request_total") == [
        prefix + #"model_name="assistant",target_model_name="v2",fairness_id="",priority="-100"} 0"#,
        prefix + #"model_name="chatbot",target_model_name="v1-fp8",fairness_id="",priority="100"} 0"#,
        prefix + #"model_name="v1",target_model_name="v1-fp8",fairness_id="",priority="-100"} 0"#,
      ])
  }

  @Test("series of the priorities that objectives give stay for as long as there are such objectives") func objectives()
  {
    var served = Pool(id: pool, endpoints: [endpoint(1)], models: ["chatbot": model])
    served.objectives = ["batch": Priority(rawValue: -7)]
    published.publish(table(served))
    scrape(at: 0)
    for (target, priority) in [("v1", Int32(-7)), (nil, 100)] {
      var record = ProxyRecord()
      record.status = 200
      record.subject = RequestSubject(
        pool: pool, model: "chatbot", targetModel: target, priority: Priority(rawValue: priority))
      counts.started()
      counts.finished(record)
    }
    let prefix =
      #"llm_d_epp_request_total{kind="InferencePool",namespace="default",name="gemma3",model_name="chatbot","#
    let all = [
      prefix + #"target_model_name="",fairness_id="",priority="100"} 1"#,
      prefix + #"target_model_name="v1",fairness_id="",priority="-7"} 1"#,
      prefix + #"target_model_name="v1",fairness_id="",priority="100"} 0"#,
    ]
    scrape(at: 10)
    #expect(registry.lines("llm_d_epp_request_total") == all)
    served.objectives["other"] = .standard
    published.publish(table(served))
    scrape(at: 400)
    #expect(registry.lines("llm_d_epp_request_total") == all)
    served.objectives = [:]
    published.publish(table(served))
    scrape(at: 410)
    scrape(at: 10_000)
    #expect(registry.lines("llm_d_epp_request_total") == [all[0], all[2]])
  }

  @Test("a rule that asks for a base model declares the base model and its adapters; a dropped rule declares nothing")
  func baseModels() {
    let rule = { (model: String) in
      RouteRule(
        route: object("route"), index: 0,
        match: RequestMatch(headers: [ValueMatch(name: baseModelNameHeader, value: .exact(model))]),
        backends: [WeightedBackend(target: .pool(pool))])
    }
    var dropped = rule("other")
    dropped.dropped = "not served"
    var current = table(Pool(id: pool, endpoints: [endpoint(1)]), rules: [rule("llama"), dropped])
    current.listeners[0].baseModels = [
      "default": ["lora-a": "llama", "lora-b": "qwen"], "team-b": ["lora-c": "llama"],
    ]
    #expect(Set(DeclaredSeries(current).models.map(\.[3])) == ["llama", "lora-a"])
  }

  @Test("equal tables have equal hashes in every process; the revision is this process's own")
  func tables() {
    scrape()
    #expect(registry.lines("switchyard_table") == [])
    let first = table(Pool(id: pool, endpoints: [endpoint(1), endpoint(2)], models: ["chatbot": model]))
    published.publish(first)
    scrape()
    let hash = registry.lines("switchyard_table_info")
    #expect(hash.count == 1)
    #expect(registry.lines("switchyard_table_revision") == ["switchyard_table_revision 1"])
    published.publish(table(Pool(id: pool, endpoints: [endpoint(1)])))
    scrape()
    #expect(registry.lines("switchyard_table_info") != hash)
    published.publish(first)
    scrape()
    #expect(registry.lines("switchyard_table_info") == hash)
    #expect(registry.lines("switchyard_table_revision") == ["switchyard_table_revision 3"])
    #expect(RoutingTable().contentHash.count == 16)
  }
}
