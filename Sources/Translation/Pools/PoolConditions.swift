import KubernetesAPI
import Routing

/// How one of our Gateways uses a pool.
struct PoolUse {
  /// One of the routes that name the pool.
  struct RouteName {
    let kind: RouteKind
    let key: ObjectKey
  }

  let gateway: ObjectKey
  /// Routes that the Gateway accepted and that name the pool.
  var acceptedRoutes: [RouteName] = []
  /// Routes that name the pool, but that the Gateway did not accept, or only without the rules that name it.
  var refusedRoutes: [RouteName] = []
}

/// The entry of `status.parents` for one Gateway that routes to the pool.
func parentStatus(
  of pool: PoolSource, members: PoolMembers, use: PoolUse, picker: ExternalPicker?, in cluster: ClusterIndex
) -> PoolParentStatus {
  PoolParentStatus(
    parentRef: ParentReference(
      group: GatewayAPIName.group, kind: "Gateway", namespace: use.gateway.namespace, name: use.gateway.name),
    controllerName: cluster.controllerName,
    conditions: [
      acceptance(of: pool, use: use),
      resolution(of: pool, picker: picker, in: cluster),
      readiness(of: members, in: pool, cluster.gaps),
      accelerators(of: members, in: pool, cluster.gaps),
    ] + (picker.map { [readiness(of: $0, in: pool)] } ?? [])
      + (EngineRouteAnnotation(pool.metadata).map { [$0.condition(of: pool.metadata)] } ?? [])
      + (export(of: pool).map { [$0] } ?? []))
}

/// Pools are not offered to other clusters: one whose owner asks for it says so.
///
/// Source: proposal 1374, Gateway API Inference Extension.
private func export(of pool: PoolSource) -> Condition? {
  let annotation = "inference.networking.x-k8s.io/export"
  guard pool.id.kind == .inferencePool, let scope = pool.metadata.annotations[annotation] else { return nil }
  return Condition(
    .exported, .false, .notSupported,
    "annotation \(annotation) is \(scope), and Switchyard offers pools to no other cluster: remove it, or use a controller "
      + "that does", of: pool.metadata)
}

private func acceptance(of pool: PoolSource, use: PoolUse) -> Condition {
  var problem = pool.unsupported
  if problem == nil && use.acceptedRoutes.isEmpty {
    let names = brief(use.refusedRoutes)
    problem = Finding(
      .httpRouteNotAccepted,
      "the Gateway serves no rule for the pool of \(names): correct what the route's status says")
  }
  let names = brief(use.acceptedRoutes)
  return Condition(
    .accepted, unless: problem, reason: .accepted, "routed to by \(names)", of: pool.metadata)
}

/// The first few names: a pool may have very many routes.
private func brief(_ routes: [PoolUse.RouteName]) -> String {
  let named = routes.prefix(3)
  let names = RouteKind.allCases.compactMap { kind in
    let keys = named.filter { $0.kind == kind }.map(\.key.description)
    return keys.isEmpty ? nil : "\(kind.rawValue) \(keys.joined(separator: ", "))"
  }
  let text = names.joined(separator: ", ")
  return routes.count > 3 ? "\(text) and \(routes.count - 3) more" : text
}

private func resolution(of pool: PoolSource, picker: ExternalPicker?, in cluster: ClusterIndex) -> Condition {
  let problem = pool.picker?.problem(namespace: pool.metadata.namespace, in: cluster)
  let message = "all references are resolved" + (picker.map { "; \($0) picks the endpoints" } ?? "")
  return Condition(.resolvedRefs, unless: problem, reason: .resolvedRefs, message, of: pool.metadata)
}

/// Whether the pool's picker can be asked; only pools that name one have the condition.
private func readiness(of picker: ExternalPicker, in pool: PoolSource) -> Condition {
  let consequence =
    picker.failureMode == .open
    ? "the gateway picks until then (failureMode FailOpen)"
    : "requests are answered with 503 until then (failureMode FailClose)"
  if case .closed(let reason) = picker.transport {
    let message = "\(picker) is not asked: \(reason); \(consequence)"
    return Condition(.pickerReady, .false, .pickerTLSInvalid, message, of: pool.metadata)
  }
  guard picker.endpoints.isEmpty else {
    let message = "\(picker) has \(picker.endpoints.count) ready"
    return Condition(.pickerReady, .true, .pickerReady, message, of: pool.metadata)
  }
  let message = "\(picker) has no ready endpoint: start the picker, or correct the Service's selector; \(consequence)"
  return Condition(.pickerReady, .false, .noPickerReady, message, of: pool.metadata)
}

/// The message is what `kubectl get inferencepools` shows in a column: numbers first, and a few words where they need
/// an explanation.
private func readiness(of members: PoolMembers, in pool: PoolSource, _ gaps: InputGaps) -> Condition {
  let numbers = "\(members.ready.count) of \(members.matched) ready"
  if !members.ready.isEmpty { return Condition(.endpointsReady, .true, .endpointsReady, numbers, of: pool.metadata) }
  if let unknown = gaps.unknown(.endpointsReady, without: Pod.type, .podsUnreadable, of: pool.metadata) {
    return unknown
  }
  let isMatched = members.pods > 0
  let why = isMatched ? nothingReady(members.unready) : nothingMatches(pool.selector)
  let message = "\(numbers): \(why)"
  return Condition(.endpointsReady, .false, isMatched ? .noPodReady : .noPodMatched, message, of: pool.metadata)
}

/// The first few pods: a pool may have very many.
private func nothingReady(_ pods: [String]) -> String {
  let names = pods.prefix(5).joined(separator: ", ") + (pods.count > 5 ? " and \(pods.count - 5) more" : "")
  return "no pod is ready: ask kubectl describe pod about \(names)"
}

private func nothingMatches(_ selector: [String: String]) -> String {
  if selector.isEmpty { return "spec.selector is empty and takes no pod: give it the labels of the model servers" }
  let labels = selector.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  let names = labels.count > 3 ? "with its \(labels.count) labels" : labels.joined(separator: ", ")
  return "spec.selector \(names) takes no live pod: correct it, or start model servers"
}

/// Counts accelerators; a pod that does not say how many it asks for counts as one.
private func accelerators(of members: PoolMembers, in pool: PoolSource, _ gaps: InputGaps) -> Condition {
  let metadata = pool.metadata
  let (type, reason) = members.pods == 0 ? (Pod.type, ConditionReason.podsUnreadable) : (Node.type, .nodesUnreadable)
  if members.accelerators.isEmpty,
    let unknown = gaps.unknown(.acceleratorsFound, without: type, reason, of: metadata)
  {
    return unknown
  }
  if members.pods == 0 {
    return Condition(.acceleratorsFound, .false, .noPodMatched, nothingMatches(pool.selector), of: metadata)
  }
  var counts: [String: Int] = [:]
  for accelerator in members.accelerators { counts[accelerator.name, default: 0] += accelerator.count ?? 1 }
  if counts.isEmpty {
    return Condition(
      .acceleratorsFound, .false, .noAcceleratorFound, "neither node labels nor pod resources name one", of: metadata)
  }
  let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
  let message = sorted.map { "\($0.value) × \($0.key)" }.joined(separator: ", ")
  return Condition(.acceleratorsFound, .true, .acceleratorsFound, message, of: metadata)
}
