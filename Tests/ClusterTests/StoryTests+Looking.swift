import Foundation
import JSONText
import KubernetesAPI
import KubernetesClient
import TestSupport

// What the story looks at.
extension ClusterTests.StoryTests {
  func object(_ type: ResourceType, _ name: String) async throws -> JSONValue {
    try await cluster.client.get(type, name: name, namespace: type.namespaced ? cluster.namespace : nil)
  }

  /// Waits until a condition of an object, or of its entry for our gateway, is as wanted.
  func condition(
    _ name: String, of type: ResourceType, _ object: String, status: String = "True", _ reason: String? = nil
  ) async throws {
    try await eventually("\(type.kind) \(object): \(name) is \(status) \(reason ?? "")") {
      let seen = try await self.object(type, object)["status"]
      let conditions =
        seen?["conditions"] ?? (seen?["parents"] ?? seen?["parent"] ?? seen?["ancestors"])?[0]?["conditions"]
      return (conditions?.arrayValue ?? []).contains {
        $0["type"]?.stringValue == name && $0["status"]?.stringValue == status
          && (reason == nil || $0["reason"]?.stringValue == reason)
      }
    }
  }

  func ask(_ model: String) async throws -> (status: Int, pod: String?, text: String) {
    let body: JSONValue = ["model": .string(model), "prompt": "What is the color of the sky", "max_tokens": 3]
    let response = try await cluster.transport.send(
      HTTPRequest(
        method: "POST", url: "http://\(scene.gatewayAddress):\(Scene.gatewayPort)/v1/completions",
        headers: ["Content-Type": "application/json"], body: Array(try JSONEncoder().encode(body)),
        timeout: .seconds(10)))
    let text = String(decoding: try await response.collect(upTo: 1 << 20), as: UTF8.self)
    return (response.status, response.headers["x-inference-pod"], text)
  }

  func pod(for model: String) async throws -> String? {
    try await ask(model).pod
  }
}
