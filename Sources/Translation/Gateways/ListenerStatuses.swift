import KubernetesAPI
import Routing

/// The statuses of all listeners of a Gateway, its own and those that ListenerSets add, in their order; `attachedRoutes` counts the
/// routes of each.
func listenerStatuses(of owned: OwnedGateway, attachedRoutes: [Int]) -> [ListenerStatus] {
  let overlapping = OverlappingTLS(owned)
  return owned.listeners.indices.map {
    status(
      of: owned.listeners[$0], in: owned, attachedRoutes: attachedRoutes[$0], overlap: overlapping.finding(at: $0))
  }
}

private func status(
  of listener: OwnedListener, in owned: OwnedGateway, attachedRoutes: Int, overlap: Finding?
) -> ListenerStatus {
  let metadata = listener.parent.metadata
  return ListenerStatus(
    name: listener.spec.name, supportedKinds: listener.kinds.supported, attachedRoutes: attachedRoutes,
    conditions: [
      Condition(.accepted, unless: listener.refusal, reason: .accepted, "the listener is accepted", of: metadata),
      Condition(
        .programmed, unless: programming(of: listener, in: owned), reason: .programmed,
        "the data plane serves the listener", of: metadata),
      Condition(
        .resolvedRefs, unless: listener.unresolved, reason: .resolvedRefs, "all references are resolved",
        of: metadata),
      Condition(
        .conflicted, ConditionStatus(listener.conflict != nil), listener.conflict?.reason ?? .noConflicts,
        listener.conflict?.message ?? noConflict(listener), of: metadata),
    ]
      + [overlap].compactMap(\.self).map {
        // There only where it holds.
        Condition(.overlappingTLSConfig, .true, $0.reason, $0.message, of: metadata)
      })
}

private func noConflict(_ listener: OwnedListener) -> String {
  listener.problem == nil
    ? "the listener has its port and hostname for itself" : "a listener that is not accepted is in no other's way"
}

private func programming(of listener: OwnedListener, in owned: OwnedGateway) -> Finding? {
  // Of a listener that a ListenerSet adds the conflict is the reason here, too: GEP-1713.
  if listener.parent.set != nil, let conflict = listener.conflict { return conflict }
  if owned.problem != nil || (listener.parent.set != nil && !owned.isAccepted) {
    return Finding(.invalid, "the Gateway is not accepted; its own condition Accepted says why")
  }
  if !owned.serves(listener) { return Finding(.invalid, "the listener is not served; the other conditions say why") }
  if !listener.answers {
    return Finding(
      .invalid,
      "there is no certificate that could be shown, so that each handshake is refused: condition ResolvedRefs says why")
  }
  if let problem = owned.unreachable {
    return Finding(problem.reason == .addressNotAssigned ? .pending : problem.reason, problem.message)
  }
  return listener.bindFailure.map {
    Finding(.portUnavailable, "cannot listen on \($0)")
  }
}
