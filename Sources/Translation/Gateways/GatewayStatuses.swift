import KubernetesAPI
import Routing

/// The status of a GatewayClass that names our controller; `nil` while what it names is not known.
func status(of gatewayClass: GatewayClass, in cluster: ClusterIndex) -> GatewayClassStatus? {
  let reading = cluster.classParameters[gatewayClass.metadata.name]
  if reading?.isWaiting == true { return nil }
  return GatewayClassStatus(
    conditions: [
      Condition(
        .accepted, unless: reading?.problem, reason: .accepted,
        "Gateways of this class are served by Switchyard", of: gatewayClass.metadata),
      GatewayAPIVersions.condition(of: gatewayClass, cluster.definitions),
    ], supportedFeatures: SupportedFeatures.all)
}

/// The status of a Gateway; `listeners` are those of all its listeners.
func status(of owned: OwnedGateway, listeners: [ListenerStatus], in cluster: ClusterIndex) -> GatewayStatus {
  let accepted = acceptance(of: owned, controllerName: cluster.controllerName)
  let programmed = programming(of: owned, isAccepted: accepted.holds)
  return GatewayStatus(
    addresses: owned.reachability?.addresses ?? [],
    conditions: [
      Condition(
        .accepted, ConditionStatus(accepted.holds), accepted.finding.reason, accepted.finding.message,
        of: owned.gateway.metadata),
      Condition(
        .programmed, ConditionStatus(programmed.holds), programmed.finding.reason, programmed.finding.message,
        of: owned.gateway.metadata),
      resolution(of: owned),
    ] + insecureFallback(of: owned)
      + [
        owned.trustedCallers?.condition(of: owned.gateway.metadata),
        owned.proxyProtocol?.condition(of: owned.gateway.metadata),
        cluster.gaps.condition(of: owned.gateway.metadata),
      ].compactMap(\.self),
    listeners: Array(listeners[owned.places(of: nil)]),
    attachedListenerSets: owned.attachedSets == 0 ? nil : owned.attachedSets)
}

/// What is wrong with references of the Gateway's own goes before what its listeners say.
///
/// Source: `GatewayConditionResolvedRefs`, Gateway API v1.
private func resolution(of owned: OwnedGateway) -> Condition {
  let names = owned.listeners(of: nil).filter { $0.unresolved != nil }.map(\.spec.name)
  let listeners =
    names.isEmpty
    ? nil : Finding(.listenersNotResolved, "listener \(names.joined(separator: ", ")): status.listeners says why")
  return Condition(
    .resolvedRefs, unless: Finding([owned.clientCertificate?.problem, listeners].compactMap(\.self)),
    reason: .resolvedRefs, owned.clientCertificate?.message ?? "all references are resolved", of: owned.gateway.metadata
  )
}

/// There only where it holds.
///
/// Source: `GatewayConditionInsecureFrontendValidationMode`, Gateway API v1.
private func insecureFallback(of owned: OwnedGateway) -> [Condition] {
  let ports = owned.listeners.filter {
    $0.security?.termination.clientValidation?.mode == .allowInsecureFallback
  }.map { String($0.spec.port) }
  if ports.isEmpty { return [] }
  return [
    Condition(
      .insecureFrontendValidationMode, .true, .configurationChanged,
      "clients without a valid certificate are served at port \(unique(ports).joined(separator: ", ")): "
        + "spec.tls.frontend says AllowInsecureFallback", of: owned.gateway.metadata)
  ]
}

/// What is left to say of a Gateway that we served and that is another controller's now: it is as if new.
func status(ofLeft gateway: Gateway, in cluster: ClusterIndex) -> GatewayStatus {
  let controller = cluster.ownership.controller(of: gateway) ?? ""
  let message =
    "spec.gatewayClassName \(gateway.spec.gatewayClassName) is a class of controller \(controller): waiting for it; "
    + "\(cluster.controllerName) does not serve the Gateway any more"
  return GatewayStatus(
    conditions: [.accepted, .programmed].map { Condition($0, .unknown, .pending, message, of: gateway.metadata) })
}

