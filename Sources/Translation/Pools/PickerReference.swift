import KubernetesAPI
import Routing

/// `endpointPickerRef` of v1, or `extensionRef` of v1alpha2.
struct PickerReference {
  let field: String
  let group: String
  let kind: String
  let name: String
  let port: Int?
  let requiresPort: Bool
  let failureMode: String?

  /// The port of a Service that v1alpha2 lets people leave out.
  private static let inferredPort = 9002

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
    return Finding(.invalidExtensionRef, messages.joined(separator: "; "))
  }

  private var kindProblem: String {
    "\(field) names kind \(kind) of group \"\(group)\": use a Service (group \"\"), or \(cure)"
  }

  private func serviceProblems(_ namespace: String, _ cluster: ClusterIndex) -> [String] {
    var messages: [String] = []
    let key = ObjectKey(namespace: namespace, name: name)
    if requiresPort && port == nil { messages.append("\(field).port is required for Service \(key): set port.number") }
    guard let service = cluster.services[key] else {
      return messages + ["\(field) names Service \(key), which does not exist: create it, or \(cure)"]
    }
    if service.spec?.type == "ExternalName" {
      messages.append("\(field) names Service \(key) of type ExternalName: use one with endpoints")
    }
    let ports = Self.ports(of: service)
    let choice = ports.map { String($0.port) }.joined(separator: ", ")
    if let port, servicePort(of: service) == nil {
      messages.append("\(field) names port \(port), which is no TCP port of Service \(key): use one of \(choice)")
    } else if !requiresPort, port == nil, servicePort(of: service) == nil {
      messages.append(
        "\(field).portNumber is not given, and Service \(key) has no TCP port \(Self.inferredPort), which would be meant: "
          + "set it to one of \(choice)")
    }
    return messages
  }

  /// The picker that is meant, of a reference without a problem, and as its Service alone has it spoken to.
  func picker(namespace: String, in cluster: ClusterIndex) -> ExternalPicker? {
    let key = ObjectKey(namespace: namespace, name: name)
    guard problem(namespace: namespace, in: cluster) == nil, let service = cluster.services[key],
      let port = servicePort(of: service)
    else { return nil }
    return ExternalPicker(
      service: key.objectName, port: port.port,
      endpoints: cluster.members(ofService: key, port: port.port).ready.map(\.id),
      failureMode: failureMode == "FailOpen" ? .open : .close,
      transport: port.appProtocol == "kubernetes.io/h2c" ? .plain : .tls(nil))
  }

  private static func ports(of service: Service) -> [ServicePort] {
    (service.spec?.ports ?? []).filter { ($0.protocol ?? "TCP") == "TCP" }
  }

  /// The port that is meant. Without a name there is one choice where the Service has one port only.
  private func servicePort(of service: Service) -> ServicePort? {
    let ports = Self.ports(of: service)
    if let port { return ports.first { $0.port == port } }
    return ports.first { $0.port == Self.inferredPort } ?? (ports.count == 1 ? ports.first : nil)
  }
}
