import Glibc
import JSONText
import KubernetesAPI
import KubernetesClient
import TestSupport

/// What a Deployment's pod would run, as a process: this test is the kubelet and the controllers of the cluster.
struct GatewayPod {
  let controller: Controller
  let command: RunningCommand

  /// Where it takes traffic, and where its admin server answers.
  var address: String { "\(controller.network).2" }
  private var adminAddress: String { "\(controller.network).5" }

  /// Starts what the Deployment says, but for addresses and ports, which on one machine must be of the test's network.
  init(of deployment: JSONValue, beside controller: Controller) throws {
    let container = deployment["spec", "template", "spec", "containers"]?[0]
    guard let arguments = container?["args"]?.stringValues else { throw Failure("no arguments: \(deployment)") }
    self.controller = controller
    command = try RunningCommand(
      Up.program,
      arguments + [
        "--kubeconfig", controller.kubeconfig, "--bind-address", "\(controller.network).2", "--admin-host",
        "\(controller.network).5", "--admin-port", "9090", "--shutdown-delay", "2",
      ])
  }

  /// What its admin server answers; `nil` while it does not listen.
  func ask(_ path: String) throws -> SocketClient.Answer? { try askAdmin(at: adminAddress, path) }

  func untilReady() async throws {
    do {
      try await eventually("switchyard gateway is ready") {
        guard command.isRunning else { throw Failure("switchyard gateway ended") }
        return try ask("/readyz")?.status == 200
      }
    } catch { throw Failure("\(error):\n\(command.output)\(command.errors)") }
  }

  /// What `/plain` of the gateway answers; `nil` where nobody listens.
  func get(at port: Int) throws -> SocketClient.Answer? {
    guard let probe = connectedSocket(to: UInt16(port), at: address) else { return nil }
    close(probe)
    let client = try SocketClient(port: port, at: address)
    try client.send("GET", "/plain")
    return try client.receive()
  }
}
