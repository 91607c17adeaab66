import ControlPlane
import Observability
import Routing
import Translation

/// Everything that is computed when somebody scrapes, instead of being tracked.
///
/// Series of what is declared begin at 0. Those of what is gone stay for ``grace`` after their last count, by time and not by
/// scrapes: several may be scraping, and a stream may outlive its pool, model or endpoint.
final class ScrapeCollectors: Sendable {
  /// How long series of what is gone are shown with the same count, in nanoseconds.
  static let grace: UInt64 = 300_000_000_000

  private let gateway: GatewayInstruments
  private let counts: RequestCounts
  private let pools: PoolCollector
  private let tables: TableCollector
  private let states: EndpointStates
  private let scrapes: Counter
  private let conditions: Gauge

  init(
    gateway: GatewayInstruments, pools: PoolInstruments, control: ControlInstruments, counts: RequestCounts,
    states: EndpointStates
  ) {
    self.gateway = gateway
    self.counts = counts
    self.states = states
    self.pools = PoolCollector(instruments: pools, states: states)
    tables = TableCollector(control)
    scrapes = control.scrapes
    conditions = control.conditions
  }

  /// - Parameter now: nanoseconds of the monotonic clock.
  func collect(
    _ table: Published<RoutingTable>, _ statuses: StatusReport?, now: UInt64 = Monotonic.now
  ) {
    tables.collect(table)
    let current = table.current
    pools.collect(current, now: now)
    gateway.queues.size.replaceAll(states.queueSamples)
    let declared = DeclaredSeries(current)
    declared.start(in: gateway)
    counts.refresh(hasRemoved: removeGone(declared, now: now), now: now)
    conditions.replaceAll((statuses?.conditionSamples() ?? []).map { ($0, 1) })
  }

  /// Whether there was anything to remove.
  private func removeGone(_ declared: DeclaredSeries, now: UInt64) -> Bool {
    let counters = [
      (gateway.requests, declared.lacksRequest), (gateway.errors, declared.lacksRequest),
      (gateway.outcomes.answers, declared.lacksModel), (gateway.outcomes.rejections, declared.lacksModel),
      (gateway.outcomes.retries, declared.lacksPool), (gateway.outcomes.picks, declared.lacksEndpoint),
      (scrapes, declared.lacksPool), (gateway.pickers.failures, declared.lacksPool),
    ]
    var removed = 0
    for (counter, isGone) in counters {
      removed += counter.removeResting(now: now, grace: Self.grace, where: isGone)
    }
    for histogram in [gateway.duration, gateway.timeToFirstToken] + gateway.tokens.all {
      removed += histogram.removeResting(now: now, grace: Self.grace, where: declared.lacksRequest)
    }
    removed += gateway.queues.duration.removeResting(now: now, grace: Self.grace, where: declared.lacksPool)
    removed += gateway.pickers.duration.removeResting(now: now, grace: Self.grace, where: declared.lacksPool)
    return removed > 0
  }
}

extension EndpointStates {
  /// How many requests wait, by `GatewayInstruments.Queues.labels`; a pool of inference in which none waits has 0 of the usual priority.
  fileprivate var queueSamples: [([String], Double)] {
    queues.filter { $0.key.kind != .service }.flatMap { pool, queue in
      queue.counts.merging([.standard: 0]) { waiting, _ in waiting }
        .map { (pool.metricLabels + [$0.key.description], Double($0.value)) }
    }
  }
}
