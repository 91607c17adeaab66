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
    route.parentRefs.compactMap { reference in
      guard let parent = parent(reference, namespace: route.metadata.namespace) else { return nil }
      return attach(route, reference, parent)
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
      attachment.problem = Finding(.notAllowedByListeners, notAllowedMessage(route, named.map { owned.listeners[$0] }))
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
    return Finding(
      .noMatchingParent,
      "\(parent.title(of: owned)) serves none of the listeners that the route may attach to: its status says why")
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

private func notAttachedMessage(_ parent: RouteParent, _ owned: OwnedGateway) -> String {
  "\(parent.title(of: owned)) adds no listeners to Gateway \(owned.key): its condition Accepted says why"
}

private func noListenerMessage(_ reference: ParentReference, _ parent: RouteParent, _ owned: OwnedGateway) -> String {
  var wanted: [String] = []
  if let name = reference.sectionName { wanted.append("sectionName \(name)") }
  if let port = reference.port { wanted.append("port \(port)") }
  let present = owned.listeners(of: parent.set).map { "\($0.spec.name) (port \($0.spec.port))" }.joined(separator: ", ")
  return
    "spec.parentRefs names \(wanted.joined(separator: " and ")), but \(parent.title(of: owned)) has no such listener: "
    + "name one of \(present)"
}

private func notAllowedMessage(_ route: RouteSource, _ listeners: [OwnedListener]) -> String {
  let reasons = listeners.map { listener in
    let from = listener.spec.allowedRoutes?.namespaces?.from ?? "Same"
    return !listener.kinds.allows(route.kind)
      ? "listener \(listener.spec.name) of protocol \(listener.spec.protocol) does not allow kind \(route.kind.rawValue)"
      : "listener \(listener.spec.name) allows routes from namespaces: \(from)"
  }
  return "a route of namespace \(route.metadata.namespace) is not allowed: " + reasons.joined(separator: "; ")
    + ": change the listener's allowedRoutes"
}
