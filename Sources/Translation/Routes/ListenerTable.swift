import KubernetesAPI
import Routing

/// The listeners of the routing table, in the order in which a request tries them.
func tableListeners(
  _ gateways: [OwnedGateway], _ routes: ListenerRoutes, _ baseModels: BaseModels
) -> [Listener] {
  let listeners = gateways.enumerated().flatMap { gatewayIndex, owned in
    // Made once a Gateway, and shared by its listeners: there may be very many adapters.
    var names: [String: [String: String]] = [:]
    let callers = owned.trustedCallers?.callers ?? TrustedCallers()
    return owned.listeners.enumerated().filter { owned.serves($0.element) }.map { listenerIndex, listener in
      let rules = routes.tableRules(at: ListenerPlace(gateway: gatewayIndex, listener: listenerIndex))
      let namespaces = Set(rules.map(\.route.namespace))
      for namespace in namespaces where names[namespace] == nil {
        names[namespace] = baseModels.names(forRoutesOf: namespace, at: owned.key.namespace)
      }
      return Listener(
        gateway: owned.key.objectName, listenerSet: listener.parent.set?.objectName, name: listener.spec.name,
        addresses: owned.addresses, port: listener.spec.port, serving: listener.serving, hostname: listener.hostname,
        rules: rules,
        baseModels: names.filter { namespaces.contains($0.key) && !$0.value.isEmpty }, trustedCallers: callers,
        expectsProxyHeader: listener.expectsProxyHeader, clientCertificate: owned.clientCertificate?.name)
    }
  }
  return listeners.sorted(by: isBefore)
}

/// The routes that are accepted at each listener, in their order.
struct ListenerRoutes {
  let routes: [TranslatedRoute]
  private let attached: [ListenerPlace: [(route: Int, hostnames: [HostnamePattern?])]]

  init(_ routes: [TranslatedRoute]) {
    self.routes = routes
    var attached: [ListenerPlace: [(route: Int, hostnames: [HostnamePattern?])]] = [:]
    for (index, route) in routes.enumerated() {
      for attachment in route.attachments where route.isAccepted(attachment) {
        for (listener, hostnames) in attachment.hostnames {
          let place = ListenerPlace(gateway: attachment.gateway, listener: listener)
          // Two parentRefs may name one listener: the route is taken once.
          if attached[place]?.last?.route == index { continue }
          attached[place, default: []].append((index, hostnames))
        }
      }
    }
    self.attached = attached
  }

  /// How many routes are attached to each listener of a Gateway: only accepted ones, but at every listener that they may
  /// attach to, accepted or not.
  ///
  /// Source: `ListenerStatus.attachedRoutes`, Gateway API v1.
  func counts(at gateway: Int, _ owned: OwnedGateway) -> [Int] {
    owned.listeners.indices.map { attached[ListenerPlace(gateway: gateway, listener: $0)]?.count ?? 0 }
  }

  /// The rules of the table for a listener.
  fileprivate func tableRules(at place: ListenerPlace) -> [RouteRule] {
    let rules = (attached[place] ?? []).flatMap { routes[$0.route].tableRules(hostnames: $0.hostnames) }
    // Equal in precedence, they stay in the order they have: age of the routes, then names, then order inside the route.
    return RouteRule.sorted(rules)
  }
}

/// By Gateway and port, then the most specific host name first.
private func isBefore(_ left: Listener, _ right: Listener) -> Bool {
  if (left.gateway, left.port) != (right.gateway, right.port) {
    return (left.gateway, left.port) < (right.gateway, right.port)
  }
  if let hostname = left.hostname, hostname.isMoreSpecific(than: right.hostname) { return true }
  if let hostname = right.hostname, hostname.isMoreSpecific(than: left.hostname) { return false }
  return (left.hostname?.text ?? "", left.title) < (right.hostname?.text ?? "", right.title)
}
