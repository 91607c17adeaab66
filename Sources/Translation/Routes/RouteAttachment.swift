import KubernetesAPI
import Routing

/// What became of one `parentRef` of a route that names a Gateway of ours, or a ListenerSet of one.
struct RouteAttachment {
  let reference: ParentReference
  /// The place of the Gateway in the list of ours.
  let gateway: Int
  /// The host names that the route serves at each listener it is attached to, by the listener's place.
  var hostnames: [Int: [HostnamePattern?]] = [:]
  /// Why the route is attached nowhere.
  var problem: Finding?
}

/// Finds the listeners that each route is attached to.
struct RouteAttacher {
  let cluster: ClusterIndex
  let gateways: [OwnedGateway]

  /// One attachment for each `parentRef` that names a Gateway of ours or a ListenerSet of one, in the order of the references.
  func attachments(of route: RouteSource) -> [RouteAttachment] {
    route.parentRefs.enumerated().compactMap { index, reference in
      guard let parent = parent(reference, namespace: route.metadata.namespace) else { return nil }
      var attachment = attach(route, reference, parent)
      if let problem = attachment.problem, problem.reason != .noMatchingListenerHostname {
        attachment.problem = Finding(problem.reason, "spec.parentRefs[\(index)]: \(problem.message)")
      }
      return attachment
    }
  }

  private func parent(_ reference: ParentReference, namespace: String) -> RouteParent? {
    guard (reference.group ?? GatewayAPIName.group) == GatewayAPIName.group else { return nil }
    let key = ObjectKey(namespace: reference.namespace ?? namespace, name: reference.name)
    switch reference.kind ?? Gateway.type.kind {
    case Gateway.type.kind:
      return gateways.firstIndex { $0.key == key }.map { RouteParent(gateway: $0, set: nil) }
    case ListenerSet.type.kind:
      return gateways.firstIndex { $0.isNamed(by: key) }.map { RouteParent(gateway: $0, set: key) }
    default:
      return nil
    }
  }

  private func attach(_ route: RouteSource, _ reference: ParentReference, _ parent: RouteParent) -> RouteAttachment {
    var attachment = RouteAttachment(reference: reference, gateway: parent.gateway)
    let owned = gateways[parent.gateway]
    guard route.kind.isServed else {
      attachment.problem = Finding(.notAllowedByListeners, notServedMessage(route.kind, parent, owned))
      return attachment
    }
    let declared = owned.places(of: parent.set)
    let named = declared.filter { selects(reference, owned.listeners[$0]) }
    if named.isEmpty {
      attachment.problem = Finding(
        .noMatchingParent,
        declared.isEmpty ? notAttachedMessage(parent, owned) : noListenerMessage(reference, parent, owned))
      return attachment
    }
    let allowed = named.filter { allows(owned.listeners[$0], route) }
    if allowed.isEmpty {
      let reasons = named.map { whyNotAllowed(route, at: owned.listeners[$0]) }
      attachment.problem = Finding(
        .notAllowedByListeners,
        "no listener lets in this \(route.kind.rawValue) of namespace \(route.metadata.namespace): "
          + reasons.joined(separator: "; "))
      return attachment
    }
    let hostnames = route.hostnames.map { HostnamePattern($0) }
    for listener in allowed {
      let served = servedHostnames(listener: owned.listeners[listener].hostname, route: hostnames)
      if !served.isEmpty { attachment.hostnames[listener] = served }
    }
    attachment.problem = problem(of: attachment, allowed: allowed, route, parent)
    return attachment
  }

  private func selects(_ reference: ParentReference, _ listener: OwnedListener) -> Bool {
    (reference.sectionName ?? listener.spec.name) == listener.spec.name
      && (reference.port ?? listener.spec.port) == listener.spec.port
  }

  private func allows(_ listener: OwnedListener, _ route: RouteSource) -> Bool {
    listener.kinds.allows(route.kind)
      && Translation.allows(listener, routesFrom: route.metadata.namespace, in: cluster)
  }

  private func problem(
    of attachment: RouteAttachment, allowed: [Int], _ route: RouteSource, _ parent: RouteParent
  ) -> Finding? {
    let owned = gateways[parent.gateway]
    if attachment.hostnames.isEmpty {
      let names = allowed.compactMap { owned.listeners[$0].hostname?.text }.joined(separator: ", ")
      return Finding(
        .noMatchingListenerHostname,
        "spec.hostnames \(route.hostnames.joined(separator: ", ")) has nothing in common with the listeners' "
          + "\(names): correct one of them")
    }
    if attachment.hostnames.keys.contains(where: { owned.serves(owned.listeners[$0]) }) { return nil }
    let names = attachment.hostnames.keys.sorted().map { owned.listeners[$0].spec.name }.joined(separator: ", ")
    return Finding(
      .noMatchingParent,
      "\(parent.title(of: owned)) does not serve listener \(names): correct what its status says of that, or name another"
    )
  }
}

/// What a `parentRef` names of ours.
private struct RouteParent {
  /// The place of the Gateway in the list of ours.
  let gateway: Int
  /// The ListenerSet; `nil` where the Gateway itself is named.
  let set: ObjectKey?

  func title(of owned: OwnedGateway) -> String { set.map { "ListenerSet \($0)" } ?? "Gateway \(owned.key)" }
}

/// Said first of all: to name another listener would not help.
private func notServedMessage(_ kind: RouteKind, _ parent: RouteParent, _ owned: OwnedGateway) -> String {
  let served = RouteKind.allCases.filter(\.isServed).map(\.rawValue)
  return "no listener of \(parent.title(of: owned)) lets in this \(kind.rawValue), a kind that is not served: "
    + "use \(served.dropLast().joined(separator: ", ")) or \(served.last ?? "")"
}

private func notAttachedMessage(_ parent: RouteParent, _ owned: OwnedGateway) -> String {
  "\(parent.title(of: owned)) adds no listeners to Gateway \(owned.key): correct what its condition Accepted says, or name another"
}

private func noListenerMessage(_ reference: ParentReference, _ parent: RouteParent, _ owned: OwnedGateway) -> String {
  var wanted: [String] = []
  if let name = reference.sectionName { wanted.append("sectionName \(name)") }
  if let port = reference.port { wanted.append("port \(port)") }
  let present = owned.listeners(of: parent.set).map { "\($0.spec.name) (port \($0.spec.port))" }.joined(separator: ", ")
  return
    "\(wanted.joined(separator: " and ")) is of no listener of \(parent.title(of: owned)): "
    + "name one of \(present)"
}

private func whyNotAllowed(_ route: RouteSource, at listener: OwnedListener) -> String {
  let name = listener.spec.name
  if !RouteKind.kinds(ofProtocol: listener.spec.protocol).contains(route.kind) {
    return
      "listener \(name) is of protocol \(listener.spec.protocol), which takes no \(route.kind.rawValue): name another"
  }
  if !listener.kinds.allows(route.kind) {
    return "allowedRoutes.kinds of listener \(name) lacks \(route.kind.rawValue): add it, or name another listener"
  }
  let namespaces = "allowedRoutes.namespaces"
  if listener.spec.allowedRoutes?.namespaces?.from == "Selector" {
    return "\(namespaces).selector of listener \(name) does not take the labels of the namespace: change one of them"
  }
  let from = listener.spec.allowedRoutes?.namespaces?.from ?? "Same"
  return "\(namespaces).from of listener \(name) is \(from): change it to All, or to Selector with a selector"
}
