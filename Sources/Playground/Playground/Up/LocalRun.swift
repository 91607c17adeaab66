package import ControlPlane
package import DataPlane
import Descriptors
import Foundation
import KubernetesAPI
import KubernetesClient
package import LocalCluster
package import Logging
package import Manifests
package import Observability
package import Operator
import ServiceLifecycle
import Translation
import UnixSignals

/// One run of `switchyard up`: the local cluster first, then what starts from its objects, and the reverse at the end.
package struct LocalRun {
  /// The client's connection, the one to the model server, and the model server's own end of it.
  package static let descriptorsPerStream = 3

  let cluster: LocalClusterServer
  let folder: StateFolder
  let objects: [ManifestDocument]
  let addresses: AddressPolicy
  let plan: FleetPlan
  let admin: AdminServer.Configuration
  let proxy: ProxyConfiguration
  let metricNames: Set<MetricFamily>
  let accessLog: AccessLogConfiguration?
  let logger: Logger

  /// A run; nothing starts before ``run()``.
  package init(
    cluster: LocalClusterServer, folder: StateFolder, objects: [ManifestDocument], addresses: AddressPolicy,
    plan: FleetPlan, admin: AdminServer.Configuration, proxy: ProxyConfiguration, metricNames: Set<MetricFamily>,
    accessLog: AccessLogConfiguration? = nil, logger: Logger
  ) {
    self.cluster = cluster
    self.folder = folder
    self.objects = objects
    self.addresses = addresses
    self.plan = plan
    self.admin = admin
    self.proxy = proxy
    self.metricNames = metricNames
    self.accessLog = accessLog
    self.logger = logger
  }

  /// Runs until SIGINT or SIGTERM; then streams drain, statuses are written, and the cluster stops last.
  package func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await cluster.run() }
      group.addTask {
        try await cluster.waitUntilReady()
        try await serve()
      }
      // The first to end decides: the cluster only ends by an error here, the rest when it is told to stop.
      try await group.next()
      group.cancelAll()
      // What remains was cancelled, which is how it is meant to end.
      while let result = await group.nextResult() {
        if case .failure(let error) = result, !(error is CancellationError) { throw error }
      }
    }
  }

  private func serve() async throws {
    DescriptorBudget.process.expect(descriptorsPerStream: Self.descriptorsPerStream)
    try applyObjects()
    let kubeconfig = try KubeConfig(paths: [cluster.kubeconfigPath]).clientConfiguration()
    let transport = try CurlTransport()
    let client = APIClient(configuration: kubeconfig, transport: transport, logger: logger)
    let offset = PrivilegedPorts.offset()
    let process = GatewayProcess(
      client: client, transport: transport,
      options: GatewayProcess.Options(
        addresses: addresses, admin: admin, privilegedPortOffset: offset, proxy: proxy,
        metricNames: metricNames, accessLog: accessLog),
      logger: logger)
    let fleet = Fleet(plan: plan, watches: process.watches, cluster: cluster, transport: transport, logger: logger)
    try fleet.kubelet.forgetHealth()
    let greeter = Greeter(process: process, folder: folder, plan: plan, portOffset: offset)
    // The last stops first: streams drain through the gateway while their model servers still run.
    var configuration = ServiceGroupConfiguration(
      services: [SecondSignal(drainSeconds: process.drainSeconds), fleet] + process.services + [greeter],
      gracefulShutdownSignals: [.sigterm, .sigint],
      logger: logger)
    configuration.maximumGracefulShutdownDuration = process.longestShutdown
    try await ServiceGroup(configuration: configuration).run()
  }

  /// Brings the cluster to what the manifests say. One that is refused is reported, and the others go on.
  private func applyObjects() throws {
    for document in objects {
      do { try cluster.apply(manifest: document.value) } catch {
        let line = "\(document.source), document \(document.number): \(error)\n"
        FileHandle.standardError.write(Data(line.utf8))
      }
    }
  }
}
