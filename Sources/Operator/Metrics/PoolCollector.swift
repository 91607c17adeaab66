import Observability
import Routing

/// Brings the gauges of pools and endpoints up to date at each scrape.
///
/// What is not known has no sample: an endpoint whose metrics were never read has no age and no queue, and one whose metrics
/// are older than ``believedFor`` counts in no mean.
struct PoolCollector: Sendable {
  let instruments: PoolInstruments
  let states: EndpointStates
  /// How long metrics are believed, in nanoseconds; no longer than the router believes those of an idle endpoint.
  var believedFor = RequestRouter.Configuration().idleStaleAfter

  /// Sets the gauges to what the table and the endpoints' states say at `now`, nanoseconds of the monotonic clock.
  func collect(_ table: RoutingTable, now: UInt64) {
    let pools = table.pools.values.filter { $0.id.kind != .service }
    instruments.readyEndpoints.replaceAll(pools.map { ($0.id.metricLabels, Double($0.endpoints.count)) })
    instruments.matchedEndpoints.replaceAll(pools.map { ($0.id.metricLabels, Double($0.matchedEndpoints)) })
    let known = pools.map { pool in
      (labels: pool.id.metricLabels, loads: pool.endpoints.compactMap { believed($0.id, now: now) })
    }.filter { !$0.loads.isEmpty }
    set(instruments.queueSize, known) { Double($0.waiting) }
    set(instruments.runningRequests, known) { Double($0.running) }
    set(instruments.cacheUse, known, \.kvCacheUsage)
    collectEndpoints(table, now: now)
  }

  private func collectEndpoints(_ table: RoutingTable, now: UInt64) {
    let endpoints = EndpointLabels(table).values.filter { $0.key.pool.kind != .service }
    instruments.endpointInFlight.replaceAll(
      endpoints.map { (Array($0.value.dropLast()), Double(states.known($0.key.endpoint)?.inFlight ?? 0)) })
    instruments.endpointQueueSize.replaceAll(
      endpoints.compactMap { key, labels in
        believed(key.endpoint, now: now).map { (Array(labels.dropLast()), Double($0.waiting)) }
      })
    instruments.metricsAge.replaceAll(
      endpoints.compactMap { key, labels in
        states.known(key.endpoint)?.load.map { (labels, Self.seconds(since: $0.scrapedAt, now: now)) }
      })
  }

  private func believed(_ endpoint: EndpointID, now: UInt64) -> EndpointLoad? {
    states.known(endpoint)?.load.flatMap { $0.scrapedAt >= now || now - $0.scrapedAt <= believedFor ? $0 : nil }
  }

  private func set(
    _ spread: PoolInstruments.Spread, _ pools: [(labels: [String], loads: [EndpointLoad])],
    _ value: (EndpointLoad) -> Double
  ) {
    let computed = pools.map { pool in
      let values = pool.loads.map(value)
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      return (labels: pool.labels, mean: mean, deviation: variance.squareRoot())
    }
    spread.mean.replaceAll(computed.map { ($0.labels, $0.mean) })
    spread.deviation.replaceAll(computed.map { ($0.labels, $0.deviation) })
  }

  /// A reading may be a little newer than `now`: it was taken on another thread.
  private static func seconds(since then: UInt64, now: UInt64) -> Double {
    then >= now ? 0 : Double(now - then) / 1e9
  }
}