/// The message begins with the signature by which ``GatewayOwnership`` knows a Gateway of ours.
private func acceptance(of owned: OwnedGateway, controllerName: String) -> (holds: Bool, finding: Finding) {
  let refusal = GatewayOwnership.signature(controllerName, accepts: false) + ": "
  if let problem = owned.problem { return (false, Finding(problem.reason, refusal + problem.message)) }
  let refused = owned.listeners(of: nil).filter { $0.refusal != nil }
  let names = refused.map(\.spec.name).joined(separator: ", ")
  if !owned.isAccepted {
    return (false, Finding(.listenersNotValid, refusal + "listener \(names); status.listeners says why"))
  }
  var message = GatewayOwnership.signature(controllerName, accepts: true)
  if !refused.isEmpty { message += ", but not listener \(names): status.listeners says why" }
  let name = owned.gateway.spec.gatewayClassName
  switch owned.classStanding {
  case .present: break
  case .leaving:
    message +=
      "; spec.gatewayClassName names GatewayClass \(name), which is being deleted and goes when no Gateway names it: delete the "
      + "Gateway, or name another"
  case .gone:
    message +=
      "; spec.gatewayClassName names GatewayClass \(name), which does not exist: create it, or delete the Gateway"
  }
  return (true, Finding(refused.isEmpty ? .accepted : .listenersNotValid, message))
}

/// A Gateway is programmed as soon as one of its listeners is, of its own or not: the condition says that there is some configuration in
/// the data plane, the listeners' own conditions say which (`GatewayConditionProgrammed`, Gateway API v1).
private func programming(of owned: OwnedGateway, isAccepted: Bool) -> (holds: Bool, finding: Finding) {
  if !isAccepted { return (false, Finding(.invalid, "the Gateway is not accepted; condition Accepted says why")) }
  let served = owned.listeners.filter { owned.serves($0) && $0.answers }
  if served.isEmpty { return (false, Finding(.invalid, "none of the listeners is served; status.listeners says why")) }
  if let problem = owned.addressProblem { return (false, problem) }
  let failed = served.filter { $0.bindFailure != nil }
  let failures = unique(failed.compactMap(\.bindFailure)).joined(separator: "; ")
  if !failed.isEmpty && failed.count == served.count {
    return (
      false,
      Finding(.addressNotUsable, "cannot listen on \(failures)")
    )
  }
  let names = failed.map(\.title).joined(separator: ", ")
  let rest =
    (failed.isEmpty ? "" : ", but not listener \(names): status.listeners says why")
    + (owned.reachability?.note.map { "; \($0)" } ?? "")
  return (true, Finding(.programmed, "the data plane serves the Gateway" + rest))
}

extension OwnedGateway {
  /// What keeps clients from reaching the Gateway at all.
  var unreachable: Finding? {
    guard let reachability else { return nil }
    return reachability.problem ?? (reachability.addresses.isEmpty ? addressProblem : nil)
  }

  /// Why the Gateway is not reached at the addresses at which it ought to be.
  var addressProblem: Finding? {
    guard let reachability else { return nil }
    if let problem = reachability.problem { return problem }
    let addresses = reachability.addresses.compactMap(\.value)
    let wanted = gateway.spec.addresses.compactMap(\.value).filter { !$0.isEmpty && !addresses.contains($0) }
    let present = addresses.joined(separator: ", ")
    if wanted.isEmpty {
      if !present.isEmpty { return nil }
      return Finding(
        .addressNotAssigned,
        "no address is assigned to Gateway \(key) yet; if it stays so, all of --gateway-addresses are taken: give Switchyard "
          + "more of them, or delete a Gateway")
    }
    let missing = "spec.addresses asks for \(wanted.joined(separator: ", "))"
    let cure =
      present.isEmpty
      ? "which is none of Switchyard's or is taken: ask for another, or remove the field to get one assigned"
      : "but the Gateway has \(present): ask for that one, or remove the field"
    return Finding(.addressNotUsable, "\(missing), \(cure)")
  }
}

/// The elements without repetitions, in their order.
func unique(_ elements: [String]) -> [String] {
  var seen: Set<String> = []
  return elements.filter { seen.insert($0).inserted }
}
