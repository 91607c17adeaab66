import Observability
import Routing

/// The `inference_pool_*` gauges: one series for each InferencePool of the table, by its name.
struct PoolGauges: Sendable {
  let instruments: GatewayInstruments

  /// Sets the gauges of these pools and drops those of all others.
  func update(pools: [Pool], loads: LoadSnapshot) {
    var names: Set<String> = []
    for pool in pools {
      let name = pool.id.object.name
      names.insert(name)
      let known = pool.endpoints.compactMap { loads.loads[$0.id] }
      instruments.poolReadyPods.set(Double(Set(pool.endpoints.map(\.pod)).count), [name])
      instruments.poolQueueSize.set(Self.mean(known) { Double($0.waiting) }, [name])
      instruments.poolKVCacheUtilization.set(Self.mean(known, \.kvCacheUsage), [name])
    }
    for gauge in [instruments.poolReadyPods, instruments.poolQueueSize, instruments.poolKVCacheUtilization] {
      gauge.remove { labels in labels.first.map { !names.contains($0) } ?? true }
    }
  }

  private static func mean(_ loads: [EndpointLoad], _ value: (EndpointLoad) -> Double) -> Double {
    loads.isEmpty ? 0 : loads.reduce(0) { $0 + value($1) } / Double(loads.count)
  }
}
