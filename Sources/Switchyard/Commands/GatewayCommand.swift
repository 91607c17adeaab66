import ArgumentParser
import DataPlane
import Descriptors
import Foundation
import KubernetesAPI
import KubernetesClient
import Logging
import Observability
import Operator
import Translation

/// `switchyard gateway`: serves one Gateway, as a pod that an operator with `--gateways provisioned` made.
struct GatewayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gateway",
    abstract: "Serves one Gateway: watches the cluster, takes traffic, and writes nothing.")

  @Option(help: "The Gateway to serve: NAMESPACE/NAME.")
  var gateway: GatewayName

  @OptionGroup var cluster: ClusterOptions

  @Option(
    help:
      """
      The address to listen on for traffic. By default all: those of IPv4, or of IPv6 where SWITCHYARD_POD_IP is one \
      (SWITCHYARD_BIND_ADDRESS).
      """)
  var bindAddress: String?

  @Option(
    help:
      "Seconds for which connections are still taken after the program was told to stop, and said that it is not ready. By default 5 (SWITCHYARD_SHUTDOWN_DELAY)."
  )
  var shutdownDelay: Int?

  @Option(
    help:
      """
      Host of the admin server; there, metrics and probes are answered to everybody, and all else on loopback. By default as \
      --bind-address (SWITCHYARD_ADMIN_HOST).
      """)
  var adminHost: String?

  @Option(help: "Port of the admin server; 0 takes a free one.")
  var adminPort = GatewayPorts.admin

  @OptionGroup var adminOptions: AdminOptions
  @OptionGroup var proxyOptions: ProxyOptions
  @OptionGroup var log: LogOptions
  @OptionGroup var accessLog: AccessLogOptions

  func validate() throws {
    try PortOption.check(adminPort, "--admin-port")
    _ = try shutdownSeconds()
  }

  func run() async throws {
    try log.bootstrap()
    let logger = Logger(label: "switchyard")
    // The client's connection, and the one to the model server.
    DescriptorLimit.raise(descriptorsPerStream: 2, logger: logger)
    let transport = try CurlTransport()
    let process = GatewayProcess(
      client: APIClient(configuration: try cluster.configuration(), transport: transport), transport: transport,
      options: try options(), logger: logger)
    try await process.run(logger)
  }

  private func options() throws -> GatewayProcess.Options {
    let environment = ProcessInfo.processInfo.environment
    let anyAddress = environment["SWITCHYARD_POD_IP"]?.contains(":") == true ? "::" : "0.0.0.0"
    let address = try EnvironmentTwin("--bind-address", bindAddress, environment: environment).value ?? anyAddress
    var proxy = try proxyOptions.configuration()
    proxy.bindAddress = address
    var options = GatewayProcess.Options(
      addresses: nil,
      admin: AdminServer.Configuration(
        host: try EnvironmentTwin("--admin-host", adminHost, environment: environment).value ?? address,
        port: adminPort, allowedHosts: try adminOptions.hosts(), keepsToLoopback: true),
      privilegedPortOffset: GatewayPorts.offset, proxy: proxy, metricNames: try adminOptions.families(),
      accessLog: try accessLog.configuration())
    options.hosting = .pod
    options.gateway = gateway.key
    options.shutdownDelay = .seconds(try shutdownSeconds())
    return options
  }

  private func shutdownSeconds() throws -> Int {
    let twin = try EnvironmentTwin(
      "--shutdown-delay", shutdownDelay, environment: ProcessInfo.processInfo.environment)
    let seconds = twin.value ?? 5
    guard (0...3600).contains(seconds) else {
      throw ValidationError("\(twin.source) \(seconds): give 0 to 3600 seconds")
    }
    return seconds
  }
}

/// A Gateway on the command line: `default/inference-gateway`.
struct GatewayName: ExpressibleByArgument {
  let key: ObjectKey

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    key = ObjectKey(namespace: parts[0], name: parts[1])
  }
}
