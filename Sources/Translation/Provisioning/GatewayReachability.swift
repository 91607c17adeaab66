import KubernetesAPI
import Routing

/// Where clients reach a Gateway that pods serve, and whether any pod does.
struct GatewayReachability: Equatable {
  var addresses: [GatewayAddress] = []
  /// What is missing.
  var problem: Finding?
  /// What is well and worth telling.
  var note: String?

  /// How many addresses a Gateway's status takes (Gateway API v1).
  private static let mostAddresses = 16

  /// Of a Gateway at addresses of this process.
  init(hostedAt addresses: [String]) {
    self.addresses = addresses.map { GatewayAddress(type: "IPAddress", value: $0) }
  }

  init(of gateway: Gateway, in cluster: ClusterIndex) {
    let names = GatewayNames(gateway.metadata, className: gateway.spec.gatewayClassName)
    let failure = cluster.provisioningFailures[gateway.key]
    let service = cluster.services[names.key].flatMap { GatewayOwner($0.metadata) == names.owner ? $0 : nil }
    guard let service else {
      problem = Finding(
        failure == nil ? .addressNotAssigned : .noResources, failure ?? "Service \(names.key) is not made yet")
      return
    }
    addresses = Array(Self.addresses(of: service, cluster.gatewayPods[names.owner] ?? []).prefix(Self.mostAddresses))
    problem = podProblem(cluster.gatewayDeployments[names.key], names, failure)
    if problem == nil, addresses.isEmpty { problem = Self.addressProblem(of: service) }
    note = failure ?? Self.note(on: service)
  }

  private func podProblem(_ deployment: Deployment?, _ names: GatewayNames, _ failure: String?) -> Finding? {
    guard let deployment else {
      return Finding(.noResources, failure ?? "Deployment \(names.key) is not made yet")
    }
    if deployment.status?.readyReplicas ?? 0 > 0 { return nil }
    let reasons = (deployment.status?.conditions ?? []).filter {
      $0.status == ($0.type == "ReplicaFailure" ? "True" : "False")
    }.compactMap(\.message).filter { !$0.isEmpty }
    let message =
      "no pod of Deployment \(names.key) is ready\(reasons.isEmpty ? "" : " (\(unique(reasons).joined(separator: "; ")))"): "
      + "kubectl describe pods -n \(names.key.namespace) -l \(GatewayNames.Label.gateway)=\(names.gateway) says why"
    return Finding(.noResources, failure.map { "\(message); \($0)" } ?? message)
  }

  private static func addresses(of service: Service, _ pods: [Pod]) -> [GatewayAddress] {
    switch service.spec?.type {
    case "LoadBalancer":
      return (service.status?.loadBalancer?.ingress ?? []).compactMap { ingress in
        ingress.ip.map { GatewayAddress(type: "IPAddress", value: $0) }
          ?? ingress.hostname.map { GatewayAddress(type: "Hostname", value: $0) }
      }
    case "NodePort":
      // Any node would do. Those of the pods are known to be up, without a watch of all nodes' statuses.
      let nodes = Set(pods.filter(isReady).compactMap { $0.status?.hostIP })
      return nodes.sorted().map { GatewayAddress(type: "IPAddress", value: $0) }
    default:
      guard let address = service.spec?.clusterIP, !address.isEmpty, address != "None" else { return [] }
      return [GatewayAddress(type: "IPAddress", value: address)]
    }
  }

  private static func isReady(_ pod: Pod) -> Bool {
    pod.metadata.deletionTimestamp == nil
      && pod.status?.conditions.contains { $0.type == "Ready" && $0.status == "True" } == true
  }

  private static func addressProblem(of service: Service) -> Finding {
    let type = service.spec?.type ?? "ClusterIP"
    let cure =
      type == "LoadBalancer"
      ? "if it stays so, nobody in the cluster assigns any: install a load balancer, or set gateway.service.type to "
        + "NodePort or ClusterIP in what parametersRef names (docs/gateways.md)"
      : "kubectl describe service -n \(service.metadata.namespace) \(service.metadata.name) says why"
    return Finding(.addressNotAssigned, "Service \(service.key) of type \(type) has no address yet; \(cure)")
  }

  private static func note(on service: Service) -> String? {
    guard service.spec?.type == "NodePort" else { return nil }
    let ports = (service.spec?.ports ?? []).compactMap { port in port.nodePort.map { "\(port.port) is node port \($0)" }
    }
    return ports.isEmpty ? nil : "port \(ports.joined(separator: ", "))"
  }
}
