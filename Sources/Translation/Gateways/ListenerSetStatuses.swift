import KubernetesAPI
import Routing

/// The status of a ListenerSet that names a Gateway of ours; `listeners` are those of all listeners of the Gateway.
func status(
  of owned: OwnedListenerSet, at gateway: OwnedGateway, listeners: [ListenerStatus], controllerName: String
) -> ListenerSetStatus {
  let refusal = gateway.refusal(of: owned)
  let signature = GatewayOwnership.signature(controllerName, accepts: refusal == nil, ListenerSet.self)
  let accepted = refusal.map { Finding($0.reason, "\(signature): \($0.message)") }
  let refused = gateway.listeners(of: owned.set.key).filter { !$0.isValidInSet }.map(\.spec.name)
  let rest = refused.isEmpty ? "" : ", but not listener \(refused.joined(separator: ", ")): status.listeners says why"
  let metadata = owned.set.metadata
  return ListenerSetStatus(
    conditions: [
      Condition(
        .accepted, unless: accepted, reason: refused.isEmpty ? .accepted : .listenersNotValid, signature + rest,
        of: metadata),
      Condition(
        .programmed, unless: programming(of: owned, at: gateway, refusal: refusal), reason: .programmed,
        "the data plane serves the listeners" + rest, of: metadata),
    ],
    listeners: Array(listeners[gateway.places(of: owned.set.key)]))
}

/// What is left to say of a ListenerSet that we accepted or refused, and whose Gateway is none of ours any more: it is as if
/// new.
func status(ofLeft set: ListenerSet, controllerName: String) -> ListenerSetStatus {
  let gateway = set.gateway.map { "Gateway \($0)" } ?? "what it names"
  let message =
    "spec.parentRef: \(gateway) is missing or another controller's: waiting for it; \(controllerName) does not serve the "
    + "ListenerSet any more"
  return ListenerSetStatus(
    conditions: [.accepted, .programmed].map { Condition($0, .unknown, .pending, message, of: set.metadata) })
}

extension OwnedGateway {
  /// How many ListenerSets are accepted.
  var attachedSets: Int { sets.count { refusal(of: $0) == nil } }

  /// Why a ListenerSet is not accepted.
  fileprivate func refusal(of owned: OwnedListenerSet) -> Finding? {
    if !owned.isAllowed {
      let from = gateway.spec.allowedListeners?.namespaces?.from ?? "None"
      return Finding(
        .notAllowed,
        "Gateway \(key) allows ListenerSets from namespaces: \(from), which does not let in namespace "
          + "\(owned.set.metadata.namespace): change the Gateway's spec.allowedListeners, or name another Gateway")
    }
    if !isAccepted {
      return Finding(
        .parentNotAccepted,
        "spec.parentRef names Gateway \(key), which is not accepted: correct what its own condition Accepted says, or name "
          + "another")
    }
    let listeners = listeners(of: owned.set.key)
    if listeners.contains(where: \.isValidInSet) { return nil }
    let names = listeners.map(\.spec.name).joined(separator: ", ")
    return Finding(.listenersNotValid, "listener \(names); status.listeners says why")
  }
}

/// Gateway API's word for what keeps a ListenerSet from being programmed is that for what keeps it from being accepted,
/// but for its Gateway.
private func programming(of owned: OwnedListenerSet, at gateway: OwnedGateway, refusal: Finding?) -> Finding? {
  if let refusal {
    return refusal.reason == .parentNotAccepted ? Finding(.parentNotProgrammed, refusal.message) : refusal
  }
  if let problem = gateway.unreachable {
    return Finding(.parentNotProgrammed, "Gateway \(gateway.key) is not programmed: \(problem.message)")
  }
  let valid = gateway.listeners(of: owned.set.key).filter(\.isValidInSet)
  let failures = unique(valid.compactMap(\.bindFailure))
  if valid.contains(where: { $0.bindFailure == nil }) { return nil }
  return Finding(.portUnavailable, "cannot listen on \(failures.joined(separator: "; "))")
}

extension OwnedListener {
  /// Whether it lets its ListenerSet be accepted. Unlike a Gateway, a ListenerSet of which no listener has a certificate is
  /// refused: so asks Gateway API's conformance test ListenerSetReferenceGrant.
  fileprivate var isValidInSet: Bool { answers }
}
