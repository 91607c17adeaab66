import Foundation
import KubernetesAPI
public import Logging
public import ServiceLifecycle

/// Shows model servers of this machine as Nodes and Pods, and keeps each Pod's readiness true to its health.
///
/// Pods of an earlier start that are no longer among the endpoints are removed.
public struct LocalKubelet: ServiceLifecycle.Service {
  private let server: LocalClusterServer
  private let endpoints: [SimulatedEndpoint]
  private let probe: @Sendable (EndpointAddress) async -> Bool
  private let logger: Logger
  /// How often each model server is asked; a death shows within this time and one probe.
  private static let interval = Duration.milliseconds(400)

  /// - Parameter probe: whether the model server at an address answers; it must return within 500 ms.
  public init(
    server: LocalClusterServer, endpoints: [SimulatedEndpoint], logger: Logger,
    probe: @escaping @Sendable (EndpointAddress) async -> Bool
  ) {
    self.server = server
    self.endpoints = endpoints
    self.logger = logger
    self.probe = probe
  }

  /// Creates the Nodes and Pods, then follows the health of all until it is cancelled or told to shut down.
  ///
  /// - Throws: `LocalClusterError` when the cluster refuses an object.
  public func run() async throws {
    try register()
    await withTaskGroup(of: Void.self) { group in
      for endpoint in endpoints { group.addTask { await cancelWhenGracefulShutdown { await follow(endpoint) } } }
    }
  }

  private var timestamp: String { server.handler.timestamp }

  /// Creates Nodes and Pods; the Pods are not ready until their first good probe.
  public func register() throws {
    try removeForeign()
    for endpoint in endpoints {
      let now = timestamp
      try server.apply(
        manifest: PodManifests.node(endpoint.nodeName, accelerator: endpoint.accelerator), manager: "kubelet")
      try server.patchStatus(
        apiVersion: "v1", kind: "Node", namespace: nil, name: endpoint.nodeName,
        status: PodManifests.nodeStatus(endpoint, now: now), manager: "kubelet")
      try server.apply(manifest: PodManifests.pod(endpoint), manager: "kubelet")
    }
  }

  /// Removes Pods of earlier starts on nodes of ours.
  private func removeForeign() throws {
    let pods = server.storage.read { $0.store.objects(ResourceName(group: "", plural: "pods")) }
    let nodes = Set(
      server.storage.read { $0.store.objects(ResourceName(group: "", plural: "nodes")) }
        .filter { $0.value.objectLabels["switchyard.dev/local"] == "true" }.map(\.value.objectName))
    let wanted = Set(endpoints.map { ObjectStore.key($0.namespace, $0.name) })
    for (key, pod) in pods where nodes.contains(pod.digText("spec", "nodeName") ?? "") && !wanted.contains(key) {
      let answer = server.handler.handle(
        APIRequest(method: "DELETE", target: "/api/v1/namespaces/\(pod.objectNamespace)/pods/\(pod.objectName)"))
      guard answer.status < 300 || answer.status == 404 else {
        throw LocalClusterError(code: answer.status, message: "the Pod \(key) of an earlier start cannot be removed")
      }
    }
    let used = Set(endpoints.map(\.nodeName))
    for node in nodes.subtracting(used) {
      _ = server.handler.handle(APIRequest(method: "DELETE", target: "/api/v1/nodes/\(node)"))
    }
  }

  private func follow(_ endpoint: SimulatedEndpoint) async {
    let started = timestamp
    var known: Bool?
    while !Task.isCancelled {
      let healthy = await probe(endpoint.address)
      if Task.isCancelled { return }
      if healthy != known {
        known = healthy
        report(endpoint, healthy: healthy, started: started)
      }
      // Cancellation ends the sleep early, and the loop with it.
      do { try await Task.sleep(for: Self.interval) } catch { return }
    }
  }

  private func report(_ endpoint: SimulatedEndpoint, healthy: Bool, started: String) {
    do {
      try server.patchStatus(
        apiVersion: "v1", kind: "Pod", namespace: endpoint.namespace, name: endpoint.name,
        status: PodManifests.podStatus(endpoint, healthy: healthy, started: started, changed: timestamp),
        manager: "kubelet")
    } catch {
      logger.warning(
        "the status of a pod cannot be written",
        metadata: ["pod": "\(endpoint.namespace)/\(endpoint.name)", "error": "\(error)"])
    }
  }
}
