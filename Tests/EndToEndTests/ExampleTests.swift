import ArgumentParser
import Foundation
import JSONText
import KubernetesSchema
import TestSupport
import Testing

@testable import Switchyard

/// manifests/examples, applied on the guide's story and asked.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: isInstalled("kubectl") && isInstalled("curl")))
struct ExampleTests {
  private let up = Up()

  private func apply(_ path: String) async throws {
    try await up.output("kubectl apply -f \(repository.path)/manifests/examples/\(path)")
  }

  /// The pod that answers, by the answer's head.
  private func pod(_ answer: String) -> String {
    answer.split(whereSeparator: \.isNewline).first { $0.hasPrefix("x-inference-pod: ") }
      .map { String($0.dropFirst("x-inference-pod: ".count)) } ?? answer
  }

  private func ask(_ model: String, more: String = "") async throws -> String {
    try await up.ask(#"{"model":"\#(model)","prompt":"What is the color of the sky","max_tokens":3}"#, more: more)
  }

  @Test("canary: one request in ten goes to the next version, every one that asks for it, and none after going back")
  func canary() async throws {
    try await up.start()
    try await apply("canary")
    try await eventually("who asks for the canary gets it") {
      try await pod(ask("chatbot", more: "-H 'X-Canary: always'")).hasPrefix("gemma3-next-")
    }
    // The same request a hundred times, in one process.
    let url = "$GATEWAY/v1/completions"
    let answers = try await up.output(
      "curl -s -D - --max-time 15 -H 'Content-Type: application/json' "
        + #"-d '{"model":"chatbot","prompt":"Hi","max_tokens":1}' \#(Array(repeating: url, count: 100).joined(separator: " "))"#
        + " | grep x-inference-pod")
    let canaries = answers.split(whereSeparator: \.isNewline).count { $0.contains("gemma3-next-") }
    #expect((1...30).contains(canaries), "\(canaries) of 100")
    #expect(try await pod(ask("recommender")).hasPrefix("deepseek-r1-"))
    try await up.until("kubectl get inferencemodel chatbot-next --no-headers", shows: "True")
    try await apply("serve-multiple-models/route.yaml")
    try await eventually("nobody gets the canary") {
      try await !pod(ask("chatbot", more: "-H 'X-Canary: always'")).hasPrefix("gemma3-next-")
    }
    try await up.stopsCleanly()
  }

  @Test("lora: base model, each adapter, and a name that stands for two of them")
  func adapters() async throws {
    try await up.start()
    try await apply("lora")
    for model in ["gemma-3", "support-v1", "support-v2"] {
      try await eventually("\(model) answers") {
        let answer = try await ask(model)
        return pod(answer).hasPrefix("gemma3-") && answer.contains(#""model":"\#(model)""#)
      }
    }
    let answer = try await ask("support")
    #expect(answer.hasPrefix("HTTP/1.1 200 ") && pod(answer).hasPrefix("gemma3-"))
    try await eventually("all are listed") {
      let list = try await up.output("curl -s $GATEWAY/v1/models")
      return ["support", "support-v1", "support-v2", "gemma-3"].allSatisfy { list.contains(#""id":"\#($0)""#) }
    }
    try await up.stopsCleanly()
  }

  @Test("accelerators: one pool, three kinds, each of which answers")
  func accelerators() async throws {
    try await up.start()
    try await apply("accelerators/pool.yaml")
    try await up.until(
      "kubectl describe inferencepool mixed", shows: "1 × NVIDIA-A100-80GB, 1 × NVIDIA-H100-80GB, 1 × NVIDIA-L4")
    var pods: Set<String> = []
    try await eventually("every server has answered") {
      let answer = try await ask("gemma-3")
      // Until the route is served, and a server is ready, the gateway answers itself.
      if answer.hasPrefix("HTTP/1.1 200 ") { pods.insert(pod(answer)) }
      return pods == ["mixed-1", "mixed-2", "mixed-3"]
    }
    try await up.stopsCleanly()
  }

  @Test("what the examples' Deployments run, their pools select at the right port, and the program takes")
  func modelServers() throws {
    var pools: [String: JSONValue] = [:]
    for path in ["serve-multiple-models/pools.yaml", "accelerators/pool.yaml"] {
      for object in try Self.objects(path) where object["kind"] == "InferencePool" {
        pools[object.words("spec", "selector", "matchLabels")["app"] ?? ""] = object
      }
    }
    for path in ["simulated-model-servers/deployments.yaml", "accelerators/model-servers.yaml"] {
      for deployment in try Self.objects(path) {
        let pod = deployment["spec", "template"] ?? .null
        let labels = pod.words("metadata", "labels")
        let selector = deployment.words("spec", "selector", "matchLabels")
        #expect(!selector.isEmpty && selector.allSatisfy { labels[$0] == $1 }, "\(deployment.identity)")
        let pool = try #require(pools[labels["app"] ?? ""], "\(deployment.identity): no pool selects it")
        let container = try #require(pod.items("spec", "containers").first)
        #expect(container.items("ports")[0]["containerPort"] == pool.items("spec", "targetPorts")[0]["number"])
        if path.hasPrefix("simulated") {
          #expect(PodSecurity.faults(pod["spec"] ?? .null) == [])
          let arguments = container.texts("args")
          #expect(arguments.first == ModelServerCommand.configuration.commandName)
          #expect(try ModelServerCommand.parse(Array(arguments.dropFirst())).port == 8000)
        }
      }
    }
  }

  private static func objects(_ path: String) throws -> [JSONValue] {
    try yamlDocuments(
      String(contentsOf: repository.appending(path: "manifests/examples/\(path)"), encoding: .utf8))
  }
}
