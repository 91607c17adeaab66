import ArgumentParser
import ControlPlane
import Descriptors
import Foundation
import KubernetesClient
import Logging
import Observability
import Operator
import ServiceLifecycle
import UnixSignals

/// `switchyard controller`: the operator, and the gateways it hosts, against any Kubernetes API server.
struct ControllerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "controller",
    abstract: "Reconciles, writes statuses and hosts the gateways, against the cluster that KUBECONFIG names.")

  enum Gateways: String, ExpressibleByArgument, CaseIterable { case hosted }

  @Option(help: "Where gateways run. 'hosted': in this process, each at an address of its own.")
  var gateways = Gateways.hosted

  @Option(help: "Addresses for the Gateways: a range FIRST-LAST, or one address that all share.")
  var gatewayAddresses = GatewayAddressOption.localRange

  @Option(
    help:
      "The kubeconfig; several are separated by ':' (KUBECONFIG, else the pod's service account, else ~/.kube/config).")
  var kubeconfig: String?

  @Option(help: "The context of the kubeconfig to use, if not its current one.")
  var context: String?

  @OptionGroup var leader: LeaderOptions

  @Option(help: "Host of the admin server: metrics, probes, routing table.")
  var adminHost = "127.0.0.1"

  @Option(help: "Port of the admin server; 0 takes a free one.")
  var adminPort = 9090

  @OptionGroup var adminOptions: AdminOptions
  @OptionGroup var proxyOptions: ProxyOptions
  @OptionGroup var log: LogOptions
  @OptionGroup var accessLog: AccessLogOptions

  func validate() throws { try PortOption.check(adminPort, "--admin-port") }

  func run() async throws {
    try log.bootstrap()
    let logger = Logger(label: "switchyard")
    // The client's connection, and the one to the model server.
    DescriptorLimit.raise(descriptorsPerStream: 2, logger: logger)
    let transport = try CurlTransport()
    let client = APIClient(configuration: try configuration(), transport: transport)
    let process = GatewayProcess(
      client: client, transport: transport,
      options: GatewayProcess.Options(
        addresses: try AddressPolicy(gatewayAddresses),
        admin: AdminServer.Configuration(
          host: adminHost, port: adminPort, allowedHosts: try adminOptions.hosts()),
        privilegedPortOffset: PrivilegedPorts.offset(), proxy: try proxyOptions.configuration(),
        metricNames: try adminOptions.families(), lease: try leader.lease(in: client.configuration.namespace),
        accessLog: try accessLog.configuration()),
      logger: logger)
    var configuration = ServiceGroupConfiguration(
      services: [SecondSignal(drainSeconds: process.drainSeconds)] + process.services,
      gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = process.longestShutdown
    try await ServiceGroup(configuration: configuration).run()
  }

  private func configuration() throws -> ClientConfiguration {
    var environment = ProcessInfo.processInfo.environment
    if let kubeconfig { environment["KUBECONFIG"] = kubeconfig }
    return try ClientConfiguration.load(context: context, environment: environment)
  }
}
