import ControlPlane
import KubernetesAPI
import KubernetesClient
import LocalCluster
import Logging
import ModelServer
import Routing
import ServiceLifecycle

/// The model servers of `switchyard up`: runs what the plan says for the pools of the moment, and shows them as pods.
///
/// A pool applied later gets its servers at once; servers of a pool that is gone stop.
struct Fleet: ServiceLifecycle.Service {
  let plan: FleetPlan
  let watches: WatchSet
  let cluster: LocalClusterServer
  let transport: any HTTPTransport
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var servers: [FleetMember: Task<Void, Never>] = [:]
      var kubelet: Task<Void, Never>?
      for await _ in watches.signal.rings() {
        guard let members = watches.snapshot().map(plan.members), Set(members) != Set(servers.keys) else { continue }
        await Self.stop(kubelet.map { [$0] } ?? [])
        let gone = servers.filter { !members.contains($0.key) }
        for member in gone.keys { servers[member] = nil }
        await Self.stop(Array(gone.values))
        // These tasks do not leak: each is cancelled and awaited when its member goes, or below when the fleet ends.
        for member in members where servers[member] == nil { servers[member] = Task { await serve(member) } }
        kubelet = Task { await follow(members) }
      }
      await Self.stop(Array(servers.values) + (kubelet.map { [$0] } ?? []))
    }
  }

  private static func stop(_ tasks: [Task<Void, Never>]) async {
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
  }

  /// Runs one member's servers; a server of the user's own needs none.
  private func serve(_ member: FleetMember) async {
    guard member.accelerator != nil else { return }
    await withDiscardingTaskGroup { group in
      for port in member.ports { group.addTask { await run(member, port: port) } }
    }
  }

  private func run(_ member: FleetMember, port: Int) async {
    var configuration = ModelServerConfiguration(
      host: member.address, port: port, servedModelNames: member.models, podName: member.pod.name)
    if let preset = member.accelerator?.preset, let engine = EngineParameters.preset(accelerator: preset) {
      configuration.engine = engine
    }
    do {
      try await SimulatedModelServer(configuration, logger: logger).run()
    } catch is CancellationError {
      return
    } catch {
      logger.error("a simulated model server ended", metadata: ["pod": "\(member.pod)", "error": "\(error)"])
    }
  }

  private func follow(_ members: [FleetMember]) async {
    let kubelet = LocalKubelet(server: cluster, endpoints: members.map(\.endpoint), logger: logger, probe: isHealthy)
    do { try await kubelet.run() } catch {
      logger.error("pods cannot be shown", metadata: ["error": "\(error)"])
    }
  }

  /// Whether the server at an address answers; any HTTP answer that is no server error counts, since servers of the
  /// user's own need not have `/health`.
  @Sendable private func isHealthy(_ address: EndpointAddress) async -> Bool {
    let request = HTTPRequest(
      method: "GET", url: "http://\(EndpointID(address: address.host, port: address.port))/health",
      timeout: .milliseconds(500))
    do {
      return try await transport.send(request).status < 500
    } catch {
      return false
    }
  }
}

extension FleetMember {
  /// The member as the local cluster shows it.
  var endpoint: SimulatedEndpoint {
    SimulatedEndpoint(
      name: pod.name, namespace: pod.namespace, labels: labels,
      address: EndpointAddress(host: address, port: ports.first ?? 0), nodeName: "node-\(pod.name)",
      accelerator: accelerator?.nodeLabel)
  }
}
