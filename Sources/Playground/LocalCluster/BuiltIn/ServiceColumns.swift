import JSONText
import KubernetesAPI
import KubernetesSchema

/// The columns of `kubectl get services`.
///
/// Source: https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/printers/internalversion/printers.go (printService)
enum ServiceColumns {
  static let all: [PrinterColumn] = [
    .text("Type", "How the service is reached.") { $0.member("spec", "type")?.text ?? "ClusterIP" },
    .text("Cluster-IP", "The address inside the cluster.") { service in
      service.member("spec", "clusterIPs")?.texts.first ?? service.member("spec", "clusterIP")?.text
    },
    .text("External-IP", "Addresses outside the cluster.", externalAddresses),
    .text("Port(s)", "Ports, with a node's port after the colon.", ports),
    .text("Selector", "The labels of the pods behind the service.", priority: 1) { service in
      let labels = service.member("spec", "selector")?.members ?? [:]
      return labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.text ?? "")" }.joined(separator: ",")
    },
  ]

  private static func externalAddresses(_ service: JSONValue) -> String? {
    let listed = service.member("spec", "externalIPs")?.texts ?? []
    switch service.member("spec", "type")?.text {
    case "ExternalName": return service.member("spec", "externalName")?.text
    case "LoadBalancer":
      let entries = service.member("status", "loadBalancer", "ingress")?.elements ?? []
      let found = entries.compactMap { $0.member("ip")?.text ?? $0.member("hostname")?.text } + listed
      return found.isEmpty ? "<pending>" : found.joined(separator: ",")
    default: return listed.joined(separator: ",")
    }
  }

  private static func ports(_ service: JSONValue) -> String {
    let ports = service.member("spec", "ports")?.elements ?? []
    return ports.map { port in
      let number = port.member("port")?.display ?? ""
      let transport = port.member("protocol")?.text ?? "TCP"
      let node = port.member("nodePort")?.wholeNumber ?? 0
      return node > 0 ? "\(number):\(node)/\(transport)" : "\(number)/\(transport)"
    }.joined(separator: ",")
  }
}
