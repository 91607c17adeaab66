import Foundation
import JSONText
import KubernetesAPI
import KubernetesClient
import TestSupport

/// Makes what the suite stands on, and takes it away again: the server is left as it was found.
struct Janitor {
  let cluster: Cluster
  private var installed: [String] = []
  /// Definitions as they were before ours took their place.
  private var replaced: [(name: String, spec: JSONValue)] = []

  init(cluster: Cluster) { self.cluster = cluster }

  mutating func prepare() async throws {
    for file in Definitions.files {
      let path = "\(Definitions.path)/\(file.name)"
      let present = try await cluster.send("GET", path)
      if present.status == 200, let spec = present.body["spec"] {
        replaced.append((file.name, spec))
      } else {
        installed.append(file.name)
      }
      let answer = try await Definitions.apply(file, to: cluster)
      guard answer.status < 300 else { throw Failure("\(file.name) is refused: \(answer.message)") }
      try await eventually("\(file.name) is Established") {
        try await Definitions.isEstablished(file.name, in: cluster)
      }
    }
    let namespace = try await cluster.send(
      "POST", "/api/v1/namespaces",
      body: ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(cluster.namespace)]])
    guard namespace.status == 201 else { throw Failure("no namespace: \(namespace.message)") }
    // Where no controller makes it, pods of the namespace would be refused for want of it; elsewhere it is there.
    _ = try await cluster.send(
      "POST", "/api/v1/namespaces/\(cluster.namespace)/serviceaccounts",
      body: ["apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "default"]])
  }

  func cleanUp() async throws {
    for type in Kinds.all where type.namespaced { try await empty(type) }
    for type in Kinds.all where !type.namespaced {
      let path = "\(Kinds.path(type))/\(cluster.namespace)"
      let answer = try await cluster.send("DELETE", path)
      guard answer.body["metadata"]?["finalizers"] != nil else { continue }
      // The controller that held a GatewayClass has ended, and with it who would let it go.
      _ = try await cluster.send(
        "PATCH", path, bytes: Array(#"{"metadata":{"finalizers":null}}"#.utf8), type: "application/merge-patch+json")
    }
    let path = "/api/v1/namespaces/\(cluster.namespace)"
    _ = try await cluster.send("DELETE", "\(path)/serviceaccounts/default")
    _ = try await cluster.send("DELETE", path)
    let start = ContinuousClock.now
    try await eventually("the namespace is gone", within: .seconds(30)) {
      let answer = try await cluster.send("GET", path)
      if answer.status == 404 { return true }
      // Without a namespace controller nobody takes the finalizer away; we made the namespace and emptied it.
      guard ContinuousClock.now - start > .seconds(5) else { return false }
      var object = answer.body
      object["spec"] = ["finalizers": []]
      _ = try await cluster.send("PUT", "\(path)/finalize", body: object)
      return false
    }
    try await restoreDefinitions()
  }

  private func restoreDefinitions() async throws {
    for (name, spec) in replaced {
      let path = "\(Definitions.path)/\(name)"
      var object = try await cluster.send("GET", path).body
      guard object["spec"] != spec else { continue }
      object["spec"] = spec
      let answer = try await cluster.send("PUT", path, body: object)
      guard answer.status == 200 else { throw Failure("\(name) cannot be put back: \(answer.message)") }
    }
    for name in installed { _ = try await cluster.send("DELETE", "\(Definitions.path)/\(name)") }
  }

  private func empty(_ type: ResourceType) async throws {
    let path = "/\(type.group.isEmpty ? "api" : "apis/" + type.group)/\(type.version)"
    let objects = "\(path)/namespaces/\(cluster.namespace)/\(type.plural)"
    let list = try await cluster.send("GET", objects)
    for item in list.body["items"]?.arrayValue ?? [] {
      guard let name = item["metadata"]?["name"]?.stringValue else { continue }
      // Without a kubelet a pod would never end its grace period.
      _ = try await cluster.send(
        "DELETE", "\(objects)/\(name)",
        body: ["apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0])
    }
  }
}
