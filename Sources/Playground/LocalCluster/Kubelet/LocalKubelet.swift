import Foundation
import JSONText
import KubernetesAPI
public import Logging

/// Shows model servers of this machine as Nodes and Pods, and keeps each Pod's readiness true to its health.
public struct LocalKubelet: Sendable {
  private let server: LocalClusterServer
  private let probe: @Sendable (EndpointAddress) async -> Bool
  private let logger: Logger
  /// How often each model server is asked; a death shows within this time and one probe.
  private static let interval = Duration.milliseconds(400)

  /// - Parameter probe: whether the model server at an address answers; it must return within 500 ms.
  public init(
    server: LocalClusterServer, logger: Logger, probe: @escaping @Sendable (EndpointAddress) async -> Bool
  ) {
    self.server = server
    self.logger = logger
    self.probe = probe
  }

  private var timestamp: String { server.handler.timestamp }

  /// Creates the Nodes and Pods of these endpoints, and removes all others that a kubelet of this data directory made;
  /// a new Pod is not ready until its first good probe.
  ///
  /// - Throws: `LocalClusterError` when the cluster refused objects, after all others were made; it names each.
  public func register(_ endpoints: [SimulatedEndpoint]) throws {
    var refusals: [String] = []
    do { try removeAll(but: endpoints) } catch { refusals.append("\(error)") }
    for endpoint in endpoints {
      do { try register(endpoint) } catch {
        refusals.append("\(endpoint.namespace)/\(endpoint.name) on \(endpoint.nodeName): \(error)")
      }
    }
    if !refusals.isEmpty { throw LocalClusterError(code: 422, message: refusals.joined(separator: "; ")) }
  }

  private func register(_ endpoint: SimulatedEndpoint) throws {
    try server.apply(
      manifest: PodManifests.node(endpoint.nodeName, accelerator: endpoint.accelerator), manager: "kubelet")
    let known = server.storage.read { $0.store.object(Self.nodes, endpoint.nodeName) }?["status"] ?? [:]
    try server.patchStatus(
      apiVersion: "v1", kind: "Node", namespace: nil, name: endpoint.nodeName,
      status: PodManifests.nodeStatus(endpoint, known: known, now: timestamp), manager: "kubelet")
    try server.apply(manifest: PodManifests.pod(endpoint), manager: "kubelet")
  }

  private static let nodes = ResourceName(group: "", plural: "nodes")
  private static let pods = ResourceName(group: "", plural: "pods")

  /// Says of all Pods that an earlier process left behind that they are not ready: their servers ended with it. To be
  /// called before anybody believes their statuses.
  ///
  /// - Throws: `LocalClusterError` when the cluster refuses a status.
  public func forgetHealth() throws {
    for (_, pod) in pods(on: nodes) {
      try server.patchStatus(
        apiVersion: "v1", kind: "Pod", namespace: pod.objectNamespace, name: pod.objectName,
        status: PodManifests.unready(pod["status"] ?? [:], changed: timestamp), manager: "kubelet")
    }
  }

  /// The Nodes that stand for this machine.
  private var nodes: Set<String> {
    let all = server.storage.read { $0.store.objects(Self.nodes) }
    return Set(all.map(\.value).filter { $0.objectLabels["switchyard.dev/local"] == "true" }.map(\.objectName))
  }

  private func pods(on nodes: Set<String>) -> [(key: String, value: JSONValue)] {
    server.storage.read { $0.store.objects(Self.pods) }
      .filter { nodes.contains($0.value["spec", "nodeName"]?.stringValue ?? "") }
  }

  private func removeAll(but endpoints: [SimulatedEndpoint]) throws {
    let nodes = nodes
    let wanted = Set(endpoints.map { ObjectStore.key($0.namespace, $0.name) })
    for (key, pod) in pods(on: nodes) where !wanted.contains(key) {
      let answer = server.handler.handle(
        APIRequest(method: "DELETE", target: "/api/v1/namespaces/\(pod.objectNamespace)/pods/\(pod.objectName)"))
      guard answer.status < 300 || answer.status == 404 else {
        throw LocalClusterError(
          code: answer.status, message: "the Pod \(key), which has no model server, cannot be removed")
      }
    }
    let used = Set(endpoints.map(\.nodeName))
    for node in nodes.subtracting(used) {
      _ = server.handler.handle(APIRequest(method: "DELETE", target: "/api/v1/nodes/\(node)"))
    }
  }

  /// Follows the health of a registered endpoint until it is cancelled.
  public func follow(_ endpoint: SimulatedEndpoint) async {
    var known: Bool?
    var failures = 0
    while !Task.isCancelled {
      let healthy = await probe(endpoint.address)
      if Task.isCancelled { return }
      if healthy != known {
        do {
          try report(endpoint, healthy: healthy)
          known = healthy
          failures = 0
        } catch {
          // It is tried again with the next probe; one line is enough for all of them.
          if failures == 0 { warn(endpoint, error) }
          failures += 1
        }
      }
      // Cancellation ends the sleep early, and the loop with it.
      do { try await Task.sleep(for: Self.interval) } catch { return }
    }
  }

  /// Writes the health into the Pod's status. A Pod that is not there needs none.
  ///
  /// - Throws: `LocalClusterError` when the cluster refuses the status.
  func report(_ endpoint: SimulatedEndpoint, healthy: Bool) throws {
    let key = ObjectStore.key(endpoint.namespace, endpoint.name)
    let known = server.storage.read { $0.store.object(Self.pods, key) }?["status"] ?? [:]
    do {
      try server.patchStatus(
        apiVersion: "v1", kind: "Pod", namespace: endpoint.namespace, name: endpoint.name,
        status: PodManifests.podStatus(endpoint, healthy: healthy, known: known, now: timestamp),
        manager: "kubelet")
    } catch let error as LocalClusterError where error.code == 404 {
      return
    }
  }

  private func warn(_ endpoint: SimulatedEndpoint, _ error: any Error) {
    logger.warning(
      "the status of a pod cannot be written; it is tried again",
      metadata: ["pod": "\(endpoint.namespace)/\(endpoint.name)", "error": "\(error)"])
  }
}
