import JSONText
import KubernetesSchema

/// The columns of `kubectl get services`.
///
/// Source: https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/printers/internalversion/printers.go (printService)
enum ServiceColumns {
  static let all: [PrinterColumn] = [
    .text("Type", "How the service is reached.") { $0["spec", "type"]?.stringValue ?? "ClusterIP" },
    .text("Cluster-IP", "The address inside the cluster.") { service in
      service["spec", "clusterIPs"]?.stringValues?.first ?? service["spec", "clusterIP"]?.stringValue
    },
    .text("External-IP", "Addresses outside the cluster.", externalAddresses),
    .text("Port(s)", "Ports, with a node's port after the colon.", ports),
    .text("Selector", "The labels of the pods behind the service.", priority: 1) { service in
      let labels = service["spec", "selector"]?.objectValue ?? [:]
      return labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.stringValue ?? "")" }.joined(separator: ",")
    },
  ]

  private static func externalAddresses(_ service: JSONValue) -> String? {
    let listed = service["spec", "externalIPs"]?.stringValues ?? []
    switch service["spec", "type"]?.stringValue {
    case "ExternalName": return service["spec", "externalName"]?.stringValue
    case "LoadBalancer":
      let entries = service["status", "loadBalancer", "ingress"]?.arrayValue ?? []
      let found = entries.compactMap { $0["ip"]?.stringValue ?? $0["hostname"]?.stringValue } + listed
      return found.isEmpty ? "<pending>" : found.joined(separator: ",")
    default: return listed.joined(separator: ",")
    }
  }

  private static func ports(_ service: JSONValue) -> String {
    let ports = service["spec", "ports"]?.arrayValue ?? []
    return ports.map { port in
      let number = port["port"]?.display ?? ""
      let transport = port["protocol"]?.stringValue ?? "TCP"
      let node = port["nodePort"]?.integerValue ?? 0
      return node > 0 ? "\(number):\(node)/\(transport)" : "\(number)/\(transport)"
    }.joined(separator: ",")
  }
}
