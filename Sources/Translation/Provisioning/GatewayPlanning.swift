import KubernetesAPI
import Routing

/// What shall become of the objects of every Gateway of ours; nothing where no pods are made.
func gatewayPlans(_ gateways: [OwnedGateway], in cluster: ClusterIndex) -> [ObjectKey: GatewayPlan] {
  guard case .pods(let options) = cluster.hosting else { return [:] }
  let rules = CertificateReferenceRules(grants: cluster.grants)
  var plans = gateways.reduce(into: [ObjectKey: GatewayPlan]()) { plans, owned in
    plans[owned.key] = plan(owned, options, rules.references(of: owned.gateway, cluster.listenerSets).secrets)
  }
  // One that does not decode may be ours, and is not deleted.
  for object in cluster.gaps.objects where object.type == Gateway.type && plans[object.key] == nil {
    plans[object.key] = .keep
  }
  return plans
}

private func plan(_ owned: OwnedGateway, _ options: GatewayPodOptions, _ secrets: Set<ObjectKey>) -> GatewayPlan {
  let ports = Set(owned.listeners.filter(owned.serves).map(\.spec.port)).sorted()
  // What was right before is served until what is wrong now is mended.
  guard owned.isAccepted, !owned.isWaiting, !ports.isEmpty else { return .keep }
  return .objects(
    GatewayObjects(
      gateway: owned.gateway,
      names: GatewayNames(owned.gateway.metadata, className: owned.gateway.spec.gatewayClassName),
      parameters: owned.parameters, options: options, ports: ports, secrets: secrets
    ).all)
}
