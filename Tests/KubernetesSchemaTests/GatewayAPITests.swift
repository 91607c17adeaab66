import JSONText
import KubernetesAPI
import Testing

@testable import KubernetesSchema

struct GatewayAPITests {
  private func schema(_ kind: String) throws -> StructuralSchema {
    let served = try GatewayAPIDefinitions.kinds().first { $0.kind == kind }
    return try #require(served?.schema)
  }

  @Test func kindsAsDiscoveryListsThem() throws {
    let found = try GatewayAPIDefinitions.kinds().map { "\($0.apiVersion) \($0.plural) \($0.shortNames)" }
    #expect(found.contains("gateway.networking.k8s.io/v1 gatewayclasses [\"gc\"]"))
    #expect(found.contains("gateway.networking.k8s.io/v1 gateways [\"gtw\"]"))
    #expect(found.contains("gateway.networking.k8s.io/v1 listenersets [\"lset\"]"))
    #expect(found.contains("gateway.networking.k8s.io/v1 httproutes []"))
    #expect(found.contains("gateway.networking.k8s.io/v1 tcproutes []"))
    #expect(found.contains("gateway.networking.k8s.io/v1 udproutes []"))
    #expect(found.contains("gateway.networking.k8s.io/v1beta1 referencegrants [\"refgrant\"]"))
    #expect(found.contains("gateway.networking.k8s.io/v1 backendtlspolicies [\"btlspolicy\"]"))
  }

