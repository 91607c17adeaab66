import KubernetesAPI
public import Translation

/// What manifests name but do not hold. In a cluster it may be there; in a dry run nothing would come of it, and nobody
/// would say why.
public struct ManifestGaps: Sendable, Equatable {
  /// A line for each gap, with its cure.
  public private(set) var notes: [String] = []
  /// The GatewayClasses that are missing and were taken as ours, by name.
  public private(set) var assumedClasses: Set<String> = []

  /// Finds the gaps of `state`, and fills in the GatewayClasses that are missing as ones of ours.
  public init(fillingIn state: inout ClusterState) {
    let classes = Dictionary(
      state.gatewayClasses.map { ($0.metadata.name, $0) }, uniquingKeysWith: { first, _ in first })
    for gateway in state.gateways.sorted(by: { $0.key < $1.key }) {
      note(gateway, of: classes[gateway.spec.gatewayClassName], controllerName: state.controllerName)
    }
    state.gatewayClasses += assumedClasses.sorted().map {
      GatewayClass(metadata: ObjectMeta(name: $0), spec: GatewayClassSpec(controllerName: state.controllerName))
    }
    note(state.certificateReferences, in: state)
    let parents = [
      Gateway.type.kind: Set(state.gateways.map(\.key)), ListenerSet.type.kind: Set(state.listenerSets.map(\.key)),
    ]
    for set in state.listenerSets.sorted(by: { $0.key < $1.key }) {
      note(ListenerSet.type.kind, set.key, set.spec.parentRef, field: "spec.parentRef", parents)
    }
    for route in state.httpRoutes.sorted(by: { $0.key < $1.key }) { note(route, parents) }
    for route in state.grpcRoutes.sorted(by: { $0.key < $1.key }) { note(route, parents) }
    for route in state.tlsRoutes.sorted(by: { $0.key < $1.key }) { note(route, parents) }
    for route in state.tcpRoutes.sorted(by: { $0.key < $1.key }) { note(route, parents) }
    for route in state.udpRoutes.sorted(by: { $0.key < $1.key }) { note(route, parents) }
  }

  private mutating func note(_ gateway: Gateway, of gatewayClass: GatewayClass?, controllerName: String) {
    let name = gateway.spec.gatewayClassName
    guard let gatewayClass else {
      assumedClasses.insert(name)
      notes.append(
        "Gateway \(gateway.key): GatewayClass \(name) is not among the manifests and is taken as one of Switchyard's: "
          + "add its manifest to be sure")
      return
    }
    if gatewayClass.spec.controllerName == controllerName { return }
    notes.append(
      "Gateway \(gateway.key): GatewayClass \(name) is of controller \(gatewayClass.spec.controllerName), so Switchyard "
        + "does not serve the Gateway: use a class of controller \(controllerName)")
  }

  private mutating func note(_ references: CertificateReferences, in state: ClusterState) {
    let missing =
      references.secrets.subtracting(state.secrets.found.keys).sorted().map { "Secret \($0)" }
      + references.authorities.subtracting(state.authorities.found.keys).sorted().map { "ConfigMap \($0)" }
    for object in missing {
      notes.append(
        "\(object): a Gateway or ListenerSet names it for TLS, but it is not among the manifests and is taken as missing: add its manifest, "
          + "or correct name or namespace")
    }
  }

  private mutating func note(_ route: some Route, _ parents: [String: Set<ObjectKey>]) {
    for (index, reference) in route.parentRefs.enumerated() {
      note(type(of: route).type.kind, route.key, reference, field: "spec.parentRefs[\(index)]", parents)
    }
  }

  private mutating func note(
    _ kind: String, _ object: ObjectKey, _ reference: ParentReference, field: String,
    _ parents: [String: Set<ObjectKey>]
  ) {
    let parent = reference.kind ?? Gateway.type.kind
    let key = ObjectKey(namespace: reference.namespace ?? object.namespace, name: reference.name)
    guard let known = parents[parent], !known.contains(key) else { return }
    notes.append(
      "\(kind) \(object): \(field) names \(parent) \(key), which is not among the manifests: add its manifest, or correct name "
        + "or namespace")
  }
}
