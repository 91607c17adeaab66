import Foundation
import TestSupport
import Testing

/// `/metrics` of a live process, against the page that lists them, and who may read it.
@Suite(.serialized, .timeLimit(.minutes(3)), .enabled(if: isInstalled("curl"))) struct MetricsTests {
  @Test func everyMetricOfALiveProcessIsListedAndEveryListedOneIsThere() async throws {
    let up = Up()
    try await up.start()
    let admin = try up.admin()
    let body =
      #"{"model":"chatbot","stream":true,"stream_options":{"include_usage":true},"max_tokens":2,"#
      + #""messages":[{"role":"user","content":"Hello"}]}"#
    try await up.output("curl -sf $GATEWAY/v1/chat/completions -H 'Content-Type: application/json' -d '\(body)'")
    _ = try await up.ask(#"{"model":"recommender","prompt":"x","max_tokens":2}"#)
    _ = try await up.ask(#"{"model":"made-up","prompt":"x"}"#)
    try await up.until("curl -s \(admin)/metrics", shows: "llm_d_epp_average_queue_size{")
    try await up.until("curl -s \(admin)/metrics", shows: "switchyard_status_writes_total{")
    let page = MetricsPage(try await up.output("curl -s \(admin)/metrics"))

    let listed = try DocumentedMetric.all()
    let byName = Dictionary(listed.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for (name, kind) in page.kinds { #expect(byName[name]?.kind == kind, "\(name) is not listed so") }
    for (name, sets) in page.labels {
      #expect(sets == [byName[name]?.labels ?? ["not listed"]], "labels of \(name)")
    }
    // What this run gave no reason for: Events and restarts of watches may come later, the servers tell of no cache, no pool has a
    // picker of its own, and no request had to wait for room.
    let unprovoked: Set = [
      "switchyard_watch_restarts_total", "switchyard_events_total", "llm_d_epp_request_cached_tokens",
      "inference_objective_prompt_cached_tokens", "switchyard_picker_duration_seconds",
      "switchyard_picker_failures_total", "llm_d_epp_flow_control_request_queue_duration_seconds",
      "inference_extension_flow_control_request_queue_duration_seconds",
    ]
    for metric in listed where !unprovoked.contains(metric.name) {
      #expect(page.labels[metric.name] != nil, "\(metric.name) has no sample")
    }
    let samples = page.samples.joined(separator: "\n")
    #expect(!samples.contains("made-up"), "a client made up a series")
    #expect(samples.contains(#"model_name="chatbot",reason="saturated"} 0"#))
    #expect(samples.contains(#"model_name="",reason="model_not_found"} 1"#))
  }

  @Test func theNamesAskedForAreTheNamesThatCome() async throws {
    let up = Up()
    try await up.start(["--metric-names", "gie"])
    let admin = try up.admin()
    try await up.until("curl -s \(admin)/metrics", shows: "inference_pool_ready_pods{")
    let page = MetricsPage(try await up.output("curl -s \(admin)/metrics"))
    #expect(page.kinds.keys.filter { $0.hasPrefix("llm_d") || $0.hasPrefix("switchyard") } == [])
    let wrong = try await EndToEndTests.shell("'\(Up.program)' up --metric-names llm-d,prometheus")
    #expect(wrong.status != 0)
    #expect(wrong.errors.contains("--metric-names: 'prometheus'") && wrong.errors.contains("llm-d, gie, switchyard"))
  }
}
