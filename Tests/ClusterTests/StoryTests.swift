import Foundation
import JSONText
import KubernetesAPI
import KubernetesClient
import TestSupport
import Testing

extension ClusterTests {
  /// The guide, told against the cluster: two models behind one address, and what the objects say of them.
  @Suite(.serialized) struct StoryTests {
    let cluster: Cluster
    let scene: Scene

    init() throws {
      cluster = try .tested()
      scene = Scene(cluster: cluster)
    }

    @Test func twoModelsBehindOneAddress() async throws {
      let listed = try await cluster.send("GET", Kinds.path(Gateway.type))
      guard listed.status == 200 else {
        return print("skipped: the server has no Gateway API; install standard-install.yaml of Gateway API v1.6")
      }
      try await scene.make()
      try await Operator(cluster: cluster, address: scene.gatewayAddress).run(servers: scene.servers) {
        try await statusesTellTheTruth()
        try await requestsGoByModelName()
        try await nothingIsWrittenWhenNothingChanges()
        try await aSecondClaimWaitsAndIsPromoted()
        try await anEditedRouteTakesEffect()
        try await anUnreadyPodLeaves()
        try await aPoolWithoutPodsSaysSo()
      }
    }

    private func statusesTellTheTruth() async throws {
      try await condition("Accepted", of: GatewayClass.type, cluster.namespace)
      try await condition("Programmed", of: Gateway.type, "inference-gateway")
      let gateway = try await object(Gateway.type, "inference-gateway")
      #expect(gateway["status"]?["addresses"]?[0]?["value"]?.stringValue == scene.gatewayAddress)
      try await condition("Accepted", of: HTTPRoute.type, "routes-to-llms")
      try await condition("ResolvedRefs", of: HTTPRoute.type, "routes-to-llms")
      for pool in ["gemma3", "deepseek-r1"] {
        try await condition("Accepted", of: InferencePool.type, pool)
        try await condition("ResolvedRefs", of: InferencePool.type, pool)
      }
      for model in ["chatbot", "recommender"] { try await condition("Accepted", of: InferenceModel.type, model) }
    }

    private func requestsGoByModelName() async throws {
      try await eventually("the chatbot's pool answers") { try await pod(for: "chatbot") == "gemma3-0" }
      #expect(try await pod(for: "recommender") == "deepseek-r1-0")
      #expect(try await ask("nobody").status == 404)
    }

    private func nothingIsWrittenWhenNothingChanges() async throws {
      let before = try await versions()
      try await Task.sleep(for: .seconds(2))
      #expect(try await versions() == before)
    }

    /// Two objects claim one model name: the older serves, the other says so, and follows when the older is gone.
    private func aSecondClaimWaitsAndIsPromoted() async throws {
      // Ages are whole seconds: only a later second makes the second claim the younger one.
      try await Task.sleep(for: .seconds(1.1))
      try await scene.makeModel("chatbot-two", of: "gemma3", modelName: "chatbot")
      try await condition("Accepted", of: InferenceModel.type, "chatbot-two", status: "False", "ModelNameInUse")
      _ = try await cluster.client.delete(InferenceModel.type, name: "chatbot", namespace: cluster.namespace)
      try await condition("Accepted", of: InferenceModel.type, "chatbot-two")
    }

    private func anEditedRouteTakesEffect() async throws {
      try await scene.makeRoute(["chatbot": "deepseek-r1", "recommender": "deepseek-r1"])
      try await eventually("the route's edit is served") { try await pod(for: "chatbot") == "deepseek-r1-0" }
      try await scene.makeRoute(["chatbot": "gemma3", "recommender": "deepseek-r1"])
      try await eventually("the route's edit is served") { try await pod(for: "chatbot") == "gemma3-0" }
    }

    private func anUnreadyPodLeaves() async throws {
      try await scene.setPod("gemma3-0", host: 11, ready: false)
      try await eventually("nobody serves the chatbot") { try await ask("chatbot").status == 503 }
      #expect(try await pod(for: "recommender") == "deepseek-r1-0")
      try await scene.setPod("gemma3-0", host: 11, ready: true)
      try await eventually("the chatbot is back") { try await pod(for: "chatbot") == "gemma3-0" }
    }

    /// The pool's only pod is deleted: nobody is left, and says so where its owner looks.
    private func aPoolWithoutPodsSaysSo() async throws {
      _ = try await cluster.client.delete(
        Pod.type, name: "gemma3-0", namespace: cluster.namespace, options: DeleteOptions(gracePeriodSeconds: 0))
      try await eventually("nobody serves the chatbot") { try await ask("chatbot").status == 503 }
      try await eventually("the pool says that it has no pods") {
        let status = try await object(InferencePool.type, "gemma3")["status"]
        return (status?["parents"]?[0]?["conditions"]?.arrayValue ?? []).contains {
          $0["status"] == "False" && $0["reason"] == "NoPodMatched"
        }
      }
    }

    // What the story looks at.

    private func object(_ type: ResourceType, _ name: String) async throws -> JSONValue {
      try await cluster.client.get(type, name: name, namespace: type.namespaced ? cluster.namespace : nil)
    }

    /// Waits until a condition of an object, or of its entry for our gateway, is as wanted.
    private func condition(
      _ name: String, of type: ResourceType, _ object: String, status: String = "True", _ reason: String? = nil
    ) async throws {
      try await eventually("\(type.kind) \(object): \(name) is \(status) \(reason ?? "")") {
        let seen = try await self.object(type, object)["status"]
        let conditions = seen?["conditions"] ?? seen?["parents"]?[0]?["conditions"]
        return (conditions?.arrayValue ?? []).contains {
          $0["type"]?.stringValue == name && $0["status"]?.stringValue == status
            && (reason == nil || $0["reason"]?.stringValue == reason)
        }
      }
    }

    /// The versions of all objects that the story made.
    private func versions() async throws -> [String: String] {
      var versions: [String: String] = [:]
      for type in Kinds.all where type.namespaced {
        for item in try await cluster.client.list(type, namespace: cluster.namespace).items {
          let metadata = item["metadata"]
          versions["\(type.kind) \(metadata?["name"]?.stringValue ?? "")"] = metadata?["resourceVersion"]?.stringValue
        }
      }
      return versions
    }

    private func ask(_ model: String) async throws -> (status: Int, pod: String?) {
      let body: JSONValue = ["model": .string(model), "prompt": "What is the color of the sky", "max_tokens": 3]
      let response = try await cluster.transport.send(
        HTTPRequest(
          method: "POST", url: "http://\(scene.gatewayAddress):\(Scene.gatewayPort)/v1/completions",
          headers: ["Content-Type": "application/json"], body: Array(try JSONEncoder().encode(body)),
          timeout: .seconds(10)))
      _ = try await response.collect(upTo: 1 << 20)
      return (response.status, response.headers["x-inference-pod"])
    }

    private func pod(for model: String) async throws -> String? {
      try await ask(model).pod
    }
  }
}
