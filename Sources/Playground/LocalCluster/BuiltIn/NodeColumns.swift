import JSONText
import KubernetesAPI
import KubernetesSchema

/// The columns of `kubectl get nodes`.
///
/// Source: https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/printers/internalversion/printers.go (printNode)
enum NodeColumns {
  static let all: [PrinterColumn] = [
    .objectName,
    .text("Status", "Ready, NotReady or Unknown, and whether pods may be placed here.", status),
    .text("Roles", "What the node is for.", roles),
    .age.asText,
    PrinterColumn(
      name: "Version", type: "string", description: "The version of the node's kubelet.",
      source: .computed { node, _ in .string(node["status", "nodeInfo", "kubeletVersion"]?.stringValue ?? "") }),
    .text("Internal-IP", "The address inside the cluster.", priority: 1) { address("InternalIP", of: $0) },
    .text("External-IP", "The address outside the cluster.", priority: 1) { address("ExternalIP", of: $0) },
    info("OS-Image", "The operating system.", "osImage"),
    info("Kernel-Version", "The kernel's version.", "kernelVersion"),
    info("Container-Runtime", "What runs the containers.", "containerRuntimeVersion"),
  ]

  private static func info(_ name: String, _ description: String, _ field: String) -> PrinterColumn {
    .text(name, description, priority: 1) { node in
      let text = node["status", "nodeInfo", field]?.stringValue ?? ""
      return text.isEmpty ? "<unknown>" : text
    }
  }

  private static func status(_ node: JSONValue) -> String {
    let ready =
      switch PodColumns.condition("Ready", of: node) {
      case "True": "Ready"
      case .some: "NotReady"
      case nil: "Unknown"
      }
    return node["spec", "unschedulable"]?.boolValue == true ? ready + ",SchedulingDisabled" : ready
  }

  private static func roles(_ node: JSONValue) -> String? {
    let labels = node["metadata", "labels"]?.objectValue ?? [:]
    let prefix = "node-role.kubernetes.io/"
    var roles = Set(labels.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) })
    if let role = labels["kubernetes.io/role"]?.stringValue { roles.insert(role) }
    return roles.filter { !$0.isEmpty }.sorted().joined(separator: ",")
  }

  private static func address(_ type: String, of node: JSONValue) -> String? {
    let addresses = node["status", "addresses"]?.arrayValue ?? []
    return addresses.first { $0["type"]?.stringValue == type }?["address"]?.stringValue
  }
}
