import Foundation
import JSONText
import KubernetesAPI
import TestSupport
import Testing

/// Clients that people use, as they come from PyPI, and what their libraries make of answers.
@Suite(.serialized, .timeLimit(.minutes(3)), .enabled(if: PythonClient.interpreter != nil, "no clients from PyPI"))
struct RealClientTests {
  @Test func theSDKOfOpenAI() async throws {
    let up = Up()
    try await up.start(["--max-request-body-bytes", "1000000"])
    let gateway = try await up.output("echo -n $GATEWAY")
    let seen = try await PythonClient.run("openai_client", [gateway])
    #expect(seen.contains("a prompt that is too large: ('APIStatusError', 413)"), "\(seen)")
    try await up.stopsCleanly()
  }

  @Test func theSDKOfOpenAIIsToldWhenAPoolIsFull() async throws {
    let model = try StagedModelServer()
    model.setWaiting(50)
    try await Controller.run(Manifests.gateway + Manifests.pool(port: model.port)) { controller in
      try await controller.runPod("model", at: "127.0.0.1")
      try await eventually("the full queue is known") { try controller.complete("minor").status == 429 }
      let url = "http://\(controller.gatewayAddress):\(Controller.gatewayPort)"
      let seen = try await PythonClient.run("openai_client", ["-", url])
      #expect(seen.contains("a pool that is full: ('RateLimitError', 429)"), "\(seen)")
    }
  }

  /// HTTP/2 on both sides, through a GRPCRoute.
  @Test func gRPC() async throws {
    let server = try await PythonClient.serve("grpc_peers")
    let service = Self.service("orders", server.port, "kubernetes.io/h2c")
    try await Controller.run(Manifests.gateway + Self.grpcRoute + service) {
      try await $0.condition("Accepted", of: GRPCRoute.type, "orders")
      try await $0.condition("ResolvedRefs", of: GRPCRoute.type, "orders")
      let address = "\($0.gatewayAddress):\(Controller.gatewayPort)"
      let seen = try await PythonClient.run("grpc_peers", ["ask", address])
      #expect(seen.contains("their trailer: 3") && seen.contains("no route: StatusCode.UNIMPLEMENTED"), "\(seen)")
    }
    #expect(server.command.isRunning)
  }

  @Test(.enabled(if: isInstalled("openssl"))) func webSocket() async throws {
    try await withTemporaryPath { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let made = try await shell(
        "cd \(folder) && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
          + "-subj /CN=models.example.com -addext subjectAltName=DNS:models.example.com -keyout tls.key -out tls.crt")
      #expect(made.status == 0, "\(made.errors)")
      let server = try await PythonClient.serve("websocket_peers")
      let service = Self.service("socket", server.port)
      try await Controller.run(try Self.secret(folder) + Self.secureGateway + Self.socketRoute + service) {
        try await $0.condition("Accepted", of: HTTPRoute.type, "socket")
        try await $0.condition("Programmed", of: Gateway.type, "inference-gateway")
        let address = $0.gatewayAddress
        for (port, authority) in [("18080", []), ("18443", ["\(folder)/tls.crt"])] {
          let seen = try await PythonClient.run("websocket_peers", ["ask", address, port] + authority)
          #expect(seen.contains("a text: cba") && seen.contains("the end: 1000"), "\(seen)")
        }
      }
      #expect(server.command.isRunning)
    }
  }

  private static func secret(_ folder: String) throws -> String {
    let files = try ["tls.crt", "tls.key"].map { name in
      "\(name): \(try Data(contentsOf: URL(filePath: "\(folder)/\(name)")).base64EncodedString())"
    }
    return """
      apiVersion: v1
      kind: Secret
      metadata: {name: models, namespace: default}
      type: kubernetes.io/tls
      data: {\(files.joined(separator: ", "))}
      ---

      """
  }

  private static let secureGateway = """
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: default}
    spec:
      gatewayClassName: switchyard
      listeners:
      - {name: http, protocol: HTTP, port: 18080}
      - {name: https, protocol: HTTPS, port: 18443, tls: {certificateRefs: [{name: models}]}}

    """

  private static let socketRoute = """
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: socket, namespace: default}
    spec:
      parentRefs: [{name: inference-gateway}]
      rules: [{matches: [{path: {value: /socket}}], backendRefs: [{name: socket, port: 80}]}]

    """

  private static let grpcRoute = """
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: GRPCRoute
    metadata: {name: orders, namespace: default}
    spec:
      parentRefs: [{name: inference-gateway}]
      rules: [{matches: [{method: {service: shop.Orders}}], backendRefs: [{name: orders, port: 80}]}]

    """

  /// A Service whose endpoint is at 127.0.0.1.
  private static func service(_ name: String, _ port: UInt16, _ appProtocol: String? = nil) -> String {
    let spoken = appProtocol.map { ", appProtocol: \($0)" } ?? ""
    return """
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: \(name), namespace: default}
      spec: {ports: [{name: main, port: 80\(spoken)}]}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: \(name)-1, namespace: default, labels: {kubernetes.io/service-name: \(name)}}
      addressType: IPv4
      endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}}]
      ports: [{name: main, port: \(port), protocol: TCP\(spoken)}]

      """
  }
}
