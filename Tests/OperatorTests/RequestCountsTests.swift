import DataPlane
import Observability
import Routing
import Testing

@testable import Operator

@Suite("Counting requests")
struct RequestCountsTests {
  private let registry = MetricsRegistry(families: [.llmD, .switchyard])
  private let published: Published<RoutingTable>
  private let counts: RequestCounts
  private let pool = PoolID(.inferencePool, object("gemma3"))

  init() {
    published = Published(
      table(Pool(id: pool, endpoints: [endpoint(1, accelerator: "H100"), endpoint(2)])))
    counts = RequestCounts(GatewayInstruments(registry: registry), table: published)
  }

  private func record(_ status: Int, model: String? = "chatbot", _ change: (inout ProxyRecord) -> Void = { _ in })
    -> ProxyRecord
  {
    var record = ProxyRecord()
    record.status = status
    record.subject = RequestSubject(
      route: object("route"), pool: pool, model: model, targetModel: model.map { $0 + "-v2" }, priority: .critical)
    record.endpoint = endpoint(1).id
    record.attempts = 1
    record.durationNanoseconds = 2_000_000_000
    record.firstBodyByteNanoseconds = 30_000_000
    change(&record)
    return record
  }

  private func finish(_ record: ProxyRecord) {
    counts.started()
    counts.finished(record)
  }

  private let labels =
    #"kind="InferencePool",namespace="default",name="gemma3",model_name="chatbot",target_model_name="chatbot-v2","#
    + #"fairness_id="",priority="100""#

  @Test("an answered request is counted by pool, model, status and endpoint, with its times")
  func answered() {
    finish(record(200) { $0.isStreamed = true })
    finish(record(200))
    #expect(registry.lines("llm_d_epp_request_total") == ["llm_d_epp_request_total{\(labels)} 2"])
    #expect(registry.lines("llm_d_epp_request_error_total") == [])
    #expect(
      registry.lines("llm_d_epp_request_duration_seconds_sum") == [
        "llm_d_epp_request_duration_seconds_sum{\(labels)} 4"
      ])
    #expect(
      registry.lines("llm_d_epp_request_ttft_seconds_sum")
        == ["false", "true"].map {
          "llm_d_epp_request_ttft_seconds_sum{\(labels),streaming=\"\($0)\"} 0.03"
        })
    #expect(
      registry.lines("switchyard_gateway_requests_total") == [
        #"switchyard_gateway_requests_total{kind="InferencePool",namespace="default",name="gemma3","#
          + #"model_name="chatbot",status="200"} 2"#
      ])
    #expect(
      registry.lines("switchyard_endpoint_picks_total") == [
        #"switchyard_endpoint_picks_total{kind="InferencePool",namespace="default",name="gemma3","#
          + #"model_server_endpoint="pod-1",accelerator="H100"} 2"#
      ])
    #expect(registry.lines("switchyard_rejections_total") == [])
    #expect(registry.lines("switchyard_gateway_requests_in_flight") == ["switchyard_gateway_requests_in_flight 0"])
  }

  @Test("a rejection is counted by reason, and is no pick; a request that found no pool is of no pool")
  func rejected() {
    finish(
      record(429) {
        $0.attempts = 0
        $0.endpoint = nil
        $0.error = GatewayError(.saturated, "busy")
      })
    finish(
      record(404) {
        $0.attempts = 0
        $0.subject = RequestSubject()
        $0.error = GatewayError(.noRoute, "none")
      })
    #expect(
      registry.lines("switchyard_rejections_total") == [
        #"switchyard_rejections_total{kind="",namespace="",name="",model_name="",reason="no_route"} 1"#,
        #"switchyard_rejections_total{kind="InferencePool",namespace="default",name="gemma3","#
          + #"model_name="chatbot",reason="saturated"} 1"#,
      ])
    #expect(
      registry.lines("llm_d_epp_request_error_total") == [
        #"llm_d_epp_request_error_total{\#(labels),error_code="saturated"} 1"#
      ])
    #expect(registry.lines("llm_d_epp_request_total").count == 1)
    #expect(registry.lines("llm_d_epp_request_ttft_seconds") == [])
    #expect(registry.lines("switchyard_endpoint_picks_total") == [])
  }

  @Test(
    "what a model server or a client does wrong is an error and no rejection",
    arguments: [
      (500, nil, "model_server_error"), (200, GatewayError.Kind.endpointLost, "endpoint_lost"),
      (0, .clientClosed, "client_closed"),
    ]
      as [(Int, GatewayError.Kind?, String)])
  func errors(_ status: Int, _ kind: GatewayError.Kind?, _ code: String) {
    finish(
      record(status) { record in
        record.error = kind.map { GatewayError($0, "why") }
        if kind == .clientClosed { record.attempts = 0 }
      })
    let lines = registry.lines("llm_d_epp_request_error_total")
    #expect(lines.count == 1 && lines[0].contains(#"error_code="\#(code)""#))
    #expect(registry.lines("switchyard_rejections_total") == [])
    #expect(registry.lines("llm_d_epp_request_ttft_seconds_count").allSatisfy { $0.hasSuffix(" 0") })
  }

  @Test("a tunnel is open from its 101 to its end, its bytes are counted, and its life is no duration of a request")
  func tunnels() {
    counts.started()
    counts.tunnelOpened()
    #expect(registry.lines("switchyard_tunnels ") == ["switchyard_tunnels 1"])
    counts.finished(
      record(101) {
        $0.requestBytes = 5
        $0.responseBytes = 8
      })
    #expect(registry.lines("switchyard_tunnels ") == ["switchyard_tunnels 0"])
    #expect(
      registry.lines("switchyard_tunnel_bytes_total") == [
        #"switchyard_tunnel_bytes_total{from="client"} 5"#, #"switchyard_tunnel_bytes_total{from="endpoint"} 8"#,
      ])
    #expect(registry.lines("llm_d_epp_request_duration_seconds_count").allSatisfy { $0.hasSuffix(" 0") })
    #expect(registry.lines("llm_d_epp_request_total") == ["llm_d_epp_request_total{\(labels)} 1"])
  }

  @Test("only turns to another endpoint are retries; an endpoint without a series of its own is among the others")
  func retries() {
    finish(
      record(200) {
        $0.attempts = 4
        $0.retries = 2
        $0.endpoint = endpoint(77).id
      })
    #expect(registry.lines("switchyard_gateway_retries_total").first?.hasSuffix(" 2") == true)
    #expect(
      registry.lines("switchyard_endpoint_picks_total").first?.contains(
        #"model_server_endpoint="other",accelerator="""#) == true)
  }

  @Test("two pools of one name in two namespaces, and two versions of one pool, are counted apart")
  func collisions() {
    let pools = [
      pool, PoolID(.inferencePool, object("gemma3", in: "team-b")), PoolID(.inferencePoolV1Alpha2, object("gemma3")),
    ]
    for pool in pools { finish(record(200) { $0.subject.pool = pool }) }
    for name in ["llm_d_epp_request_total", "switchyard_gateway_requests_total", "switchyard_endpoint_picks_total"] {
      let lines = registry.lines(name)
      #expect(lines.count == 3 && lines.allSatisfy { $0.hasSuffix(" 1") }, "\(name)")
    }
  }
}
