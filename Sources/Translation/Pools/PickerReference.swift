import KubernetesAPI

/// `endpointPickerRef` of v1, or `extensionRef` of v1alpha2.
struct PickerReference {
  let field: String
  let group: String
  let kind: String
  let name: String
  let port: Int?
  let requiresPort: Bool

  /// What to do without a picker; v1alpha2 requires the field, so there it cannot be removed.
  private var cure: String {
    requiresPort
      ? "remove the field and let Switchyard pick the endpoints"
      : "make it an InferencePool of group \(InferencePool.type.group), where Switchyard picks if the field is left out"
  }

  /// All that is wrong with the reference, or `nil`.
  func problem(namespace: String, in cluster: ClusterIndex) -> Finding? {
    let messages = kind == "Service" && group.isEmpty ? serviceProblems(namespace, cluster) : [kindProblem]
    if messages.isEmpty { return nil }
    return Finding("InvalidExtensionRef", messages.joined(separator: "; "))
  }

  private var kindProblem: String {
    "\(field) names kind \(kind) of group \"\(group)\": use a Service (group \"\"), or \(cure)"
  }

  private func serviceProblems(_ namespace: String, _ cluster: ClusterIndex) -> [String] {
    var messages: [String] = []
    if requiresPort && port == nil { messages.append("\(field).port is required for a Service: set port.number") }
    let key = ObjectKey(namespace: namespace, name: name)
    guard let service = cluster.services[key] else {
      return messages + ["\(field) names Service \(key), which does not exist: create it, or \(cure)"]
    }
    if service.spec?.type == "ExternalName" {
      messages.append("\(field) names Service \(key) of type ExternalName: use one with endpoints")
    }
    // v1alpha2 lets the implementation infer a port that is not given: only a given one is checked.
    let ports = (service.spec?.ports ?? []).filter { ($0.protocol ?? "TCP") == "TCP" }.map(\.port)
    if let port, !ports.contains(port) {
      let choice = ports.map(String.init).joined(separator: ", ")
      messages.append("\(field) names port \(port), which is no TCP port of Service \(key): use one of \(choice)")
    }
    return messages
  }
}
