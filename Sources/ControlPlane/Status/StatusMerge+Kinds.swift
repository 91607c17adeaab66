import KubernetesAPI

/// Each takes the live object and returns it with the status it shall have.
extension StatusMerge {
  static func gatewayClass(_ live: GatewayClass, _ desired: GatewayClassStatus, now: Timestamp) -> GatewayClass {
    var wished = live
    var status = desired
    status.conditions = conditions(
      live: live.status?.conditions ?? [], desired: desired.conditions, now: now)
    wished.status = status
    return wished
  }

  static func gateway(_ live: Gateway, _ desired: GatewayStatus, now: Timestamp) -> Gateway {
    var wished = live
    var status = desired
    status.addresses = status.addresses.map { GatewayAddress(type: $0.type ?? "IPAddress", value: $0.value) }
    status.conditions = conditions(
      live: live.status?.conditions ?? [], desired: desired.conditions, now: now)
    status.listeners = listeners(live: live.status?.listeners ?? [], desired: desired.listeners, now: now)
    wished.status = status
    return wished
  }

  static func listenerSet(_ live: ListenerSet, _ desired: ListenerSetStatus, now: Timestamp) -> ListenerSet {
    var wished = live
    wished.status = ListenerSetStatus(
      conditions: conditions(
        live: live.status?.conditions ?? [], desired: desired.conditions, now: now),
      listeners: listeners(live: live.status?.listeners ?? [], desired: desired.listeners, now: now))
    return wished
  }

  private static func listeners(
    live: [ListenerStatus], desired: [ListenerStatus], now: Timestamp
  ) -> [ListenerStatus] {
    let old = Dictionary(live.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    return desired.map { listener in
      var listener = listener
      listener.supportedKinds = listener.supportedKinds.map {
        RouteGroupKind(group: $0.group ?? "gateway.networking.k8s.io", kind: $0.kind)
      }
      listener.conditions = conditions(
        live: old[listener.name]?.conditions ?? [], desired: listener.conditions, now: now)
      return listener
    }
  }

  static func route<R: Route>(
    _ live: R, _ desired: [RouteParentStatus], controllerName: String, now: Timestamp
  ) -> R {
    var wished = live
    let parents = parents(
      live: live.status?.parents ?? [], desired: desired, namespace: live.metadata.namespace, now: now
    ) { $0.controllerName == controllerName }
    if parents != live.status?.parents ?? [] { wished.status = RouteStatus(parents: parents) }
    return wished
  }

  static func inferencePool(
    _ live: InferencePool, _ desired: [PoolParentStatus], controllerName: String, now: Timestamp
  ) -> InferencePool {
    var wished = live
    let parents = parents(
      live: live.status?.parents ?? [], desired: desired, namespace: live.metadata.namespace, now: now
    ) { $0.controllerName == controllerName }
    if parents != live.status?.parents ?? [] { wished.status = InferencePoolStatus(parents: parents) }
    return wished
  }

  /// v1alpha2 has no `controllerName` in its entries: an entry is ours if `isOurs` says so. When none remains, the entry
  /// with which the object was born is put back.
  static func inferencePool(
    _ live: InferencePoolV1Alpha2, _ desired: [PoolParentStatus], isOurs: (PoolParentStatus) -> Bool, now: Timestamp
  ) -> InferencePoolV1Alpha2 {
    var wished = live
    let namespace = live.metadata.namespace
    let anonymous = desired.map { PoolParentStatus(parentRef: $0.parentRef, conditions: $0.conditions) }
    let old = live.status?.parent ?? []
    var parents = parents(live: old, desired: anonymous, namespace: namespace, now: now, isOurs: isOurs)
    if parents.isEmpty, !old.isEmpty { parents = [initialParent(now: now)] }
    if parents != old { wished.status = InferencePoolV1Alpha2Status(parent: parents) }
    return wished
  }

  static func plain<R: ConditionBearing>(_ live: R, _ desired: [Condition], now: Timestamp) -> R {
    var wished = live
    // The schemas of upstream give models and objectives a condition `Ready` that nobody ever sets: `ownTypes` drops it.
    wished.status = PlainStatus(
      conditions: conditions(live: live.status?.conditions ?? [], desired: desired, now: now))
    return wished
  }

  static func backendTLSPolicy(
    _ live: BackendTLSPolicy, _ desired: [PolicyAncestorStatus], controllerName: String, now: Timestamp
  ) -> BackendTLSPolicy {
    var wished = live
    let ancestors = parents(
      live: live.status?.ancestors ?? [], desired: desired, namespace: live.metadata.namespace, now: now
    ) { $0.controllerName == controllerName }
    if ancestors != live.status?.ancestors ?? [] { wished.status = PolicyStatus(ancestors: ancestors) }
    return wished
  }

  private static func initialParent(now: Timestamp) -> PoolParentStatus {
    PoolParentStatus(
      parentRef: ParentReference(kind: "Status", name: "default"),
      conditions: [
        Condition(
          type: ConditionType.accepted.rawValue, status: ConditionStatus.unknown.rawValue,
          reason: ConditionReason.pending.rawValue, message: "Waiting for controller", lastTransitionTime: now)
      ])
  }
}