  @Test func routeDefaults() throws {
    let schema = try schema("HTTPRoute")
    var route = try SchemaSupport.value(
      """
      spec:
        parentRefs: [{name: inference-gateway}]
        rules:
        - backendRefs: [{name: gemma3, kind: InferencePool, group: inference.networking.k8s.io}]
        - matches: [{headers: [{name: X-Gateway-Model-Name, value: chatbot}]}]
      """)
    schema.applyDefaults(&route)
    #expect(
      route["spec", "parentRefs"] == [
        ["name": "inference-gateway", "group": "gateway.networking.k8s.io", "kind": "Gateway"]
      ])
    let rules = route["spec", "rules"]?.arrayValue ?? []
    #expect(rules.first?["matches"] == [["path": ["type": "PathPrefix", "value": "/"]]])
    #expect(rules.first?["backendRefs"]?.arrayValue?.first?["weight"] == 1)
    #expect(
      rules.last?["matches"]?.arrayValue?.first?["headers"]?.arrayValue?.first?["type"] == "Exact")
    #expect(schema.validate(route) == [])
  }

  /// The seed's own example names the pool's kind and leaves out its group: the core group by default, which the
  /// schema allows (there is no port rule for kinds other than Service).
  @Test func theSeedsRouteIsAccepted() throws {
    let schema = try schema("HTTPRoute")
    var route = try SchemaSupport.value(
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata:
        name: routes-to-llms
      spec:
        parentRefs:
        - name: inference-gateway
        rules:
        - matches:
          - headers:
            - type: Exact
              #Body-Based routing
              name: X-Gateway-Model-Name
              value: chatbot
            path:
              type: PathPrefix
              value: /
          backendRefs:
          - name: gemma3
            kind: InferencePool
        - matches:
          - headers:
            - type: Exact
              name: X-Gateway-Model-Name
              value: recommender
            path:
              type: PathPrefix
              value: /
          backendRefs:
          - name: deepseek-r1
            kind: InferencePool
      """)
    #expect(schema.prune(&route) == [])
    schema.applyDefaults(&route)
    #expect(schema.validate(route) == [])
  }

  @Test(arguments: [
    ("rules: [{backendRefs: [{name: svc}]}]", "Must have port for Service reference"),
    (
      "rules: [{matches: [{path: {type: Exact, value: a}}]}]",
      "value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']"
    ),
    (
      "rules: [{filters: [{type: RequestRedirect}]}]",
      "filter.requestRedirect must be specified for RequestRedirect filter.type"
    ),
    (
      "parentRefs: [{name: a}, {name: a}]",
      "sectionName must be unique when parentRefs includes 2 or more references to the same parent"
    ),
    (
      "rules: [{timeouts: {request: 1s, backendRequest: 2s}}]",
      "backendRequest timeout cannot be longer than request timeout"
    ),
  ])
  func routeRules(_ spec: String, _ message: String) throws {
    let schema = try schema("HTTPRoute")
    var route = try SchemaSupport.value("{spec: {\(spec)}}")
    schema.applyDefaults(&route)
    let errors = schema.validate(route)
    #expect(errors.map(\.message) == ["Invalid value: \(message)"])
  }

  @Test func listenerSetDefaultsAndRules() throws {
    let schema = try schema("ListenerSet")
    var set = try SchemaSupport.value(
      "{spec: {parentRef: {name: shared}, listeners: [{name: http, port: 80, protocol: HTTP}]}}")
    schema.applyDefaults(&set)
    #expect(schema.validate(set) == [])
    #expect(set["spec", "parentRef", "kind"] == "Gateway")
    #expect(set["spec", "listeners"]?.arrayValue?.first?["allowedRoutes", "namespaces", "from"] == "Same")
    #expect(set["status", "conditions"]?.arrayValue?.map { $0["reason"] } == ["Pending", "Pending"])
    let parentless = try SchemaSupport.value("{spec: {listeners: [{name: http, port: 0, protocol: HTTP}]}}")
    let missing = schema.validate(parentless).map(\.description)
    #expect(missing.contains { $0.contains("parentRef") } && missing.contains { $0.contains("port") })
    var twice = try SchemaSupport.value(
      "{spec: {parentRef: {name: a}, listeners: [{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTP}]}}"
    )
    schema.applyDefaults(&twice)
    #expect(
      schema.validate(twice).map(\.message) == [
        "Invalid value: Combination of port, protocol and hostname must be unique for each listener"
      ])
  }

  @Test(arguments: [
    ("wellKnownCACertificates: System", nil),
    ("caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]", nil),
    ("subjectAltNames: []", "must specify either CACertificateRefs or WellKnownCACertificates"),
    (
      "wellKnownCACertificates: System, caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]",
      "must not contain both CACertificateRefs and WellKnownCACertificates"
    ),
    (
      "wellKnownCACertificates: System, subjectAltNames: [{type: URI, hostname: a.example}]",
      "SubjectAltName element must not contain Hostname, if Type is not set to Hostname"
    ),
  ])
  func backendTLSRules(_ validation: String, _ message: String?) throws {
    let schema = try schema("BackendTLSPolicy")
    var policy = try SchemaSupport.value(
      "{spec: {targetRefs: [{group: '', kind: Service, name: a}], validation: {hostname: a.example, \(validation)}}}")
    schema.applyDefaults(&policy)
    let errors = schema.validate(policy).map(\.message)
    #expect(message.map { message in errors.contains { $0.contains(message) } } ?? errors.isEmpty, "\(errors)")
  }

  @Test func gatewayRules() throws {
    let schema = try schema("Gateway")
    var good = try SchemaSupport.value(
      "{spec: {gatewayClassName: switchyard, listeners: [{name: http, port: 80, protocol: HTTP}]}}")
    schema.applyDefaults(&good)
    #expect(schema.validate(good) == [])
    let listener = good["spec", "listeners"]?.arrayValue?.first
    #expect(listener?["allowedRoutes", "namespaces", "from"] == "Same")
    var twice = try SchemaSupport.value(
      """
      spec:
        gatewayClassName: switchyard
        listeners: [{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTP}]
      """)
    schema.applyDefaults(&twice)
    #expect(
      schema.validate(twice).map(\.message) == [
        "Invalid value: Combination of port, protocol and hostname must be unique for each listener"
      ])
  }
}
