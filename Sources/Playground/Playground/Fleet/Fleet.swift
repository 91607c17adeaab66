import ControlPlane
import KubernetesAPI
import KubernetesClient
import LocalCluster
import Logging
import ModelEngine
import ModelServer
import Routing
import ServiceLifecycle

/// The model servers of `switchyard up`: runs what the plan says for the pools of the moment, and shows them as pods.
///
/// A pool applied later gets its servers at once; servers of a pool that is gone stop. All others go on, whatever is
/// edited: a server only learns the names that it answers to.
struct Fleet: ServiceLifecycle.Service {
  let plan: FleetPlan
  let watches: WatchSet
  let cluster: LocalClusterServer
  let transport: any HTTPTransport
  let logger: Logger

  private struct Running {
    var servers: [SimulatedModelServer]
    var task: Task<Void, Never>
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var running: [FleetMember.Identity: Running] = [:]
      var numbers = PoolNumbers()
      var shown: [FleetMember] = []
      for await _ in watches.signal.rings() {
        guard let state = watches.snapshot() else { continue }
        let members = plan.members(of: state, numbers: &numbers)
        guard members != shown else { continue }
        shown = members
        await change(&running, to: members)
      }
      await Self.stop(running.values)
    }
  }

  private func change(_ running: inout [FleetMember.Identity: Running], to members: [FleetMember]) async {
    let wanted = Set(members.map(\.identity))
    let gone = running.filter { !wanted.contains($0.key) }
    for identity in gone.keys { running[identity] = nil }
    await Self.stop(gone.values)
    if !gone.isEmpty || wanted.count > running.count { register(members) }
    for member in members {
      if let known = running[member.identity] {
        for server in known.servers { server.serve(modelNames: member.models) }
      } else {
        running[member.identity] = start(member)
      }
    }
  }

  private static func stop(_ gone: some Sequence<Running>) async {
    for one in gone { one.task.cancel() }
    for one in gone { await one.task.value }
  }

  private func register(_ members: [FleetMember]) {
    do { try kubelet.register(members.map(\.endpoint)) } catch {
      logger.error("pods cannot be shown", metadata: ["error": "\(error)"])
    }
  }

  var kubelet: LocalKubelet { LocalKubelet(server: cluster, logger: logger, probe: isHealthy) }

  private func start(_ member: FleetMember) -> Running {
    let servers = member.configurations.map { SimulatedModelServer($0, logger: logger) }
    // The task does not leak: it is cancelled and awaited when its member goes, or when the fleet ends.
    let task = Task {
      await withDiscardingTaskGroup { group in
        for server in servers { group.addTask { await serve(server, as: member) } }
        group.addTask { await kubelet.follow(member.endpoint) }
      }
    }
    return Running(servers: servers, task: task)
  }

  private func serve(_ server: SimulatedModelServer, as member: FleetMember) async {
    do {
      try await server.run()
    } catch is CancellationError {
      return
    } catch {
      logger.error("a simulated model server ended", metadata: ["pod": "\(member.pod)", "error": "\(error)"])
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
  /// The simulated servers to run for it, one a port; none for a server of the user's own.
  fileprivate var configurations: [ModelServerConfiguration] {
    guard let accelerator else { return [] }
    return ports.map { port in
      var configuration = ModelServerConfiguration(
        host: address, port: port, servedModelNames: models, podName: pod.name)
      if let known = Accelerator.named(accelerator.preset) { configuration.engine = EngineConfiguration(on: known) }
      return configuration
    }
  }

  /// The member as the local cluster shows it.
  fileprivate var endpoint: SimulatedEndpoint {
    SimulatedEndpoint(
      name: pod.name, namespace: pod.namespace, labels: labels,
      address: EndpointAddress(host: address, port: ports.first ?? 0), nodeName: "node-\(pod.name)",
      accelerator: accelerator?.nodeLabel)
  }
}
