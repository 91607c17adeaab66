import JSONText
import KubernetesAPI
import KubernetesClient
import TestSupport

// The kinds of route beside HTTPRoute, at a Gateway whose only listener speaks HTTPS.
extension ClusterTests.StoryTests {
  func aRouteOfCallsIsAccepted() async throws {
    try await cluster.apply(
      GRPCRoute.type, "calls",
      [
        "spec": [
          "parentRefs": [["name": "secure"]],
          "rules": [
            [
              "matches": [["method": ["service": "inference.GRPCInferenceService"]]],
              "backendRefs": [["group": "inference.networking.k8s.io", "kind": "InferencePool", "name": "gemma3"]],
            ]
          ],
        ]
      ])
    try await condition("Accepted", of: GRPCRoute.type, "calls")
    try await condition("ResolvedRefs", of: GRPCRoute.type, "calls")
  }

  /// A listener of HTTPS takes none, and the route says so.
  func aRouteOfTLSIsJudged() async throws {
    try await cluster.apply(
      TLSRoute.type, "names",
      [
        "spec": [
          "parentRefs": [["name": "secure"]], "hostnames": ["db.example.com"],
          "rules": [["backendRefs": [["name": "picker", "port": 9002]]]],
        ]
      ])
    try await condition("Accepted", of: TLSRoute.type, "names", status: "False")
    try await condition("ResolvedRefs", of: TLSRoute.type, "names")
  }

  /// No listener takes one, whatever its protocol; what is said of it goes with the reference to the Gateway.
  func aRouteOfATransportIsRefused(_ type: ResourceType) async throws {
    let backends: JSONValue = [["name": "picker", "port": 9002]]
    try await cluster.apply(
      type, "ports", ["spec": ["parentRefs": [["name": "secure"]], "rules": [["backendRefs": backends]]]])
    try await condition("Accepted", of: type, "ports", status: "False", "NotAllowedByListeners")
    // The Service has a port of TCP.
    try await condition("ResolvedRefs", of: type, "ports", status: type == TCPRoute.type ? "True" : "False")
    _ = try await cluster.client.patch(
      type, name: "ports", namespace: cluster.namespace, patch: .merge(["spec": ["parentRefs": []]]))
    try await eventually("nothing is said of a \(type.kind) that names no Gateway any more") {
      try await object(type, "ports")["status"]?["parents"] == []
    }
  }
}
