import Routing
import Synchronization

/// What the scraper's loop and its reads share.
final class ScraperState: Sendable {
  private struct Memory {
    var schedule: ScrapeSchedule
    var pools: [Pool] = []
    /// The first pool, by name, that has the endpoint.
    var poolOf: [EndpointID: PoolID] = [:]
    var loads: [EndpointID: EndpointLoad] = [:]
    var hasChanged = false
  }

  private let memory: Mutex<Memory>

  init(schedule: ScrapeSchedule) {
    memory = Mutex(Memory(schedule: schedule))
  }

  /// The InferencePools of the newest table.
  var pools: [Pool] { memory.withLock { $0.pools } }

  /// Reads the endpoints of exactly these pools from now on; loads of others are forgotten.
  func setPools(_ pools: [Pool]) {
    let pairs = pools.flatMap { pool in pool.endpoints.map { ($0.id, pool.id) } }
    memory.withLock { memory in
      memory.pools = pools
      memory.poolOf = Dictionary(pairs, uniquingKeysWith: { min($0, $1) })
      let gone = memory.schedule.setEndpoints(Set(memory.poolOf.keys))
      for endpoint in gone { memory.loads[endpoint] = nil }
      memory.hasChanged = true
    }
  }

  /// The loads, if anything changed since the last call.
  func takeChanges() -> LoadSnapshot? {
    memory.withLock { memory in
      guard memory.hasChanged else { return nil }
      memory.hasChanged = false
      return LoadSnapshot(loads: memory.loads)
    }
  }

  func takeDue(now: UInt64, busy: Set<EndpointID>) -> [EndpointID] {
    memory.withLock { $0.schedule.takeDue(now: now, busy: busy) }
  }

  func nextDue(busy: Set<EndpointID>) -> UInt64? {
    memory.withLock { $0.schedule.nextDue(busy: busy) }
  }

  /// `nil` for an endpoint that has just left the table.
  func pool(of endpoint: EndpointID) -> PoolID? {
    memory.withLock { $0.poolOf[endpoint] }
  }

  /// What is known of an endpoint; an empty load when it was never read.
  func load(of endpoint: EndpointID) -> EndpointLoad {
    memory.withLock { $0.loads[endpoint] ?? EndpointLoad() }
  }

  /// Notes the end of a read, with its load if it succeeded. Returns how many reads had failed in a row before it.
  func finished(_ endpoint: EndpointID, load: EndpointLoad?) -> Int {
    memory.withLock { memory in
      let failures = memory.schedule.failures(of: endpoint)
      memory.schedule.finished(endpoint, succeeded: load != nil)
      if let load, memory.poolOf[endpoint] != nil {
        memory.loads[endpoint] = load
        memory.hasChanged = true
      }
      return failures
    }
  }
}
