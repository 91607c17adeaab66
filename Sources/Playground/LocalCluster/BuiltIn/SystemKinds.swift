import JSONText
import KubernetesAPI
import KubernetesSchema

/// Kinds of Kubernetes' own groups other than core.
enum SystemKinds {
  static let all = [
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
  ]

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
