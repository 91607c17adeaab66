import ArgumentParser
import ControlPlane
import Descriptors
import Foundation
import KubernetesClient
import Logging
import Observability
import Operator
import Translation

/// `switchyard controller`: the operator, and in one of its modes the gateways, against any Kubernetes API server.
struct ControllerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "controller",
    abstract: "Reconciles, writes statuses, and makes or hosts the gateways, against the cluster that KUBECONFIG names."
  )

  enum Gateways: String, ExpressibleByArgument, CaseIterable { case provisioned, hosted }

  @Option(
    help:
      """
      Where gateways run. 'provisioned': in pods that are made for each Gateway; the default in a cluster. 'hosted': in this \
      process, each at an address of its own; the default elsewhere.
      """)
  var gateways: Gateways?

  @Option(
    help:
      "With --gateways provisioned: the image of gateway pods, which holds this program (SWITCHYARD_GATEWAY_IMAGE).")
  var gatewayImage: String?

  @Option(
    help: "With --gateways hosted: addresses for the Gateways, a range FIRST-LAST, or one address that all share.")
  var gatewayAddresses = GatewayAddressOption.localRange

  @OptionGroup var cluster: ClusterOptions

  @OptionGroup var leader: LeaderOptions

  @Option(help: "Host of the admin server: metrics, probes, routing table.")
  var adminHost = "127.0.0.1"

  @Option(help: "Port of the admin server; 0 takes a free one.")
  var adminPort = 9090

  @OptionGroup var adminOptions: AdminOptions
  @OptionGroup var proxyOptions: ProxyOptions
  @OptionGroup var log: LogOptions
  @OptionGroup var accessLog: AccessLogOptions

  func validate() throws {
    try PortOption.check(adminPort, "--admin-port")
    _ = try hosting()
  }

  func run() async throws {
    try log.bootstrap()
    let logger = Logger(label: "switchyard")
    // The client's connection, and the one to the model server.
    DescriptorLimit.raise(descriptorsPerStream: 2, logger: logger)
    let transport = try CurlTransport()
    let client = APIClient(configuration: try cluster.configuration(), transport: transport)
    var options = GatewayProcess.Options(
      addresses: try AddressPolicy(gatewayAddresses),
      admin: AdminServer.Configuration(host: adminHost, port: adminPort, allowedHosts: try adminOptions.hosts()),
      privilegedPortOffset: PrivilegedPorts.offset(), proxy: try proxyOptions.configuration(),
      metricNames: try adminOptions.families(), lease: try leader.lease(in: client.configuration.namespace),
      accessLog: try accessLog.configuration())
    options.hosting = try hosting()
    if options.hosting != .hosted {
      options.addresses = nil
      options.admin.keepsToLoopback = true
    }
    let process = GatewayProcess(client: client, transport: transport, options: options, logger: logger)
    try await process.run(logger)
  }

  /// Who serves the Gateways.
  private func hosting() throws -> GatewayHosting {
    guard gateways ?? (cluster.isInCluster ? .provisioned : .hosted) == .provisioned else { return .hosted }
    let twin = try EnvironmentTwin("--gateway-image", gatewayImage, environment: ProcessInfo.processInfo.environment)
    guard let image = twin.value, !image.isEmpty else {
      throw ValidationError(
        "--gateways provisioned needs --gateway-image, or SWITCHYARD_GATEWAY_IMAGE: name the image of this program")
    }
    return .pods(GatewayPodOptions(image: image))
  }
}
