import JSONText
import KubernetesAPI
import KubernetesSchema

/// The core group: what pods, services and their neighbours look like to discovery and `kubectl get`.
enum CoreKinds {
  static let all = [
    kind("ConfigMap", "configmaps", ["cm"], columns: [dataCount(["data", "binaryData"])]),
    kind("Event", "events", ["ev"], columns: EventColumns.all, namesFirst: false),
    kind(
      "Namespace", "namespaces", ["ns"], namespaced: false, hasStatus: true,
      columns: [
        PrinterColumn(
          name: "Status", type: "string", description: "Active, or Terminating while its objects are being deleted.",
          source: .computed { object, _ in .string(object["status", "phase"]?.stringValue ?? "Active") })
      ]),
    kind("Node", "nodes", ["no"], namespaced: false, hasStatus: true, columns: NodeColumns.all, namesFirst: false),
    kind("Pod", "pods", ["po"], categories: ["all"], hasStatus: true, columns: PodColumns.all),
    kind(
      "Secret", "secrets", [],
      columns: [
        PrinterColumn(
          name: "Type", type: "string", description: "What the data is used for.",
          source: .computed { object, _ in .string(object["type"]?.stringValue ?? "Opaque") }),
        dataCount(["data"]),
      ]),
    kind("Service", "services", ["svc"], categories: ["all"], hasStatus: true, columns: ServiceColumns.all),
    kind("ServiceAccount", "serviceaccounts", ["sa"], columns: []),
  ]

  private static func kind(
    _ kind: String, _ plural: String, _ shortNames: [String], categories: [String] = [], namespaced: Bool = true,
    hasStatus: Bool = false, columns: [PrinterColumn], namesFirst: Bool = true
  ) -> ServedKind {
    // Columns with a priority come after AGE, as the real server has them.
    let shown = columns.filter { $0.priority == 0 }
    let wide = columns.filter { $0.priority > 0 }
    return ServedKind(
      group: "", version: "v1", kind: kind, listKind: kind + "List", plural: plural, singular: kind.lowercased(),
      shortNames: shortNames, categories: categories, namespaced: namespaced,
      verbs: kind == "Namespace" ? ServedKind.allVerbs.filter { $0 != "deletecollection" } : ServedKind.allVerbs,
      hasStatus: hasStatus, schema: nil,
      printerColumns: namesFirst ? [.objectName] + shown + [.age.asText] + wide : columns)
  }

  private static func dataCount(_ fields: [String]) -> PrinterColumn {
    PrinterColumn(
      name: "Data", type: "string", description: "The number of entries.",
      source: .computed { object, _ in
        .string(String(fields.map { object[$0]?.objectValue?.count ?? 0 }.reduce(0, +)))
      })
  }
}

extension PrinterColumn {
  /// Core kinds show ages as text, custom resources as dates.
  var asText: PrinterColumn {
    var column = self
    column.type = "string"
    return column
  }

  /// A text column computed from an object; nothing to show is `<none>`.
  static func text(
    _ name: String, _ description: String, priority: Int = 0, _ compute: @escaping @Sendable (JSONValue) -> String?
  ) -> PrinterColumn {
    PrinterColumn(
      name: name, type: "string", description: description, priority: priority,
      source: .computed { object, _ in
        guard let text = compute(object), !text.isEmpty else { return "<none>" }
        return .string(text)
      })
  }
}
