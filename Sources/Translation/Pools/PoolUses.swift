import KubernetesAPI
import Routing

/// Which of our Gateways route to each pool, and by which routes; Gateways by namespace and name, so that the same ones
/// are reported each time where there are more than a status takes.
func poolUses(_ gateways: [OwnedGateway], _ routes: [TranslatedRoute]) -> [PoolID: [PoolUse]] {
  var uses: [PoolID: [ObjectKey: PoolUse]] = [:]
  for route in routes {
    let served = route.servedPools
    for pool in route.pools {
      for (gateway, isAccepted) in acceptance(of: route) {
        let accepted = isAccepted && served.contains(pool)
        let key = gateways[gateway].key
        var use = uses[pool]?[key] ?? PoolUse(gateway: key)
        let name = PoolUse.RouteName(kind: route.route.kind, key: route.route.key)
        if accepted { use.acceptedRoutes.append(name) } else { use.refusedRoutes.append(name) }
        uses[pool, default: [:]][key] = use
      }
    }
  }
  return uses.mapValues { byGateway in byGateway.values.sorted { $0.gateway < $1.gateway } }
}

/// Whether each Gateway that the route names accepts it, in any of its `parentRefs`.
private func acceptance(of route: TranslatedRoute) -> [Int: Bool] {
  route.attachments.reduce(into: [:]) { result, attachment in
    result[attachment.gateway] = (result[attachment.gateway] ?? false) || route.isAccepted(attachment)
  }
}
