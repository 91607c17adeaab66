import Observability
import Routing

/// What a table's endpoints are called in metrics, and which of them have series of their own.
///
/// An endpoint is called after its pod, and after its pod and port where the pool has several ports. Prometheus pays for each
/// series, so only ``limit`` endpoints have their own: one of each pool in turn, pools by namespace and name, endpoints by
/// address, until the limit is reached.
struct EndpointLabels: Sendable {
  /// How many endpoints of all pools together have series of their own.
  static let limit = 500
  /// The values of `GatewayInstruments.endpointLabels` for an endpoint that has none of its own.
  static func rest(of pool: PoolID) -> [String] { pool.metricLabels + [CardinalityLimit.overflow, ""] }

  /// An endpoint in a pool; two pools may share one.
  struct Key: Hashable {
    var pool: PoolID
    var endpoint: EndpointID
  }

  /// The values of `GatewayInstruments.endpointLabels` by endpoint.
  let values: [Key: [String]]

  init(_ table: RoutingTable, limit: Int = Self.limit) {
    let pools = table.pools.values.sorted { $0.id < $1.id }
    let longest = pools.map(\.endpoints.count).max() ?? 0
    let crowded = Dictionary(uniqueKeysWithValues: pools.map { ($0.id, Self.podsWithSeveral($0)) })
    var values: [Key: [String]] = [:]
    for rank in 0..<longest where values.count < limit {
      for pool in pools where rank < pool.endpoints.count && values.count < limit {
        let endpoint = pool.endpoints[rank]
        let suffix = crowded[pool.id]?.contains(endpoint.pod) == true ? ":\(endpoint.id.port)" : ""
        values[Key(pool: pool.id, endpoint: endpoint.id)] =
          pool.id.metricLabels + [endpoint.pod.name + suffix, endpoint.accelerator?.name ?? ""]
      }
    }
    self.values = values
  }

  private static func podsWithSeveral(_ pool: Pool) -> Set<ObjectName> {
    var seen: Set<ObjectName> = []
    return Set(pool.endpoints.map(\.pod).filter { !seen.insert($0).inserted })
  }
}
