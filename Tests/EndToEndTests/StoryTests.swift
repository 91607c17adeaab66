import Foundation
import TestSupport
import Testing

/// The whole program, as a stranger meets it: `switchyard up`, kubectl and curl.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: isInstalled("kubectl") && isInstalled("curl")))
struct StoryTests {
  /// The commands that the screen proposes, typed as they stand there.
  @Test func whatTheScreenSaysWorks() async throws {
    let up = Up()
    try await up.start()
    let screen = try #require(up.command?.output)
    #expect(screen.contains("local cluster"))
    let lines = screen.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
    let export = try #require(lines.first { $0.hasPrefix("export KUBECONFIG=") })
    for line in lines where line.hasPrefix("kubectl ") || line.hasPrefix("curl ") {
      let result = try await shell("\(export); \(line)")
      #expect(result.status == 0, "\(line): \(result.errors)")
      if line.hasPrefix("kubectl get") {
        for name in ["inference-gateway", "routes-to-llms", "gemma3", "deepseek-r1", "chatbot", "recommender"] {
          #expect(result.output.contains(name))
        }
      }
      if line.hasPrefix("curl -i") { #expect(result.output.hasPrefix("HTTP/1.1 200 OK")) }
      if line.hasPrefix("curl -N") { #expect(result.output.hasSuffix("data: [DONE]\n\n")) }
    }
    #expect(lines.filter { $0.hasPrefix("curl ") }.count == 2)
    try await up.stopsCleanly()
  }

  /// The guide's own commands; its models are served by the pools that its route names.
  @Test func theGuideComesTrue() async throws {
    let up = Up()
    try await up.start()
    let ip = try await up.output("kubectl get gateway/inference-gateway -o jsonpath='{.status.addresses[0].value}'")
    #expect(ip == up.gatewayAddress)
    for (model, pool) in [("chatbot", "gemma3"), ("recommender", "deepseek-r1")] {
      #expect(try await up.pod(for: model)?.hasPrefix("\(pool)-") == true)
      try await up.until("kubectl get inferencepool \(pool) --no-headers", shows: "3 of 3 ready")
    }
    let stream = try await up.output(
      "curl -sN $GATEWAY/v1/chat/completions -H 'Content-Type: application/json' "
        + #"-d '{"model":"chatbot","stream":true,"max_tokens":5,"messages":[{"role":"user","content":"Hello"}]}'"#)
    let events = stream.components(separatedBy: "\n\n").filter { !$0.isEmpty }
    #expect(events.count >= 6 && events.allSatisfy { $0.hasPrefix("data: ") } && events.last == "data: [DONE]")
    try await up.until("kubectl describe inferencepool gemma3", shows: "1 × NVIDIA-H100-80GB")
    try await modelsAreNamed(by: up)
    try await up.stopsCleanly()
  }

  /// What there is, and what clients may not do to it.
  private func modelsAreNamed(by up: Up) async throws {
    let list = try await up.output("curl -s $GATEWAY/v1/models")
    #expect(
      list.hasPrefix(#"{"object":"list","data":[{"id":"chatbot","object":"model","#)
        && list.contains(#""id":"recommender""#))
    #expect(try await up.output("curl -s $GATEWAY/v1/models/chatbot").hasPrefix(#"{"id":"chatbot","object":"model","#))
    let head = try await up.output("curl -sI $GATEWAY/v1/models/chatbot")
    #expect(head.hasPrefix("HTTP/1.1 200 OK") && head.lowercased().contains("content-type: application/json"))
    let nobody = try await up.output("curl -s $GATEWAY/v1/models/nobody")
    #expect(nobody.contains(#""code":"model_not_found""#))
    // The endpoints' own page tells what the name stands for.
    try await eventually("endpoints have named their models") {
      try await up.output("curl -s $GATEWAY/v1/models/chatbot").contains("max_model_len")
    }
    let sleep = try await up.output(
      "curl -s $GATEWAY/sleep -H 'Content-Type: application/json' -d '{\"model\":\"chatbot\"}'")
    #expect(sleep.contains(#""code":"engine_route_refused""#))
  }

  @Test func aSecondStartContinuesAndCtrlCLeavesNothing() async throws {
    let up = Up()
    try await up.start()
    try await up.output("kubectl label inferencepool gemma3 kept=yes")
    try await up.output("kubectl delete inferencemodel recommender")
    let uid = "kubectl get inferencepool gemma3 -o jsonpath='{.metadata.uid} {.metadata.labels.kept}'"
    let before = try await up.output(uid)
    #expect(before.hasSuffix(" yes"))
    let gateway = try await up.output("printf %s $GATEWAY")
    try await up.stopsCleanly()
    #expect(try FileManager.default.contentsOfDirectory(atPath: up.folder) == ["cluster"])
    #expect(try await shell("curl -s --max-time 2 \(gateway)").status == 7)

    try await up.start()
    #expect(try await up.output(uid) == before)
    // Manifests are applied at each start, so what they say is there again.
    #expect(try await up.output("kubectl get inferencemodels -o name").contains("recommender"))
    #expect(try await up.pod(for: "recommender")?.hasPrefix("deepseek-r1-") == true)
    try await up.stopsCleanly()
  }

  /// Edits with kubectl: another pool for a model, all servers gone.
  @Test func editsTakeEffectWhileItRuns() async throws {
    let up = Up()
    try await up.start()
    let patch = #"[{"op":"replace","path":"/spec/rules/0/backendRefs/0/name","value":"deepseek-r1"}]"#
    try await up.output("kubectl patch httproute routes-to-llms --type=json -p '\(patch)'")
    try await eventually("the route leads elsewhere") {
      try await up.pod(for: "chatbot")?.hasPrefix("deepseek-r1-") == true
    }
    try await up.output("kubectl delete pods -l app=deepseek-r1")
    try await eventually("nobody is left") {
      try await up.ask(#"{"model":"recommender","prompt":"x"}"#).hasPrefix("HTTP/1.1 503 ")
    }
    try await up.until("kubectl get inferencepool deepseek-r1 --no-headers", shows: "0 of 0 ready")
    try await up.stopsCleanly()
  }
}
