import JSONText
public import KubernetesAPI
import Routing

/// Finds our Gateways and what of their specs can be served, the oldest Gateway first.
func ownedGateways(_ cluster: ClusterIndex, _ certificates: CertificateResolver) -> [OwnedGateway] {
  let refused = Set(cluster.gatewayClasses.filter { problem(of: $0) != nil }.map(\.metadata.name))
  let gateways = cluster.gateways.map { gateway in
    let isRefused = refused.contains(gateway.spec.gatewayClassName)
    let proxied = ProxyProtocolAnnotation(gateway)
    let sets = cluster.listenerSets.all(of: gateway).map {
      OwnedListenerSet(set: $0, isAllowed: cluster.listenerSets.allows($0, at: gateway))
    }
    let addresses = isRefused ? [] : cluster.gatewayAddresses[gateway.key] ?? []
    return OwnedGateway(
      gateway: gateway, addresses: addresses,
      listeners: declaredListeners(of: gateway, sets).map { parent, listener in
        OwnedListener(
          listener, of: parent,
          security: listener.endsTLS ? certificates.security(of: listener, declaredBy: parent, in: gateway) : nil,
          addresses: addresses, failures: cluster.listenerFailures,
          expectsProxyHeader: proxied?.holds(at: listener.port) ?? false)
      },
      sets: sets,
      problem: isRefused ? classProblem(of: gateway) : problem(of: gateway),
      clientCertificate: certificates.clientCertificate(of: gateway),
      classIsGone: cluster.ownership.controller(of: gateway) == nil)
  }
  return markConflicts(gateways)
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
    let refused = Set(gatewayClasses.filter { problem(of: $0) != nil }.map(\.metadata.name))
    return gateways.filter { ownership.isOurs($0) && !refused.contains($0.spec.gatewayClassName) }
  }
}

/// Why Gateways of the class are not served.
func problem(of gatewayClass: GatewayClass) -> Finding? {
  gatewayClass.spec.parametersRef.map {
    Finding(
      .invalidParameters,
      "spec.parametersRef names \($0.kind) \($0.name), but Switchyard takes no parameters: remove the field")
  }
}

private func classProblem(of gateway: Gateway) -> Finding {
  Finding(
    .invalidParameters,
    "GatewayClass \(gateway.spec.gatewayClassName) is not accepted: its condition Accepted says why")
}

private func problem(of gateway: Gateway) -> Finding? {
  if let reference = gateway.spec.infrastructure?["parametersRef"], !reference.isNull {
    let names = [reference["kind"], reference["name"]].compactMap { $0?.stringValue }.joined(separator: " ")
    return Finding(
      .invalidParameters,
      "spec.infrastructure.parametersRef names \(names), but Switchyard takes no parameters: remove the field")
  }
  let unsupported = gateway.spec.addresses.first { ($0.type ?? "IPAddress") != "IPAddress" }
  return unsupported.map {
    Finding(
      .unsupportedAddress,
      "spec.addresses asks for type \($0.type ?? "") \($0.value ?? ""), but only IPAddress is supported: "
        + "use an IP address, or remove the field to get one assigned")
  }
}
