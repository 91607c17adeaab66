import KubernetesAPI

/// Which ListenerSets may add listeners to which Gateway.
///
/// Source: `GatewaySpec.allowedListeners`, Gateway API v1; GEP-1713.
struct ListenerSetRules {
  private let labels: NamespaceLabels
  private let sets: [ObjectKey: [ListenerSet]]

  init(_ state: ClusterState) {
    labels = NamespaceLabels(state.namespaces)
    let named = state.listenerSets.oldestFirst().compactMap { set in set.gateway.map { ($0, set) } }
    sets = Dictionary(grouping: named, by: \.0).mapValues { $0.map(\.1) }
  }

  /// Those that name the Gateway, allowed or not, in the order in which their listeners follow those of the Gateway.
  func all(of gateway: Gateway) -> [ListenerSet] { sets[gateway.key] ?? [] }

  /// Those of them whose listeners are the Gateway's.
  func allowed(at gateway: Gateway) -> [ListenerSet] { all(of: gateway).filter { allows($0, at: gateway) } }

  /// Whether the Gateway allows ListenerSets of this one's namespace.
  func allows(_ set: ListenerSet, at gateway: Gateway) -> Bool {
    let namespaces = gateway.spec.allowedListeners?.namespaces
    switch namespaces?.from ?? "None" {
    case "All": return true
    case "Same": return set.metadata.namespace == gateway.metadata.namespace
    case "Selector": return namespaces?.selector?.matches(labels[set.metadata.namespace]) ?? false
    default: return false
    }
  }
}
