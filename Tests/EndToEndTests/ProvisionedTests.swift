import Foundation
import JSONText
import KubernetesAPI
import KubernetesClient
import TestSupport
import Testing

/// `switchyard controller --gateways provisioned`, and `switchyard gateway` as its pods run it.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ProvisionedTests {
  private static let options = ["--gateways", "provisioned", "--gateway-image", "switchyard:test"]
  private static let name = "inference-gateway-switchyard"
  /// A Gateway at two ports, one of them privileged.
  private static let gateway = """
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: default}
    spec:
      gatewayClassName: switchyard
      infrastructure: {labels: {team: a}}
      listeners: [{name: http, protocol: HTTP, port: 80}, {name: high, protocol: HTTP, port: 18080}]

    """

  /// From a Gateway to objects, from their state to its status, and from a pod of them to answers; told to stop, the pod takes
  /// connections for a while yet.
  @Test func aGatewayIsServedByItsPods() async throws {
    let service = try TinyServer { request, connection in connection.answer("200 OK", body: "at \(request.target)") }
    try await Controller.run(Self.gateway + Manifests.service(port: service.port), options: Self.options) {
      controller in
      let deployment = try await Self.made(Deployment.type, controller)
      #expect(deployment["metadata", "labels", "team"] == "a")
      let made = try await Self.made(Service.type, controller)
      let ports = made["spec", "ports"]?.arrayValue ?? []
      #expect(ports.map { $0["port"]?.integerValue } == [80, 18080])
      #expect(ports.map { $0["targetPort"]?.integerValue } == [21080, 18080])
      try await Self.reason("AddressNotAssigned", "NoResources", of: controller)
      #expect(connectedSocket(to: Controller.gatewayPort, at: controller.gatewayAddress) == nil, "it binds nothing")

      let pod = try GatewayPod(of: deployment, beside: controller)
      try await pod.untilReady()
      try await Self.run(controller)
      try await controller.condition("Programmed", of: Gateway.type, "inference-gateway")
      let status = try await controller.client.get(Gateway.type, name: "inference-gateway", namespace: "default")[
        "status"]
      #expect(status?["addresses"]?[0]?["value"] == "192.0.2.80")
      for port in [21080, 18080] { #expect(try pod.get(at: port)?.body == "at /plain") }

      let versions = try await Self.versions(controller)
      try await controller.client.delete(HTTPRoute.type, name: "to-service", namespace: "default")
      try await eventually("the pod follows the routes") { try pod.get(at: 18080)?.status == 404 }
      #expect(try await Self.versions(controller) == versions, "what is as it shall be is not written")

      pod.command.signal(SIGTERM)
      try await eventually("it says that it is not ready") { try pod.ask("/readyz")?.status == 503 }
      #expect(try pod.get(at: 18080)?.status == 404, "connections are taken until everybody has heard of it")
      #expect(try await pod.command.wait(15).status == 0)
    }
  }

  /// What a Gateway owns goes with it; what it cannot own, the operator removes.
  @Test func aGatewayThatGoesTakesAllWithIt() async throws {
    try await Controller.run(Self.gateway, options: Self.options) { controller in
      _ = try await Self.made(Deployment.type, controller)
      let binding = "switchyard-gateway:default:inference-gateway"
      try await eventually("the binding is there") {
        try await Self.found(ClusterRoleBinding.type, binding, nil, controller) != nil
      }
      try await controller.client.delete(Gateway.type, name: "inference-gateway", namespace: "default")
      try await eventually("the binding is gone") {
        try await Self.found(ClusterRoleBinding.type, binding, nil, controller) == nil
      }
      for type in [Deployment.type, Service.type, ServiceAccount.type, PodDisruptionBudget.type] {
        // One that goes before the operator hears of the Gateway may be made once more.
        try await eventually("\(type.kind) is gone") {
          try await Self.found(type, Self.name, "default", controller) == nil
        }
      }
    }
  }

  /// Parameters say how many pods there are; from when an autoscaler does, their number stays until it says another. A mistake changes
  /// nothing but the Gateway's status.
  @Test func parametersAreFollowed() async throws {
    let gateway = Self.gateway.replacing(
      "infrastructure: {labels: {team: a}}",
      with: #"infrastructure: {parametersRef: {group: "", kind: ConfigMap, name: parameters}}"#)
    let parameters = """
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: parameters, namespace: default}
      data: {switchyard.yaml: "gateway: {replicas: 3, service: {type: ClusterIP}}"}

      """
    try await Controller.run(gateway + parameters, options: Self.options) { controller in
      #expect(try await Self.made(Deployment.type, controller)["spec", "replicas"] == 3)
      #expect(try await Self.made(Service.type, controller)["spec", "type"] == "ClusterIP")
      try await Self.say("gateway: {autoscaling: {min: 2, max: 5}, service: {type: ClusterIP}}", controller)
      #expect(try await Self.made(HorizontalPodAutoscaler.type, controller)["spec", "maxReplicas"] == 5)
      try await eventually("the operator does not say how many any more") {
        let managers = try await Self.made(Deployment.type, controller)["metadata", "managedFields"]?.arrayValue ?? []
        let own = managers.first { $0["manager"] == "switchyard" }
        return own?["fieldsV1", "f:spec"] != nil && own?["fieldsV1", "f:spec", "f:replicas"] == nil
      }
      #expect(try await Self.made(Deployment.type, controller)["spec", "replicas"] == 3)

      let versions = try await Self.versions(controller)
      try await Self.say("gateway: {replicas: none}", controller)
      try await eventually("the Gateway says what is wrong") {
        let gateway = try await controller.client.get(Gateway.self, name: "inference-gateway", namespace: "default")
        let accepted = gateway.status?.conditions.first { $0.type == "Accepted" }
        return accepted?.reason == "InvalidParameters" && accepted?.message.contains("replicas none") == true
      }
      #expect(try await Self.versions(controller) == versions)
    }
  }

  private static func say(_ parameters: String, _ controller: Controller) async throws {
    _ = try await controller.client.patch(
      ConfigMap.type, name: "parameters", namespace: "default",
      patch: .merge(["data": ["switchyard.yaml": .string(parameters)]]))
  }

  /// An object of the same name is its owner's, and the Gateway says so.
  @Test func whatIsNotOursIsNotTaken() async throws {
    let foreign = """
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: \(Self.name), namespace: default, labels: {app: theirs}}
      spec: {ports: [{port: 1}]}

      """
    try await Controller.run(Self.gateway + foreign, options: Self.options) { controller in
      _ = try await Self.made(Deployment.type, controller)
      try await eventually("the Gateway says so") {
        let gateway = try await controller.client.get(Gateway.self, name: "inference-gateway", namespace: "default")
        let programmed = gateway.status?.conditions.first { $0.type == "Programmed" }
        return programmed?.message.contains("was not made by Switchyard") == true && programmed?.reason == "NoResources"
      }
      let service = try await controller.client.get(Service.self, name: Self.name, namespace: "default")
      #expect(service.metadata.labels == ["app": "theirs"] && service.spec?.ports.map(\.port) == [1])
    }
  }

  private static func found(
    _ type: ResourceType, _ name: String, _ namespace: String?, _ controller: Controller
  ) async throws -> JSONValue? {
    do { return try await controller.client.get(type, name: name, namespace: namespace) } catch APIError.notFound {
      return nil
    }
  }

  private static func made(_ type: ResourceType, _ controller: Controller) async throws -> JSONValue {
    try await eventually("\(type.kind) \(name) is there") {
      try await found(type, name, "default", controller) != nil
    }
    return try await controller.client.get(type, name: name, namespace: "default")
  }

  private static func reason(_ reasons: String..., of controller: Controller) async throws {
    try await eventually("the Gateway is not programmed, for \(reasons)") {
      let gateway = try await controller.client.get(Gateway.self, name: "inference-gateway", namespace: "default")
      let programmed = gateway.status?.conditions.first { $0.type == "Programmed" }
      return programmed?.status == "False" && reasons.contains(programmed?.reason ?? "")
    }
  }

  /// What the cluster's controllers would say once a pod is ready and a load balancer has an address.
  private static func run(_ controller: Controller) async throws {
    _ = try await controller.client.patch(
      Service.type, name: name, namespace: "default", subresource: "status",
      patch: .merge(["status": ["loadBalancer": ["ingress": [["ip": "192.0.2.80"]]]]]))
    _ = try await controller.client.patch(
      Deployment.type, name: name, namespace: "default", subresource: "status",
      patch: .merge(["status": ["readyReplicas": 1]]))
  }

  private static func versions(_ controller: Controller) async throws -> [String?] {
    var versions: [String?] = []
    for type in [Deployment.type, Service.type, ServiceAccount.type, PodDisruptionBudget.type] {
      let object = try await controller.client.get(type, name: name, namespace: "default")
      versions.append(object["metadata", "resourceVersion"]?.stringValue)
    }
    return versions
  }
}
