public import KubernetesAPI
import Routing

/// Finds our Gateways and what of their specs can be served, the oldest Gateway first.
func ownedGateways(_ cluster: ClusterIndex, _ certificates: CertificateResolver) -> [OwnedGateway] {
  markConflicts(cluster.gateways.map { ownedGateway($0, cluster, certificates) })
}

private func ownedGateway(
  _ gateway: Gateway, _ cluster: ClusterIndex, _ certificates: CertificateResolver
) -> OwnedGateway {
  let ofClass = cluster.classParameters[gateway.spec.gatewayClassName] ?? ParameterReading()
  let own = cluster.gatewayParameters[gateway.key] ?? ParameterReading()
  let proxied = ProxyProtocolAnnotation(gateway)
  let sets = cluster.listenerSets.all(of: gateway).map {
    OwnedListenerSet(set: $0, isAllowed: cluster.listenerSets.allows($0, at: gateway))
  }
  // Pods listen at all of their own, which are not those of the Gateway.
  let isHosted = cluster.hosting == .hosted && ofClass.problem == nil
  let addresses = isHosted ? cluster.gatewayAddresses[gateway.key] ?? [] : []
  return OwnedGateway(
    gateway: gateway, addresses: addresses,
    listeners: declaredListeners(of: gateway, sets).map { parent, listener in
      OwnedListener(
        listener, of: parent,
        security: listener.endsTLS ? certificates.security(of: listener, declaredBy: parent, in: gateway) : nil,
        addresses: addresses, failures: cluster.listenerFailures,
        expectsProxyHeader: proxied?.holds(at: listener.port) ?? false, hosting: cluster.hosting)
    },
    sets: sets,
    problem: ofClass.problem == nil ? own.problem ?? problem(of: gateway) : classProblem(of: gateway),
    clientCertificate: certificates.clientCertificate(of: gateway),
    classStanding: cluster.ownership.classStanding(of: gateway),
    reachability: reachability(of: gateway, at: addresses, cluster),
    parameters: own.parameters.filled(from: ofClass.parameters), waitsForParameters: own.isWaiting || ofClass.isWaiting)
}

/// `nil` in a gateway pod, which does not know how clients reach it.
private func reachability(
  of gateway: Gateway, at addresses: [String], _ cluster: ClusterIndex
) -> GatewayReachability? {
  switch cluster.hosting {
  case .hosted: GatewayReachability(hostedAt: addresses)
  case .pods: GatewayReachability(of: gateway, in: cluster)
  case .pod: nil
  }
}

/// A Gateway's own listeners, and behind them those of the ListenerSets that it allows.
private func declaredListeners(
  of gateway: Gateway, _ sets: [OwnedListenerSet]
) -> [(ListenerParent, GatewayListener)] {
  let own = gateway.spec.listeners.map { (ListenerParent(gateway), $0) }
  return own
    + sets.filter(\.isAllowed).flatMap { owned in
      owned.set.spec.listeners.map { (ListenerParent(owned.set), $0) }
    }
}

extension ClusterState {
  /// The Gateways that are ours and not of a class that is refused: only they need an address.
  public var servedGateways: [Gateway] {
    let ownership = GatewayOwnership(self)
    let refused = Set(gatewayClasses.filter { parameters(of: $0).problem != nil }.map(\.metadata.name))
    return gateways.filter { ownership.isOurs($0) && !refused.contains($0.spec.gatewayClassName) }
  }
}

private func classProblem(of gateway: Gateway) -> Finding {
  Finding(
    .invalidParameters,
    "GatewayClass \(gateway.spec.gatewayClassName) is not accepted: its condition Accepted says why")
}

private func problem(of gateway: Gateway) -> Finding? {
  let unsupported = gateway.spec.addresses.first { ($0.type ?? "IPAddress") != "IPAddress" }
  return unsupported.map {
    Finding(
      .unsupportedAddress,
      "spec.addresses asks for type \($0.type ?? "") \($0.value ?? ""), but only IPAddress is supported: "
        + "use an IP address, or remove the field to get one assigned")
  }
}
