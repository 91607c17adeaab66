import KubernetesAPI

/// The labels of every namespace.
struct NamespaceLabels {
  private let labels: [String: [String: String]]

  init(_ namespaces: [Namespace]) {
    labels = namespaces.reduce(into: [:]) { $0[$1.metadata.name] = $1.metadata.labels }
  }

  /// The API server labels each with its name; manifests on disk may lack the object.
  subscript(name: String) -> [String: String] {
    var found = labels[name] ?? [:]
    if found["kubernetes.io/metadata.name"] == nil { found["kubernetes.io/metadata.name"] = name }
    return found
  }
}
