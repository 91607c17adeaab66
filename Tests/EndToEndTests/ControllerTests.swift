import Foundation
import JSONText
import KubernetesAPI
import KubernetesClient
import TestSupport
import Testing

/// `switchyard controller` as an operator of a cluster runs it.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ControllerTests {
  /// Two models by name, each to its pool; a Service by path: what the objects say is what is served, and what the
  /// admin server tells.
  @Test func poolsAndServicesAreServed() async throws {
    let model = try StagedModelServer()
    let service = try TinyServer { request, connection in
      connection.answer("200 OK", body: "service at \(request.target)")
    }
    try await Controller.run(
      Manifests.gateway + Manifests.pool(port: model.port) + Manifests.service(port: service.port)
    ) {
      try await $0.runPod("model", at: "127.0.0.1")
      try await $0.condition("Programmed", of: Gateway.type, "inference-gateway")
      try await $0.condition("Accepted", of: HTTPRoute.type, "to-pool")
      try await $0.condition("ResolvedRefs", of: HTTPRoute.type, "to-service")
      try await $0.condition("Accepted", of: InferenceModel.type, "important")
      let status = try await $0.client.get(Gateway.type, name: "inference-gateway", namespace: "default")["status"]
      #expect(status?["addresses"]?[0]?["value"]?.stringValue == $0.gatewayAddress)
      let controller = $0
      try await eventually("the pool's pod answers") { try controller.complete("important").status == 200 }
      #expect(try $0.complete("nobody").status == 404)
      #expect(try $0.get("/plain").body == "service at /plain")

      let table = try #require(try $0.ask("/routes"))
      #expect(table.status == 200 && table.headers["content-type"] == "application/json")
      for name in ["inference-gateway", "to-pool", "to-service", "important"] { #expect(table.body.contains(name)) }
      let metrics = try #require(try $0.ask("/metrics")).body.split(separator: "\n")
      let served = metrics.filter { $0.contains("requests_total{") && $0.contains("busy") && $0.contains(#""200""#) }
      #expect(served.contains { $0.contains(#""important""#) && !$0.hasSuffix(" 0") }, "\(metrics)")
      #expect(served.contains { $0.contains(#""minor""#) && $0.hasSuffix(" 0") }, "declared, and not asked for yet")
      #expect(try $0.ask("/healthz")?.status == 200)
      #expect(try $0.ask("/nothing")?.status == 404)
      try await $0.client.delete(HTTPRoute.type, name: "to-service", namespace: "default")
      try await eventually("a deleted route is served no more") { try controller.get("/plain").status == 404 }
    }
  }

  /// A full queue, as the model server's metrics tell it: what may be shed is told when to come again, what is
  /// important is served. Once the queue is short, all are.
  @Test func aBusyPoolShedsWhatMayBeShed() async throws {
    let model = try StagedModelServer()
    model.setWaiting(50)
    try await Controller.run(Manifests.gateway + Manifests.pool(port: model.port)) { controller in
      try await controller.runPod("model", at: "127.0.0.1")
      try await eventually("the pool's pod answers") { try controller.complete("important").status == 200 }
      try await eventually("the full queue is known") { try controller.complete("minor").status == 429 }
      let shed = try controller.complete("minor")
      #expect(shed.status == 429 && Int(shed.headers["retry-after"] ?? "").map { $0 >= 1 } == true)
      #expect(shed.body.contains("too busy for requests of criticality Sheddable"))
      #expect(try controller.complete("important").status == 200)
      model.setWaiting(0)
      try await eventually("the short queue is known") { try controller.complete("minor").status == 200 }
    }
  }

  /// A trusted caller's objective decides who is shed, and a rewrite what the model server is asked for; a stranger's says nothing.
  @Test func objectivesAndRewritesAreHeeded() async throws {
    let model = try StagedModelServer()
    let (vip, batch) = ("X-LLM-D-Inference-Objective: vip", "X-Gateway-Inference-Objective: batch")
    model.setWaiting(50)
    try await Controller.run(Manifests.gateway + Manifests.pool(port: model.port) + Manifests.treatment) { controller in
      try await controller.runPod("model", at: "127.0.0.1")
      for objective in [InferenceObjective<LLMDGroup>.type, InferenceObjective<ExperimentalInferenceGroup>.type] {
        try await controller.condition("Accepted", of: objective, objective.group == LLMDGroup.name ? "vip" : "batch")
      }
      try await controller.condition("Accepted", of: InferenceModelRewrite<LLMDGroup>.type, "minor-v2")
      try await eventually("the full queue is known") { try controller.complete("minor").status == 429 }
      #expect(try controller.complete("minor", vip).status == 429)
      #expect(try controller.complete("important", batch).status == 200)
      _ = try await controller.client.patch(
        Gateway.type, name: "inference-gateway", namespace: "default",
        patch: .merge(["metadata": ["annotations": ["switchyard.dev/trusted-callers": "127.0.0.1"]]]))
      try await eventually("the caller is believed") { try controller.complete("minor", vip).status == 200 }
      #expect(try controller.complete("important", batch).status == 429)
      #expect(try controller.complete("minor").status == 429)
      model.setWaiting(0)
      try await eventually("the short queue is known") { try controller.complete("minor").status == 200 }
      #expect(model.lastBody == #"{"model":"minor-v2","prompt":"Hello","max_tokens":3}"#)
      let answer = try controller.complete("important", "X-LLM-D-Model-Name-Rewrite: lora")
      #expect(answer.status == 200 && answer.body == #"{"served":true}"#)
      #expect(model.lastBody == #"{"model":"lora","prompt":"Hello","max_tokens":3}"#)
      let models = try controller.get("/v1/models").body
      #expect(models.contains(#""id":"minor","object":"model","created":0,"owned_by":"switchyard","root":"minor-v2""#))
    }
  }

  /// Told to stop while a stream runs: load balancers are told at once to send no more, and the stream ends whole.
  @Test func itIsNotReadyWhileItDrains() async throws {
    let model = try StagedModelServer()
    try await Controller.run(Manifests.gateway + Manifests.pool(port: model.port)) { controller in
      try await controller.runPod("model", at: "127.0.0.1")
      try await eventually("the pool's pod answers") { try controller.complete("important").status == 200 }
      let stream = try SocketClient(port: Int(Controller.gatewayPort), at: controller.gatewayAddress)
      try stream.send("POST", "/v1/completions", body: #"{"model":"important","prompt":"Hello","stream":true}"#)
      try stream.wait(for: #"{"first":true}"#)
      controller.command.signal(SIGTERM)
      try await eventually("it says that it is not ready") { try controller.ask("/readyz")?.status == 503 }
      #expect(try controller.ask("/readyz")?.body.contains("stopping") == true)
      #expect(try controller.ask("/healthz")?.status == 200)
      #expect(controller.command.isRunning)
      model.endStream()
      #expect(try stream.receive().body.hasSuffix("data: [DONE]\n\n"))
      #expect(try await controller.command.wait(10).status == 0)
    }
  }

  /// An API server that answers nothing of use: alive, not ready, and it says what it waits for; it stops when told to.
  @Test func itIsNotReadyBeforeItHasSeenTheCluster() async throws {
    let server = try TinyServer { _, connection in connection.answer("503 Service Unavailable") }
    let network = randomLoopbackNetwork()
    try await withTemporaryPath { kubeconfig in
      try Manifests.kubeconfig(server.url).write(toFile: kubeconfig, atomically: true, encoding: .utf8)
      let command = try RunningCommand(
        Up.program, Controller.arguments(network: network) + ["--kubeconfig", kubeconfig])
      try await eventually("it is alive") { try askAdmin(at: "\(network).1", "/healthz")?.status == 200 }
      let answer = try #require(try askAdmin(at: "\(network).1", "/readyz"))
      #expect(answer.status == 503)
      for kind in ["Gateway", "HTTPRoute", "InferencePool", "Pod"] {
        #expect(answer.body.contains("not ready: \(kind)"))
      }
      command.signal(SIGTERM)
      #expect(try await command.wait(10).status == 0)
    }
  }
}
