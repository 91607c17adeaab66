import Observability
import Routing
import Testing

@testable import Operator

// How long series of what has left are shown.
extension ScrapeCollectorsTests {
  @Test("series of a model that is gone stay for five minutes after their last count; a late one can be seen as long")
  func goneModel() {
    let others = ["InferencePool", "default", "gemma3", "", "", "", ""]
    published.publish(table(Pool(id: pool, endpoints: [endpoint(1)], models: ["chatbot": model])))
    scrape(at: 0)
    finish(on: 1)
    gateway.requests.increment(others)
    published.publish(table(Pool(id: pool, endpoints: [endpoint(1)])))
    for seconds: UInt64 in [10, 10, 11, 309] {
      scrape(at: seconds)
      #expect(values("llm_d_epp_request_total") == ["1", "1"], "several scrapers see it, for as long")
    }
    finish(on: 1)
    scrape(at: 310)
    #expect(values("llm_d_epp_request_total") == ["1", "2"])
    #expect(values("switchyard_rejections_total") == [])
    scrape(at: 609)
    #expect(values("llm_d_epp_request_duration_seconds_count") == ["2"])
    scrape(at: 610)
    #expect(values("llm_d_epp_request_total") == ["1"], "what nobody declares has no name and stays with its pool")
    #expect(values("llm_d_epp_request_duration_seconds_count") == [])
    #expect(values("switchyard_gateway_requests_total") == [])

    finish(on: 1)
    #expect(values("llm_d_epp_request_total") == ["1", "1"], "what was forgotten is not counted into")
    scrape(at: 1000)
    scrape(at: 1299)
    #expect(values("llm_d_epp_request_total") == ["1", "1"])
    scrape(at: 1300)
    #expect(values("llm_d_epp_request_total") == ["1"])
  }

  @Test("a model that is back within the five minutes goes on; a target that it no longer has is gone")
  func backAgain() {
    let gone = RoutingTable()
    let with = { (target: String) in
      table(
        Pool(
          id: pool, endpoints: [endpoint(1)],
          models: [
            "chatbot": Model(
              name: "chatbot", criticality: .critical, targets: [WeightedTarget(name: target)],
              object: object("chatbot"))
          ]))
    }
    published.publish(with("v1"))
    scrape(at: 0)
    finish(on: 1)
    for (seconds, table) in [(10, gone), (200, with("v1")), (210, gone), (509, with("v2"))] as [(UInt64, RoutingTable)]
    {
      published.publish(table)
      scrape(at: seconds)
      #expect(registry.lines("llm_d_epp_request_total").contains { $0.contains("v1") && $0.hasSuffix(" 1") })
    }
    scrape(at: 510)
    #expect(registry.lines("llm_d_epp_request_total").map { $0.contains("v2") } == [true])
    #expect(values("switchyard_gateway_requests_total") == ["1"], "which has no label for the target")
  }

  @Test("series of a pool that is gone stay for five minutes after their last count; those of no pool stay")
  func gonePool() {
    published.publish(table(Pool(id: pool, endpoints: [endpoint(1)], models: ["chatbot": model])))
    gateway.outcomes.answers.increment(["", "", "", "", "404"])
    gateway.outcomes.retries.increment(pool.metricLabels)
    control.scrapes.increment(pool.metricLabels + ["ok"])
    scrape(at: 0)
    published.publish(RoutingTable())
    scrape(at: 10)
    finish(on: 1)
    scrape(at: 310)
    #expect(values("llm_d_epp_request_total") == ["1"] && values("switchyard_endpoint_picks_total") == ["1"])
    #expect(values("switchyard_gateway_retries_total") == [] && values("switchyard_scrapes_total") == [])
    scrape(at: 610)
    #expect(values("llm_d_epp_request_total") == [] && values("switchyard_endpoint_picks_total") == [])
    #expect(values("switchyard_gateway_requests_total") == ["1"])
  }

  @Test("a stream that ends up to five minutes after its endpoint left is still counted by its name")
  func goneEndpoint() {
    let counted = {
      registry.lines("switchyard_endpoint_picks_total{").compactMap { $0.split(separator: "\"").dropFirst(7).first }
    }
    published.publish(table(Pool(id: pool, endpoints: [endpoint(1)])))
    scrape(at: 0)
    published.publish(table(Pool(id: pool, endpoints: [endpoint(2)])))
    scrape(at: 10)
    finish(on: 1)
    scrape(at: 309)
    finish(on: 1)
    #expect(registry.lines("switchyard_endpoint_picks_total{").map { $0.suffix(2) } == [" 2", " 0"])
    scrape(at: 310)
    #expect(counted() == ["pod-1", "pod-2"])
    scrape(at: 610)
    #expect(counted() == ["pod-2"])
    finish(on: 1)
    #expect(counted() == ["other", "pod-2"])

    published.publish(table(Pool(id: pool, endpoints: [endpoint(2, pod: "pod-3")])))
    scrape(at: 620)
    finish(on: 2)
    #expect(registry.lines("switchyard_endpoint_picks_total{").contains { $0.contains("pod-3") && $0.hasSuffix(" 1") })
  }
}
