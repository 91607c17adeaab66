import KubernetesAPI
import Routing

/// Computes what to serve, and what to say about it, from all objects of a cluster at one moment.
///
/// A pure function: the same objects in any order give the same result, and no object, however wrong, makes it fail. What
/// users got wrong comes back as conditions.
public func translate(_ state: ClusterState) -> TranslationResult {
  let cluster = ClusterIndex(state)
  let certificates = CertificateResolver(cluster)
  let gateways = ownedGateways(cluster, certificates)
  let policies = BackendTLSPolicies(cluster, certificates)
  let translator = RouteTranslator(
    attacher: RouteAttacher(cluster: cluster, gateways: gateways), policies: policies)
  let routes = separatingKinds(cluster.routes.map(translator.translate))
  let bindings = PoolBindings(cluster)
  let uses = poolUses(gateways, routes)
  let members = cluster.members(of: uses.keys)

  let baseModels = BaseModels(cluster, bindings.models)
  let attached = ListenerRoutes(routes)
  let listeners = tableListeners(gateways, attached, baseModels)
  let calls = Set(routes.filter { $0.route.kind == .grpc }.flatMap(\.pools))
  let table = RoutingTable(
    listeners: listeners, pools: tablePools(listeners, members, bindings, policies, calls, in: cluster))
  var statuses = report(cluster, gateways, attached, bindings.conditions, uses, members, policies)
  statuses.configMaps = baseModels.problems
  statuses.backendTLSPolicies = policies.statuses(uses)
  return TranslationResult(
    table: table, certificates: certificates.store(for: table), statuses: statuses,
    waiting: Set((gateways.filter(\.isWaiting).map(\.key) + policies.waitingGateways(uses)).map(\.objectName)),
    plans: gatewayPlans(gateways, in: cluster))
}

/// Every pool that a rule of the table names.
private func tablePools(
  _ listeners: [Listener], _ members: [PoolID: PoolMembers], _ bindings: PoolBindings,
  _ policies: BackendTLSPolicies, _ calls: Set<PoolID>, in cluster: ClusterIndex
) -> [PoolID: Pool] {
  var pools: [PoolID: Pool] = [:]
  for target in listeners.lazy.flatMap(\.rules).flatMap(\.targets) {
    guard case .pool(let id) = target, pools[id] == nil, let found = members[id] else { continue }
    pools[id] = Pool(
      id: id, endpoints: found.ready, matchedEndpoints: found.matched, models: bindings.models.models[id] ?? [:],
      rewrites: bindings.rewrites.rewrites[id] ?? ModelRewrites(),
      objectives: bindings.objectives.priorities[id] ?? [:],
      engineRoutes: cluster.poolSource(id).flatMap { EngineRouteAnnotation($0.metadata)?.routes } ?? EngineRoutes(),
      transport: policies.transport(of: id, takesCalls: calls.contains(id)),
      picker: cluster.poolSource(id).flatMap { policies.picker(of: $0) }.map { .external($0) } ?? .builtIn)
  }
  return pools
}

private func report(
  _ cluster: ClusterIndex, _ gateways: [OwnedGateway], _ attached: ListenerRoutes,
  _ plain: [ResourceType: [ObjectKey: [Condition]]], _ uses: [PoolID: [PoolUse]], _ members: [PoolID: PoolMembers],
  _ policies: BackendTLSPolicies
) -> StatusReport {
  func parents(_ pool: PoolSource) -> [PoolParentStatus] {
    let picker = policies.picker(of: pool)
    return (uses[pool.id] ?? []).prefix(StatusReport.maximumParents).map {
      parentStatus(of: pool, members: members[pool.id] ?? PoolMembers(), use: $0, picker: picker, in: cluster)
    }
  }
  var report = StatusReport(plain: plain)
  let used = Set(gateways.map(\.gateway.spec.gatewayClassName))
  for gatewayClass in cluster.gatewayClasses {
    report.gatewayClasses[gatewayClass.key] = status(of: gatewayClass, in: cluster)
    if used.contains(gatewayClass.metadata.name) { report.usedGatewayClasses.insert(gatewayClass.key) }
  }
  for (index, owned) in gateways.enumerated() where !owned.isWaiting {
    let listeners = listenerStatuses(of: owned, attachedRoutes: attached.counts(at: index, owned))
    report.gateways[owned.key] = status(of: owned, listeners: listeners, in: cluster)
    for set in owned.sets {
      report.listenerSets[set.set.key] = status(
        of: set, at: owned, listeners: listeners, controllerName: cluster.controllerName)
    }
  }
  for set in cluster.leftListenerSets {
    report.listenerSets[set.key] = status(ofLeft: set, controllerName: cluster.controllerName)
  }
  for gateway in cluster.leftGateways { report.gateways[gateway.key] = status(ofLeft: gateway, in: cluster) }
  report.leftGateways = Set(cluster.leftGateways.map(\.key))
  for route in attached.routes {
    report.routes[route.route.kind, default: [:]][route.route.key] =
      route.parentStatuses(controllerName: cluster.controllerName)
  }
  report.inferencePools = cluster.pools.mapValues { parents(PoolSource($0)) }
  report.inferencePoolsV1Alpha2 = cluster.poolsV1Alpha2.mapValues { parents(PoolSource($0)) }
  return report
}
