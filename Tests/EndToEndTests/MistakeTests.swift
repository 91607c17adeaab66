import Foundation
import TestSupport
import Testing

/// What bad input gets: a message that names field, value and cure, while everything else goes on.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: isInstalled("kubectl") && isInstalled("curl")))
struct MistakeTests {
  @Test func requestsThatCannotBeServedSayWhy() async throws {
    let up = Up()
    try await up.start()
    let mistakes: [(body: String, status: String, words: String)] = [
      (
        #"{"model":"nobody","prompt":"x"}"#, "404",
        "The model 'nobody' does not exist. Models here: chatbot, recommender."
      ),
      (#"{"prompt":"x"}"#, "400", "string member 'model'"),
      (#"{"model":7}"#, "400", #"The value of \"model\" at byte"#),
      (#"{"model":"#, "400", "not valid JSON at byte 9"),
      ("", "400", "string member 'model'"),
    ]
    for mistake in mistakes {
      let answer = try await up.ask(mistake.body)
      #expect(answer.hasPrefix("HTTP/1.1 \(mistake.status) "), "\(mistake.body): \(answer)")
      #expect(answer.contains(mistake.words), "\(mistake.body): \(answer)")
      #expect(answer.contains(#"{"error":{"message":"#))
    }
    let forged = try await up.ask(#"{"model":"chatbot","prompt":"x"}"#, more: "-H 'X-Gateway-Model-Name: recommender'")
    #expect(forged.contains("x-inference-pod: gemma3-"))
    // The model server's own answer to ten million bytes comes back whole.
    let long = try await up.output(
      #"(printf '{"model":"chatbot","prompt":"'; head -c 10000000 /dev/zero | tr '\0' x; printf '"}') | "#
        + "curl -si --max-time 20 $GATEWAY/v1/completions -H 'Content-Type: application/json' --data-binary @-")
    #expect(long.contains("HTTP/1.1 400 ") && long.contains("x-inference-pod: gemma3-"))
    #expect(try await up.pod(for: "chatbot")?.hasPrefix("gemma3-") == true)
    try await up.stopsCleanly()
  }

  @Test func objectsThatAreRefusedSayWhichField() async throws {
    let up = Up()
    try await up.start()
    let field = try await up.apply(
      """
      {apiVersion: inference.networking.k8s.io/v1, kind: InferencePool, metadata: {name: bad},
       spec: {selector: {matchLabels: {app: x}}, targetPorts: [{number: 8000}], colour: red}}
      """)
    #expect(field.status != 0 && field.errors.contains(#"unknown field "spec.colour""#))
    let kind = try await up.apply("{apiVersion: example.org/v1, kind: Nothing, metadata: {name: bad}}")
    #expect(
      kind.status != 0 && kind.errors.contains(#"no matches for kind "Nothing" in version "example.org/v1""#), "\(kind)"
    )
    let value = try await up.shell(
      #"kubectl patch inferencemodel chatbot --type=merge -p '{"spec":{"criticality":"Urgent"}}'"#)
    #expect(value.status != 0 && value.errors.contains(#"spec.criticality: Unsupported value: "Urgent""#))
    #expect(try await up.pod(for: "chatbot")?.hasPrefix("gemma3-") == true)
    try await up.stopsCleanly()
  }

  @Test func objectsThatCannotWorkSayItInTheirStatus() async throws {
    let up = Up()
    let server = try up.modelServer(1)
    // Simulated model servers would give every pool its pods; with none, a pool may select nothing.
    try await up.start(["--replicas", "0", "--endpoint", "gemma3=\(server.endpoint)"])
    // A reference to nowhere, a pool that selects nothing, and a second claim to a model's name.
    let applied = try await up.apply(
      """
      {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: dangling},
       spec: {parentRefs: [{name: inference-gateway}], rules: [{
         matches: [{path: {value: /dangling}}],
         backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: nowhere}]}]}}
      ---
      {apiVersion: inference.networking.k8s.io/v1, kind: InferencePool, metadata: {name: empty},
       spec: {selector: {matchLabels: {app: empty}}, targetPorts: [{number: 8000}]}}
      ---
      {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: to-empty},
       spec: {parentRefs: [{name: inference-gateway}], rules: [{
         matches: [{headers: [{name: X-Gateway-Model-Name, value: emptiness}]}],
         backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: empty}]}]}}
      ---
      {apiVersion: inference.networking.x-k8s.io/v1alpha2, kind: InferenceModel, metadata: {name: usurper},
       spec: {modelName: chatbot, poolRef: {group: inference.networking.k8s.io, name: gemma3}}}
      """)
    #expect(applied.status == 0, "\(applied.errors)")
    try await up.condition("httproute/dangling", "ResolvedRefs", "False BackendNotFound", "nowhere")
    #expect(try await up.output("curl -si --max-time 5 $GATEWAY/dangling").hasPrefix("HTTP/1.1 500 "))
    try await up.condition("inferencepool/empty", "EndpointsReady", "False NoPodMatched", "app=empty")
    try await eventually("nobody serves the empty pool") {
      try await up.ask(#"{"model":"emptiness"}"#).hasPrefix("HTTP/1.1 503 ")
    }
    let table = "kubectl get inferencemodel usurper -o jsonpath='{.status.conditions[*].reason}'"
    try await eventually("the second claim says so") { try await up.output(table).contains("ModelNameInUse") }
    try await eventually("the chatbot is served") { try await up.pod(for: "chatbot") == server.name }
    try await up.stopsCleanly()
  }

  /// A model server that dies: the client of a stream is told, and the next request goes to the other server.
  @Test func aModelServerThatDiesCostsOneStream() async throws {
    let up = Up()
    let servers = try (1...2).map { try up.modelServer($0) }
    try await up.start(servers.flatMap { ["--endpoint", "gemma3=\($0.endpoint)"] })
    let body =
      #"{"model":"chatbot","stream":true,"max_tokens":4000,"ignore_eos":true,"messages":[{"role":"user","content":"Hi"}]}"#
    let client = try RunningCommand(
      "/bin/bash",
      [
        "-c",
        ". '\(up.folder)/env'; curl -siN $GATEWAY/v1/chat/completions -H 'Content-Type: application/json' -d '\(body)'",
      ])
    try await eventually("the stream runs") { client.output.contains(#""delta":{"content":"#) }
    let serving = try #require(servers.first { client.output.contains("x-inference-pod: \($0.name)") })
    serving.command.signal(SIGKILL)
    let stream = try await client.wait(10)
    #expect(stream.output.contains(#"data: {"error":{"message":"#) && !stream.output.contains("[DONE]"))
    #expect(try await up.pod(for: "chatbot") == servers.first { $0.name != serving.name }?.name)
    try await up.stopsCleanly()
  }
}

extension Up {
  /// Waits for a condition of an object's first parent: its status and reason, and a word of its message.
  func condition(_ object: String, _ type: String, _ wanted: String, _ word: String) async throws {
    let path = "{range .status.parents[0].conditions[?(@.type==\"\(type)\")]}{.status} {.reason} {.message}{end}"
    var seen = ""
    do {
      try await eventually("\(object)") {
        seen = try await output("kubectl get \(object) -o jsonpath='\(path)'")
        return seen.hasPrefix(wanted) && seen.contains(word)
      }
    } catch { throw Failure("\(object) \(type): '\(seen)', not '\(wanted)' with '\(word)'") }
  }
}
