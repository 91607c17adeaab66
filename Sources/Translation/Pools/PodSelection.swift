import KubernetesAPI
import Routing

/// The pods that each pool selects, found in one walk over all pods.
///
/// A pod is compared only with the pools of its namespace that ask for a label which it has: each pool is looked up by one pair of its
/// selector, the one that it shares with the fewest others.
struct PodSelection {
  /// The places of the pods in the list, in its order, by pool.
  private(set) var places: [PoolID: [Int]] = [:]

  private struct Pair: Hashable {
    let namespace: String
    let label: String
    let value: String
  }

  /// - Parameter pods: neither finished nor terminating ones are selected of these.
  init(_ pools: [PoolSource], from pods: [Pod]) {
    let (leads, labels) = Self.leads(of: pools)
    if leads.isEmpty { return }
    // By place: a loop over the pods themselves copies each of them, with all that it refers to.
    for place in pods.indices {
      let namespace = pods[place].metadata.namespace
      guard let asked = labels[namespace], Self.isLive(pods[place]) else { continue }
      for label in asked {
        guard let value = pods[place].metadata.labels[label] else { continue }
        for pool in leads[Pair(namespace: namespace, label: label, value: value)] ?? []
        where matches(pools[pool].selector, pods[place].metadata.labels) {
          places[pools[pool].id, default: []].append(place)
        }
      }
    }
  }

  /// The pools by the pair that finds them, and the labels of those pairs by namespace.
  private static func leads(of pools: [PoolSource]) -> (leads: [Pair: [Int]], labels: [String: Set<String>]) {
    var counts: [Pair: Int] = [:]
    func pairs(_ pool: PoolSource) -> [Pair] {
      pool.selector.map { Pair(namespace: pool.metadata.namespace, label: $0.key, value: $0.value) }
    }
    for pool in pools { for pair in pairs(pool) { counts[pair, default: 0] += 1 } }
    var leads: [Pair: [Int]] = [:]
    var labels: [String: Set<String>] = [:]
    for (place, pool) in pools.enumerated() {
      guard let lead = pairs(pool).min(by: { (counts[$0] ?? 0, $0.label) < (counts[$1] ?? 0, $1.label) }) else {
        continue
      }
      leads[lead, default: []].append(place)
      labels[lead.namespace, default: []].insert(lead.label)
    }
    return (leads, labels)
  }

  private static func isLive(_ pod: borrowing Pod) -> Bool {
    pod.metadata.deletionTimestamp == nil && pod.status?.phase != "Succeeded" && pod.status?.phase != "Failed"
  }
}
