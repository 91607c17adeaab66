import ControlPlane
import KubernetesAPI
import KubernetesClient
import ModelServer
import Observability
import Operator
import ServiceLifecycle
import TestSupport
import Translation

/// The program's own operator and gateway, in this process, against the cluster under test; only for objects of this
/// run.
struct RunningOperator: Sendable {
  /// What the operator asked of the API server.
  let requests: RequestRecorder
  private let process: GatewayProcess
  private let cluster: Cluster

  /// Named after the run, so that another operator on the same server leaves our objects alone, and we its.
  static func controllerName(_ cluster: Cluster) -> String { "switchyard.dev/cluster-test-\(cluster.run)" }

  init(cluster: Cluster, address: String, privilegedPortOffset: Int = 0) {
    self.cluster = cluster
    requests = RequestRecorder(base: cluster.transport)
    process = GatewayProcess(
      client: APIClient(configuration: cluster.client.configuration, transport: requests, logger: cluster.logger),
      transport: cluster.transport,
      options: GatewayProcess.Options(
        addresses: .shared(address), admin: AdminServer.Configuration(host: address, port: 0),
        privilegedPortOffset: privilegedPortOffset, controllerName: Self.controllerName(cluster),
        lease: ObjectKey(namespace: cluster.namespace, name: "switchyard-controller")),
      logger: cluster.logger)
  }

  /// The version of an HTTPRoute of this run that the operator's watch brought last; `nil` before.
  func routeVersion(_ name: String) -> String? {
    process.watches.snapshot()?.httpRoutes
      .first { $0.metadata.namespace == cluster.namespace && $0.metadata.name == name }?.metadata.resourceVersion
  }

  /// Whether the operator's watch has brought a pod of this run in this version.
  func sawPod(_ name: String, _ version: String) -> Bool {
    process.watches.snapshot()?.pods.contains {
      $0.metadata.namespace == cluster.namespace && $0.metadata.name == name && $0.metadata.resourceVersion == version
    } ?? false
  }

  /// Runs the operator and `servers` while `story` is told; then the operator stops as it does when told to.
  func run(servers: [SimulatedModelServer] = [], during story: @Sendable () async throws -> Void) async throws {
    let operators = ServiceGroup(
      configuration: ServiceGroupConfiguration(services: process.services, logger: cluster.logger))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for server in servers { group.addTask { try await server.run() } }
      defer { group.cancelAll() }
      try await whileRunning(operators.run) {
        try await eventually("the first table is there") { process.reconciler.isReady }
        try await story()
        await operators.triggerGracefulShutdown()
      }
    }
  }
}
