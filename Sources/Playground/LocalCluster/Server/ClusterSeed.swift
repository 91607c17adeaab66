import JSONText
import KubernetesAPI

/// What every cluster has from the start.
enum ClusterSeed {
  /// Creates the namespaces of a fresh cluster where they are missing.
  static func plant(in handler: APIHandler) throws {
    for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
      let namespace: JSONValue = [
        "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)],
      ]
      let answer = handler.handle(
        APIRequest(
          method: "POST", target: "/api/v1/namespaces?fieldManager=switchyard",
          body: JSONWriter.bytes(of: namespace)))
      guard [201, 409].contains(answer.status) else {
        throw LocalClusterError(code: answer.status, message: "the namespace \(name) cannot be made")
      }
    }
  }
}
