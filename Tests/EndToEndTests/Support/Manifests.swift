/// Manifests for `switchyard controller`.
enum Manifests {
  static let gateway = """
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: default}
    spec:
      gatewayClassName: switchyard
      listeners: [{name: http, protocol: HTTP, port: 18080}]

    """

  /// A pool of one pod with two models: `important` is Critical, `minor` Sheddable.
  static func pool(port: UInt16) -> String {
    """
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: model, namespace: default, labels: {app: busy}}
    spec: {containers: [{name: vllm, image: vllm}]}
    ---
    apiVersion: inference.networking.k8s.io/v1
    kind: InferencePool
    metadata: {name: busy, namespace: default}
    spec:
      selector: {matchLabels: {app: busy}}
      targetPorts: [{number: \(port)}]
    \(model("important", "Critical"))
    \(model("minor", "Sheddable"))
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: to-pool, namespace: default}
    spec:
      parentRefs: [{name: inference-gateway}]
      rules:
      - matches:
        - headers: [{name: X-Gateway-Model-Name, value: important}]
        - headers: [{name: X-Gateway-Model-Name, value: minor}]
        backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: busy}]

    """
  }

  /// What else is said of the requests of the pool `busy`: two priorities, and another name for `minor`.
  static let treatment = """
    ---
    apiVersion: llm-d.ai/v1alpha2
    kind: InferenceObjective
    metadata: {name: vip, namespace: default}
    spec: {priority: 100, poolRef: {name: busy}}
    ---
    apiVersion: inference.networking.x-k8s.io/v1alpha2
    kind: InferenceObjective
    metadata: {name: batch, namespace: default}
    spec: {priority: -1, poolRef: {name: busy}}
    ---
    apiVersion: llm-d.ai/v1alpha2
    kind: InferenceModelRewrite
    metadata: {name: minor-v2, namespace: default}
    spec:
      poolRef: {name: busy}
      rules:
      - matches: [{model: {value: minor}}]
        targets: [{modelRewrite: minor-v2}]

    """

  private static func model(_ name: String, _ criticality: String) -> String {
    """
    ---
    apiVersion: inference.networking.x-k8s.io/v1alpha2
    kind: InferenceModel
    metadata: {name: \(name), namespace: default}
    spec:
      modelName: \(name)
      criticality: \(criticality)
      poolRef: {group: inference.networking.k8s.io, name: busy}
    """
  }

  /// A Service without a selector, its EndpointSlice at 127.0.0.1, and a route below `/plain`.
  static func service(port: UInt16) -> String {
    """
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: plain, namespace: default}
    spec: {ports: [{name: http, port: 80}]}
    ---
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: plain-1, namespace: default, labels: {kubernetes.io/service-name: plain}}
    addressType: IPv4
    endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}}]
    ports: [{name: http, port: \(port), protocol: TCP}]
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: to-service, namespace: default}
    spec:
      parentRefs: [{name: inference-gateway}]
      rules:
      - matches: [{path: {type: PathPrefix, value: /plain}}]
        backendRefs: [{name: plain, port: 80}]

    """
  }

  /// A kubeconfig for a server without TLS.
  static func kubeconfig(_ url: String) -> String {
    """
    apiVersion: v1
    kind: Config
    current-context: test
    contexts: [{name: test, context: {cluster: test, user: test}}]
    clusters: [{name: test, cluster: {server: "\(url)"}}]
    users: [{name: test, user: {token: none}}]

    """
  }
}
