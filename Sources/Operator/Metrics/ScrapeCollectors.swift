import ControlPlane
import Observability
import Routing
import Synchronization
import Translation

/// Everything that is computed when somebody scrapes, instead of being tracked.
final class ScrapeCollectors: Sendable {
  private let gateway: GatewayInstruments
  private let counts: RequestCounts
  private let pools: PoolCollector
  private let tables: TableCollector
  private let conditions: Gauge
  private let memory = Mutex(Memory())

  init(
    gateway: GatewayInstruments, pools: PoolInstruments, control: ControlInstruments, counts: RequestCounts,
    inFlight: InFlightCounts
  ) {
    self.gateway = gateway
    self.counts = counts
    self.pools = PoolCollector(instruments: pools, inFlight: inFlight)
    tables = TableCollector(control)
    conditions = control.conditions
  }

  func collect(_ table: Published<RoutingTable>, _ loads: LoadSnapshot, _ statuses: StatusReport?) {
    tables.collect(table)
    let current = table.current
    pools.collect(current, loads, now: Monotonic.now)
    followDeclarations(DeclaredSeries(current))
    conditions.replaceAll((statuses?.conditionSamples() ?? []).map { ($0, 1) })
  }

  /// Series of what is declared begin at 0. Those of what is gone are shown in one more scrape, so that its last counts are
  /// not lost, then no more.
  private func followDeclarations(_ now: DeclaredSeries) {
    let (before, leaving) = memory.withLock { memory in
      defer { memory = Memory(declared: now, leaving: memory.declared.models.subtracting(now.models)) }
      return (memory.declared, memory.leaving.subtracting(now.models))
    }
    now.start(in: gateway)
    let isGone: ([String]) -> Bool = { labels in
      now.lacksPool(labels) && before.lacksPool(labels) || leaving.contains(Array(labels.prefix(4)))
    }
    var removed = 0
    for counter in [gateway.requests, gateway.errors, gateway.answers, gateway.rejections, gateway.retries] {
      removed += counter.remove(where: isGone)
    }
    for histogram in [gateway.duration, gateway.timeToFirstToken] { removed += histogram.remove(where: isGone) }
    removed += gateway.picks.remove { now.lacksEndpoint($0) && before.lacksEndpoint($0) }
    if removed > 0 { counts.forget() }
  }

  private struct Memory {
    var declared = DeclaredSeries()
    /// Pool labels and names of the models that left with the last scrape.
    var leaving: Set<[String]> = []
  }
}
