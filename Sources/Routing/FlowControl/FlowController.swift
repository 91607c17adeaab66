/// Which of the requests that wait for a pool is the next to be let in: the highest priority first; among those of one priority
/// the models take turns; those of one model go in the order in which they came. No clock, no lock, no I/O.
///
/// Letting in goes one by one: the next is let in once the one before it has been sent to its endpoint (``settle(_:)``), so that
/// each is judged by counts that hold those before it.
///
/// Source: the flow control of the llm-d router (strict priority bands, round robin among flows, first come first served).
struct FlowController<Waiter> {
  /// One that waits, or was let in and has not settled.
  struct Ticket: Hashable, Sendable {
    fileprivate let number: UInt64
    let priority: Priority
    let flow: String
  }

  /// What became of one that came.
  enum Entry {
    /// It waits. Where all places were taken, it has that of one of lower priority, which is turned away.
    case waits(Ticket, inPlaceOf: Waiter?)
    /// All places are taken, by none of lower priority.
    case full
  }

  private struct Waiting {
    let ticket: Ticket
    let waiter: Waiter
  }

  /// Those of one model, in the order in which they came.
  private struct Flow {
    let name: String
    var waiting: [Waiting]

    /// The number of the last to come.
    var newest: UInt64 { waiting.last?.ticket.number ?? 0 }
  }

  /// Those of one priority; the first flow is the next to have its turn.
  private struct Band {
    let priority: Priority
    var flows: [Flow]
  }

  private struct Grant {
    let ticket: Ticket
    let until: UInt64
  }

  /// The highest priority first; none is empty, and none of their flows.
  private var bands: [Band] = []
  private var lastNumber: UInt64 = 0
  private var grant: Grant?
  /// How many wait.
  private(set) var count = 0

  /// How many wait, by priority.
  var counts: [Priority: Int] {
    Dictionary(uniqueKeysWithValues: bands.map { ($0.priority, $0.flows.reduce(0) { $0 + $1.waiting.count }) })
  }

  /// How long others wait for one that was let in to settle, in nanoseconds: 1 s.
  static var grantTime: UInt64 { 1_000_000_000 }

  /// One comes to wait.
  ///
  /// - Parameters:
  ///   - flow: what takes turns with others of its priority.
  ///   - places: how many may wait at once.
  mutating func enter(_ waiter: Waiter, priority: Priority, flow: String, places: Int) -> Entry {
    var turnedAway: Waiter?
    if count >= places {
      guard let lowest = bands.last, lowest.priority < priority else { return .full }
      turnedAway = removeNewest()
    }
    lastNumber += 1
    let ticket = Ticket(number: lastNumber, priority: priority, flow: flow)
    append(Waiting(ticket: ticket, waiter: waiter))
    return .waits(ticket, inPlaceOf: turnedAway)
  }

  /// Lets the next in, if there is room for its priority and the one before it has settled.
  ///
  /// - Parameter now: nanoseconds of a monotonic clock.
  mutating func admitNext(now: UInt64, if hasRoom: (Priority) -> Bool) -> Waiter? {
    if let grant, now < grant.until { return nil }
    guard let priority = bands.first?.priority, hasRoom(priority) else { return nil }
    var flow = bands[0].flows.removeFirst()
    let next = flow.waiting.removeFirst()
    if !flow.waiting.isEmpty { bands[0].flows.append(flow) }
    if bands[0].flows.isEmpty { bands.removeFirst() }
    count -= 1
    grant = Grant(ticket: next.ticket, until: now + Self.grantTime)
    return next.waiter
  }

  /// One that was let in has been sent to an endpoint, or is not sent any more.
  mutating func settle(_ ticket: Ticket) {
    if grant?.ticket == ticket { grant = nil }
  }

  /// One does not wait any longer. False: it has been let in, or was turned away.
  mutating func leave(_ ticket: Ticket) -> Bool {
    guard let band = bands.firstIndex(where: { $0.priority == ticket.priority }),
      let flow = bands[band].flows.firstIndex(where: { $0.name == ticket.flow }),
      let place = bands[band].flows[flow].waiting.firstIndex(where: { $0.ticket == ticket })
    else { return false }
    remove(band, flow, place)
    return true
  }

  private mutating func append(_ waiting: Waiting) {
    let priority = waiting.ticket.priority
    let place = bands.firstIndex { $0.priority <= priority } ?? bands.endIndex
    if place == bands.endIndex || bands[place].priority != priority {
      bands.insert(Band(priority: priority, flows: []), at: place)
    }
    if let flow = bands[place].flows.firstIndex(where: { $0.name == waiting.ticket.flow }) {
      bands[place].flows[flow].waiting.append(waiting)
    } else {
      bands[place].flows.append(Flow(name: waiting.ticket.flow, waiting: [waiting]))
    }
    count += 1
  }

  /// Removes the last to come of the lowest priority.
  private mutating func removeNewest() -> Waiter? {
    guard let band = bands.indices.last else { return nil }
    let flows = bands[band].flows
    let newest = flows.indices.max { flows[$0].newest < flows[$1].newest }
    guard let newest, let place = flows[newest].waiting.indices.last else { return nil }
    return remove(band, newest, place)
  }

  @discardableResult
  private mutating func remove(_ band: Int, _ flow: Int, _ place: Int) -> Waiter {
    let removed = bands[band].flows[flow].waiting.remove(at: place)
    if bands[band].flows[flow].waiting.isEmpty { bands[band].flows.remove(at: flow) }
    if bands[band].flows.isEmpty { bands.remove(at: band) }
    count -= 1
    return removed.waiter
  }
}

extension FlowController.Entry: Sendable where Waiter: Sendable {}
