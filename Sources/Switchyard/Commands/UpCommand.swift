import ArgumentParser
import ControlPlane
import Descriptors
import Foundation
import LocalCluster
import Logging
import Manifests
import Observability
import Playground
import ServiceLifecycle

/// `switchyard up`: everything on one machine.
struct UpCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up",
    abstract: "Runs everything on this machine: a local cluster, model servers, the operator, the gateway.")

  @Option(help: "The state folder.") var dataDir = ".switchyard"
  @Option(help: "The folder with the CustomResourceDefinitions.") var crds = "crds"
  @Option(
    help: "Manifests to start from: a file or a folder. Objects that are there already are brought to what they say.")
  var manifests = "manifests/examples/serve-multiple-models"
  @Option(help: "The manifest of the GatewayClass.") var install = "manifests/install/gatewayclass.yaml"
  @Option(
    name: .customLong("endpoint"),
    help: "POOL=ADDRESS:PORT: a model server of your own, instead of simulated ones; may be given several times.")
  var endpoints: [OwnServer] = []
  @Option(help: "Simulated model servers for each pool.") var replicas = 3
  @Option(help: "The first two numbers of the simulated pods' loopback addresses.") var podNetwork = "127.10"
  @Option(help: "Addresses for the Gateways: a range FIRST-LAST, or one address that all share.")
  var gatewayAddresses = GatewayAddressOption.localRange
  @Option(help: "Port of the Kubernetes API; 0 takes that of the last start, or a free one.") var apiPort = 0
  @Option(help: "Port of the admin server; 0 takes a free one.") var adminPort = 0
  @OptionGroup var adminOptions: AdminOptions
  @OptionGroup var proxyOptions: ProxyOptions
  @OptionGroup var log: LogOptions
  @OptionGroup var accessLog: AccessLogOptions

  func validate() throws {
    try PortOption.check(apiPort, "--api-port")
    try PortOption.check(adminPort, "--admin-port")
    if !(0...250).contains(replicas) { throw ValidationError("--replicas \(replicas): use 0 to 250") }
    let bytes = podNetwork.split(separator: ".").map { UInt8($0) }
    if bytes.count != 2 || bytes.contains(nil) || bytes.first != 127 {
      throw ValidationError("--pod-network '\(podNetwork)': use 127.N with N from 0 to 255")
    }
  }

  func run() async throws {
    try log.bootstrap(defaultLevel: .warning)
    let addresses = try AddressPolicy(gatewayAddresses)
    let objects = try ManifestFiles.read([crds, install, manifests])
    let folder = try StateFolder(dataDir)
    defer { folder.release() }
    let logger = Logger(label: "switchyard")
    DescriptorLimit.raise(descriptorsPerStream: LocalRun.descriptorsPerStream, logger: logger)
    let cluster = try LocalClusterServer(
      configuration: LocalClusterConfiguration(dataDirectory: folder.cluster, port: apiPort, logger: logger))
    Screen.say("starting the local cluster")
    try await LocalRun(
      cluster: cluster, folder: folder, objects: objects, addresses: addresses,
      plan: FleetPlan(
        replicas: replicas, network: podNetwork, ownServers: Dictionary(grouping: endpoints, by: \.pool)),
      admin: AdminServer.Configuration(port: adminPort, allowedHosts: try adminOptions.hosts()),
      proxy: try proxyOptions.configuration(), metricNames: try adminOptions.families(),
      accessLog: try accessLog.configuration(), logger: logger
    ).run()
  }
}

extension OwnServer: ExpressibleByArgument {}
