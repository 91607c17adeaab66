import Foundation
import JSONText
import KubernetesAPI
import KubernetesClient
import KubernetesSchema
import LocalCluster
import TestSupport
import Testing

/// `switchyard controller` as a process of its own, against an API server that this test runs.
struct Controller {
  /// Every address of the run lies below: the admin server at NETWORK.1, the gateway at NETWORK.2, pods above.
  let network: String
  let client: APIClient
  let command: RunningCommand

  let adminAddress: String
  let kubeconfig: String

  var gatewayAddress: String { "\(network).2" }
  static let gatewayPort: UInt16 = 18080

  /// Makes an API server with our definitions and GatewayClass, and the objects of `manifests`; runs the program while
  /// `body` looks on, once it is ready. Then it must be told to stop, if `body` did not, and end in order.
  ///
  /// - Parameter options: what its command line has besides.
  static func run(
    _ manifests: String, options: [String] = [], _ body: (Controller) async throws -> Void
  ) async throws {
    try await withTemporaryPath { try await run(manifests, options: options, dataDirectory: $0, body) }
  }

  private static func run(
    _ manifests: String, options: [String], dataDirectory: String, _ body: (Controller) async throws -> Void
  ) async throws {
    let server = try LocalClusterServer(
      configuration: LocalClusterConfiguration(dataDirectory: dataDirectory, logger: quietLogger))
    for name in try FileManager.default.contentsOfDirectory(atPath: repository.appending(path: "crds").path).sorted()
    where name.hasSuffix(".yaml") {
      try apply(String(contentsOf: repository.appending(path: "crds/\(name)"), encoding: .utf8), to: server)
    }
    try apply(
      String(contentsOf: repository.appending(path: "manifests/install/gatewayclass.yaml"), encoding: .utf8),
      to: server)
    try apply(manifests, to: server)
    try await whileRunning(server.run) {
      try await server.waitUntilReady()
      let controller = try Controller(kubeconfig: server.kubeconfigPath, options: options)
      try await controller.untilReady()
      try await body(controller)
      if controller.command.isRunning { #expect(try await controller.stop().status == 0) }
    }
  }

  /// Runs another controller beside this one, for the same addresses, until `body` ends.
  func withRival(at place: Int, _ body: (Controller) async throws -> Void) async throws {
    let rival = try Controller(kubeconfig: kubeconfig, network: network, place: place)
    defer { if rival.command.isRunning { rival.command.signal(SIGKILL) } }
    try await rival.untilReady()
    try await body(rival)
  }

  private init(
    kubeconfig: String, network: String = randomLoopbackNetwork(), place: Int = 1, options: [String] = []
  ) throws {
    self.kubeconfig = kubeconfig
    self.network = network
    adminAddress = "\(network).\(place)"
    client = APIClient(
      configuration: try .load(kubeconfig: kubeconfig, environment: [:]), transport: try CurlTransport(),
      logger: quietLogger)
    command = try RunningCommand(
      Up.program, Self.arguments(network: network, place: place) + ["--kubeconfig", kubeconfig] + options)
  }

  /// The options of a controller that keeps to a network.
  static func arguments(network: String, place: Int = 1) -> [String] {
    ["controller", "--admin-host", "\(network).\(place)", "--gateway-addresses", "\(network).2"]
  }

  private static func apply(_ manifests: String, to server: LocalClusterServer) throws {
    for object in try yamlDocuments(manifests) { try server.apply(manifest: object) }
  }

  private func untilReady() async throws {
    do {
      try await eventually("switchyard controller is ready") {
        guard command.isRunning else { throw Failure("switchyard controller ended") }
        return try ask("/readyz")?.status == 200
      }
    } catch { throw Failure("\(error):\n\(command.output)\(command.errors)") }
  }

  /// What the admin server answers; `nil` while it does not listen.
  func ask(_ path: String) throws -> SocketClient.Answer? { try askAdmin(at: adminAddress, path) }

  /// SIGTERM, as a kubelet sends it, and the end.
  func stop() async throws -> CommandResult {
    command.signal(SIGTERM)
    return try await command.wait(30)
  }

  /// A request to the gateway for a completion of a model.
  ///
  /// - Parameter fields: lines of the head.
  func complete(_ model: String, _ fields: String...) throws -> SocketClient.Answer {
    let client = try SocketClient(port: Int(Self.gatewayPort), at: gatewayAddress)
    let body = #"{"model":"\#(model)","prompt":"Hello","max_tokens":3}"#
    try client.send("POST", "/v1/completions", body: body, fields: fields)
    return try client.receive()
  }

  /// A GET through the gateway.
  func get(_ path: String) throws -> SocketClient.Answer {
    let client = try SocketClient(port: Int(Self.gatewayPort), at: gatewayAddress)
    try client.send("GET", path)
    return try client.receive()
  }

  /// Waits until a condition of an object, or of its entry for our Gateway, is True.
  func condition(_ name: String, of type: ResourceType, _ object: String) async throws {
    try await eventually("\(type.kind) \(object): \(name) is True") {
      let status = try await client.get(type, name: object, namespace: type.namespaced ? "default" : nil)["status"]
      let conditions = status?["conditions"] ?? status?["parents"]?[0]?["conditions"]
      return (conditions?.arrayValue ?? []).contains {
        $0["type"]?.stringValue == name && $0["status"] == "True"
      }
    }
  }

  /// Reports a pod as a kubelet would: it runs at an address and is ready.
  func runPod(_ name: String, at address: String) async throws {
    _ = try await client.patch(
      Pod.type, name: name, namespace: "default", subresource: "status",
      patch: .merge([
        "status": [
          "phase": "Running", "podIP": .string(address), "podIPs": [["ip": .string(address)]],
          "conditions": [["type": "Ready", "status": "True"]],
        ]
      ]))
  }
}

/// What an admin server answers; `nil` while it does not listen.
func askAdmin(at address: String, _ path: String) throws -> SocketClient.Answer? {
  guard let probe = connectedSocket(to: 9090, at: address) else { return nil }
  close(probe)
  let client = try SocketClient(port: 9090, at: address)
  try client.send("GET", path)
  return try client.receive()
}
