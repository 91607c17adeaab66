import JSONText
import KubernetesAPI
import KubernetesSchema

/// Kinds of Kubernetes' own groups other than core.
enum SystemKinds {
  static let all =
    [
      ServedKind(
        group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition",
        listKind: "CustomResourceDefinitionList", plural: "customresourcedefinitions",
        singular: "customresourcedefinition", shortNames: ["crd", "crds"], categories: ["api-extensions"],
        namespaced: false, hasStatus: true, schema: nil,
        printerColumns: [
          .objectName,
          PrinterColumn(
            name: "Created At", type: "date", description: "When the server created the object.",
            source: .computed { object, _ in object["metadata", "creationTimestamp"] ?? .null }),
        ]),
      ServedKind(
        group: "coordination.k8s.io", version: "v1", kind: "Lease", listKind: "LeaseList", plural: "leases",
        singular: "lease", namespaced: true, hasStatus: false, schema: nil,
        printerColumns: [
          .objectName,
          PrinterColumn(
            name: "Holder", type: "string", description: "Who holds the lease.",
            source: .computed { lease, _ in .string(lease["spec", "holderIdentity"]?.stringValue ?? "") }),
          .age.asText,
        ]),
      ServedKind(
        group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice", listKind: "EndpointSliceList",
        plural: "endpointslices", singular: "endpointslice", namespaced: true, hasStatus: false, schema: nil,
        printerColumns: [.objectName] + endpointSliceColumns + [.age.asText]),
    ] + ofGateways

  /// What an operator makes for Gateways. Nothing here acts on them: they are kept, and go with their owners.
  private static let ofGateways = [
    stored("apps", "v1", "Deployment", "deployments", ["deploy"], hasStatus: true),
    stored("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", ["pdb"], hasStatus: true),
    stored("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", ["hpa"], hasStatus: true),
    stored(rbac, "v1", "Role", "roles"), stored(rbac, "v1", "RoleBinding", "rolebindings"),
    stored(rbac, "v1", "ClusterRole", "clusterroles", namespaced: false),
    stored(rbac, "v1", "ClusterRoleBinding", "clusterrolebindings", namespaced: false),
  ]

  private static let rbac = "rbac.authorization.k8s.io"

  private static func stored(
    _ group: String, _ version: String, _ kind: String, _ plural: String, _ shortNames: [String] = [],
    namespaced: Bool = true, hasStatus: Bool = false
  ) -> ServedKind {
    ServedKind(
      group: group, version: version, kind: kind, listKind: kind + "List", plural: plural, singular: kind.lowercased(),
      shortNames: shortNames, namespaced: namespaced, hasStatus: hasStatus, schema: nil,
      printerColumns: [.objectName, .age.asText])
  }

  private static let endpointSliceColumns: [PrinterColumn] = [
    .text("AddressType", "IPv4, IPv6 or FQDN.") { $0["addressType"]?.stringValue },
    PrinterColumn(
      name: "Ports", type: "string", description: "The ports of every endpoint.",
      source: .computed { slice, _ in
        let ports = (slice["ports"]?.arrayValue ?? []).map { $0["port"]?.display ?? "*" }
        return .string(ports.isEmpty ? "<unset>" : shortened(ports))
      }),
    PrinterColumn(
      name: "Endpoints", type: "string", description: "The endpoints' addresses.",
      source: .computed { slice, _ in
        let addresses = (slice["endpoints"]?.arrayValue ?? []).flatMap { $0["addresses"]?.stringValues ?? [] }
        return .string(addresses.isEmpty ? "<unset>" : shortened(addresses))
      }),
  ]

  /// The first three, and how many more there are.
  private static func shortened(_ texts: [String]) -> String {
    let first = texts.prefix(3).joined(separator: ",")
    return texts.count > 3 ? "\(first) + \(texts.count - 3) more..." : first
  }
}
