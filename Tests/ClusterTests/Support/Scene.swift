import Certificates
import JSONText
import KubernetesAPI
import KubernetesClient
import ModelServer
import TestSupport

/// The guide's two pools and models behind one address, as objects of this run.
struct Scene: Sendable {
  let cluster: Cluster
  /// Every address of the run lies here; nothing else on this machine uses it.
  let network: String
  static let gatewayPort = 18080
  static let modelPort = 18000

  init(cluster: Cluster) {
    self.cluster = cluster
    network = randomLoopbackNetwork()
  }

  var gatewayAddress: String { "\(network).1" }
  /// A pod of each pool: name, application, last byte of its address.
  static let pods = [("gemma3-0", "gemma3", 11), ("deepseek-r1-0", "deepseek-r1", 12)]

  /// Simulated model servers where the pods' addresses are.
  var servers: [SimulatedModelServer] {
    Self.pods.map { name, application, host in
      SimulatedModelServer(
        ModelServerConfiguration(
          host: "\(network).\(host)", port: Self.modelPort, servedModelNames: ["chatbot", "recommender", "elder"],
          podName: name), logger: cluster.logger)
    }
  }

  /// Makes everything; the cluster-scoped objects carry the namespace's name.
  func make() async throws {
    try await cluster.apply(
      Node.type, cluster.namespace, ["metadata": ["labels": ["nvidia.com/gpu.product": "NVIDIA-H100"]]])
    for (name, application, host) in Self.pods { try await makePod(name, application, host) }
    try await makeGateway("inference-gateway", port: Self.gatewayPort)
    for pool in ["gemma3", "deepseek-r1"] { try await makePool(pool) }
    try await makeModel("chatbot", of: "gemma3", criticality: "Critical")
    try await makeModel("recommender", of: "deepseek-r1", criticality: "Sheddable")
    try await makeRoute(["chatbot": "gemma3", "recommender": "deepseek-r1"])
  }

  /// A Gateway with one listener, and its class.
  func makeGateway(_ name: String, port: Int) async throws {
    try await cluster.apply(
      GatewayClass.type, cluster.namespace,
      ["spec": ["controllerName": .string(RunningOperator.controllerName(cluster))]])
    try await cluster.apply(
      Gateway.type, name,
      [
        "spec": [
          "gatewayClassName": .string(cluster.namespace),
          "listeners": [["name": "http", "protocol": "HTTP", "port": .integer(Int64(port))]],
        ]
      ])
  }

  /// A Gateway of the same class with a listener of HTTPS, whose certificate is in the Secret NAME-tls.
  func makeSecureGateway(_ name: String) async throws {
    try await cluster.apply(
      Gateway.type, name,
      [
        "spec": [
          "gatewayClassName": .string(cluster.namespace),
          "listeners": [
            [
              "name": "https", "protocol": "HTTPS", "port": 18443,
              "tls": ["certificateRefs": [["name": .string("\(name)-tls")]]],
            ]
          ],
        ]
      ])
  }

  func makeCertificate(_ name: String) async throws {
    let made = try IssuedCertificates.make(authority: "the story's", days: 1)
    try await cluster.apply(
      Secret.type, name,
      [
        "type": "kubernetes.io/tls",
        "stringData": ["tls.crt": .string(made.server), "tls.key": .string(made.serverKey)],
      ])
  }

  func makePool(_ name: String) async throws {
    try await cluster.apply(
      InferencePool.type, name,
      [
        "spec": [
          "selector": ["matchLabels": ["app": .string(name)]],
          "targetPorts": [["number": .integer(Int64(Self.modelPort))]],
        ]
      ])
  }

  /// A pool of v1alpha2, where a picker must be named, over the pods of another.
  func makeOldPool(over application: String) async throws {
    try await cluster.apply(
      KubernetesAPI.Service.type, "picker", ["spec": ["ports": [["name": "grpc", "port": 9002]]]])
    try await cluster.apply(
      InferencePoolV1Alpha2.type, Self.oldPool,
      [
        "spec": [
          "selector": ["app": .string(application)], "targetPortNumber": .integer(Int64(Self.modelPort)),
          // Nobody is behind the Service: the gateway picks.
          "extensionRef": ["name": "picker", "failureMode": "FailOpen"],
        ]
      ])
  }
  static let oldPool = "elder"

  /// Asks for TLS with the endpoints of a pool, signed by authorities of a ConfigMap.
  func makeBackendTLSPolicy(_ name: String, for pool: String, authorities: String) async throws {
    try await cluster.apply(
      BackendTLSPolicy.type, name,
      [
        "spec": [
          "targetRefs": [
            ["group": .string(InferencePool.type.group), "kind": "InferencePool", "name": .string(pool)]
          ],
          "validation": [
            "hostname": "models.example",
            "caCertificateRefs": [["group": "", "kind": "ConfigMap", "name": .string(authorities)]],
          ],
        ]
      ])
  }

  func makeModel(
    _ name: String, of pool: String, modelName: String? = nil, criticality: String = "Standard"
  ) async throws {
    try await cluster.apply(
      InferenceModel.type, name,
      [
        "spec": [
          "modelName": .string(modelName ?? name), "criticality": .string(criticality),
          "poolRef": ["group": "inference.networking.k8s.io", "name": .string(pool)],
        ]
      ])
  }

  /// One route that sends each model name to its pool.
  func makeRoute(_ pools: [String: String]) async throws {
    let rules = pools.sorted { $0.key < $1.key }.map { model, pool -> JSONValue in
      [
        "matches": [["headers": [["name": "X-Gateway-Model-Name", "value": .string(model)]]]],
        "backendRefs": [
          ["group": .string(Self.group(of: pool)), "kind": "InferencePool", "name": .string(pool)]
        ],
      ]
    }
    try await cluster.apply(
      HTTPRoute.type, "routes-to-llms",
      ["spec": ["parentRefs": [["name": "inference-gateway"]], "rules": .array(rules)]])
  }

  private static func group(of pool: String) -> String {
    pool == oldPool ? InferencePoolV1Alpha2.type.group : InferencePool.type.group
  }

  func makePod(_ name: String, _ application: String, _ host: Int) async throws {
    try await cluster.apply(
      Pod.type, name,
      [
        "metadata": ["labels": ["app": .string(application)]],
        "spec": [
          "nodeName": .string(cluster.namespace), "automountServiceAccountToken": false,
          "containers": [["name": "vllm", "image": "vllm/vllm-openai"]],
        ],
      ])
    try await setPod(name, host: host, ready: true)
  }

  /// What a kubelet would report of a pod.
  @discardableResult
  func setPod(_ name: String, host: Int, ready: Bool) async throws -> JSONValue {
    let address = JSONValue.string("\(network).\(host)")
    let condition: JSONValue = ["type": "Ready", "status": ready ? "True" : "False"]
    return try await cluster.client.patch(
      Pod.type, name: name, namespace: cluster.namespace, subresource: "status",
      patch: .merge([
        "status": [
          "phase": "Running", "podIP": address, "podIPs": [["ip": address]], "conditions": [condition],
        ]
      ]))
  }
}
