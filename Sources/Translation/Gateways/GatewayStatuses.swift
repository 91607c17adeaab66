import KubernetesAPI
import Routing

/// The status of a GatewayClass that names our controller.
func status(of gatewayClass: GatewayClass) -> GatewayClassStatus {
  GatewayClassStatus(conditions: [
    Condition(
      "Accepted", unless: problem(of: gatewayClass), reason: "Accepted",
      "Gateways of this class are served by Switchyard", of: gatewayClass.metadata),
    Condition(
      "SupportedVersion", true, "SupportedVersion", "gateway.networking.k8s.io/v1 is supported",
      of: gatewayClass.metadata),
  ])
}

/// The status of a Gateway; `attachedRoutes` counts the routes of each listener, in the order of the listeners.
func status(of owned: OwnedGateway, attachedRoutes: [Int]) -> GatewayStatus {
  let accepted = acceptance(of: owned)
  let programmed = programming(of: owned, isAccepted: accepted.holds)
  return GatewayStatus(
    addresses: owned.addresses.map { GatewayAddress(type: "IPAddress", value: $0) },
    conditions: [
      Condition(
        "Accepted", accepted.holds, accepted.finding.reason, accepted.finding.message, of: owned.gateway.metadata),
      Condition(
        "Programmed", unless: programmed, reason: "Programmed", "the data plane serves the Gateway",
        of: owned.gateway.metadata),
    ],
    listeners: zip(owned.listeners, attachedRoutes).map { status(of: $0, in: owned, attachedRoutes: $1) })
}

private func acceptance(of owned: OwnedGateway) -> (holds: Bool, finding: Finding) {
  if let problem = owned.problem { return (false, problem) }
  let refused = owned.listeners.filter { $0.problem != nil || $0.conflict != nil }
  if refused.isEmpty { return (true, Finding("Accepted", "the Gateway is accepted")) }
  let names = refused.map(\.spec.name).joined(separator: ", ")
  let finding = Finding("ListenersNotValid", "not accepted: listener \(names); status.listeners says why")
  return (refused.count < owned.listeners.count, finding)
}

private func programming(of owned: OwnedGateway, isAccepted: Bool) -> Finding? {
  if !isAccepted { return Finding("Invalid", "the Gateway is not accepted; condition Accepted says why") }
  if !owned.listeners.contains(where: owned.serves) {
    return Finding("Invalid", "none of the listeners is served; status.listeners says why")
  }
  if let problem = owned.addressProblem { return problem }
  let failures = owned.listeners.filter(owned.serves).compactMap(\.bindFailure)
  if failures.isEmpty { return nil }
  return Finding("AddressNotUsable", "cannot listen on " + unique(failures).joined(separator: "; "))
}

extension OwnedGateway {
  /// Why the Gateway does not have the addresses that it ought to have.
  fileprivate var addressProblem: Finding? {
    let wanted = gateway.spec.addresses.compactMap(\.value).filter { !$0.isEmpty && !addresses.contains($0) }
    let present = addresses.joined(separator: ", ")
    if wanted.isEmpty {
      if !present.isEmpty { return nil }
      return Finding(
        "AddressNotAssigned",
        "no address is assigned to the Gateway yet; if it stays so, all addresses of Switchyard are taken")
    }
    let missing = "spec.addresses asks for \(wanted.joined(separator: ", "))"
    let cure =
      present.isEmpty
      ? "which is none of Switchyard's or is taken: ask for another, or remove the field to get one assigned"
      : "but the Gateway has \(present): ask for that one, or remove the field"
    return Finding("AddressNotUsable", "\(missing), \(cure)")
  }
}

private func status(of listener: OwnedListener, in owned: OwnedGateway, attachedRoutes: Int) -> ListenerStatus {
  let metadata = owned.gateway.metadata
  let refusal = listener.problem ?? listener.conflict
  return ListenerStatus(
    name: listener.spec.name, supportedKinds: listener.kinds.supported, attachedRoutes: attachedRoutes,
    conditions: [
      Condition("Accepted", unless: refusal, reason: "Accepted", "the listener is accepted", of: metadata),
      Condition(
        "Programmed", unless: programming(of: listener, in: owned), reason: "Programmed",
        "the data plane serves the listener", of: metadata),
      Condition(
        "ResolvedRefs", unless: listener.kinds.problem, reason: "ResolvedRefs", "all references are resolved",
        of: metadata),
      Condition(
        "Conflicted", listener.conflict != nil, listener.conflict?.reason ?? "NoConflicts",
        listener.conflict?.message ?? noConflict(listener), of: metadata),
    ])
}

private func noConflict(_ listener: OwnedListener) -> String {
  listener.problem == nil
    ? "the listener has its port and hostname for itself" : "a listener that is not accepted is in no other's way"
}

private func programming(of listener: OwnedListener, in owned: OwnedGateway) -> Finding? {
  if owned.problem != nil {
    return Finding("Invalid", "the Gateway is not accepted; its own condition Accepted says why")
  }
  if !owned.serves(listener) { return Finding("Invalid", "the listener is not served; the other conditions say why") }
  if owned.addresses.isEmpty, let problem = owned.addressProblem {
    return Finding(problem.reason == "AddressNotAssigned" ? "Pending" : problem.reason, problem.message)
  }
  return listener.bindFailure.map { Finding("PortUnavailable", "cannot listen on \($0)") }
}

/// The elements without repetitions, in their order.
func unique(_ elements: [String]) -> [String] {
  var seen: Set<String> = []
  return elements.filter { seen.insert($0).inserted }
}
