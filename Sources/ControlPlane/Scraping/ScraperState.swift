import Routing
import Synchronization

/// What the scraper's loop and its reads share.
final class ScraperState: Sendable {
  private struct Memory {
    var schedule: ScrapeSchedule
    /// The first pool, by name, that has the endpoint.
    var poolOf: [EndpointID: PoolID] = [:]
    /// When each endpoint is asked next for its models, in monotonic nanoseconds.
    var modelsDue: [EndpointID: UInt64] = [:]
  }

  private let memory: Mutex<Memory>
  private let states: EndpointStates

  init(schedule: ScrapeSchedule, states: EndpointStates) {
    self.states = states
    memory = Mutex(Memory(schedule: schedule))
  }

  /// Reads the endpoints of exactly these pools from now on; loads of others are forgotten.
  func setPools(_ pools: [Pool]) {
    let pairs = pools.flatMap { pool in pool.endpoints.map { ($0.id, pool.id) } }
    let gone = memory.withLock { memory in
      memory.poolOf = Dictionary(pairs, uniquingKeysWith: { min($0, $1) })
      memory.modelsDue = memory.modelsDue.filter { memory.poolOf[$0.key] != nil }
      return memory.schedule.setEndpoints(Set(memory.poolOf.keys))
    }
    for endpoint in gone {
      states.known(endpoint)?.update(nil)
      states.known(endpoint)?.update(served: [])
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
    states.known(endpoint)?.load ?? EndpointLoad()
  }

  /// Whether an endpoint is to be asked for its models now; if so, the next time is after `pause` nanoseconds.
  func takesModels(of endpoint: EndpointID, now: UInt64, pause: UInt64) -> Bool {
    memory.withLock { memory in
      guard memory.poolOf[endpoint] != nil, memory.modelsDue[endpoint] ?? 0 <= now else { return false }
      memory.modelsDue[endpoint] = now + pause
      return true
    }
  }

  /// An endpoint has named its models. One that left the table meanwhile is ignored.
  func named(_ models: [ServedModel], by endpoint: EndpointID) {
    if pool(of: endpoint) != nil { states.state(of: endpoint).update(served: models) }
  }

  /// Notes the end of a read, with its load if it succeeded. Returns how many reads had failed in a row before it.
  func finished(_ endpoint: EndpointID, load: EndpointLoad?) -> Int {
    let (failures, isHere) = memory.withLock { memory in
      let failures = memory.schedule.failures(of: endpoint)
      memory.schedule.finished(endpoint, succeeded: load != nil)
      return (failures, memory.poolOf[endpoint] != nil)
    }
    if let load, isHere { states.state(of: endpoint).update(load) }
    return failures
  }
}
