import NIOCore

/// Names one that waits for a connection.
struct LeaseTicket: Hashable {
  var number: UInt64
  /// A connection that was used before is of no use to it.
  var needsNew: Bool
}

/// Who gets which connection to one endpoint, on one event loop: a state machine that does no I/O.
///
/// Who finds none resting waits, and has one opened if the cap lets it. A waiter takes the first connection that is free,
/// the new one or one that is returned; what is then opened for nobody rests. After each event ``opensAnother()`` says what
/// is to be opened, until it says no: nobody waits for nothing.
struct ConnectionLeases<Connection: AnyObject> {
  /// How many there may be.
  struct Limits: Equatable {
    /// Connections: leased, resting and being opened.
    var connections = 1024
    /// Connections that rest.
    var resting = 64
    /// Requests that wait for a connection.
    var waiters = 1024
  }

  typealias Ticket = LeaseTicket

  /// What becomes of a connection.
  enum Use: Equatable {
    case hand(to: Ticket)
    case rest
    case close
  }

  private let limits: Limits
  private var restingOnes: [(connection: Connection, since: UInt64)] = []
  private var waiting = CircularBuffer<Ticket>()
  private var lastTicket: UInt64 = 0
  private(set) var leased = 0
  private(set) var opening = 0

  init(limits: Limits = Limits()) { self.limits = limits }

  /// Connections that rest.
  var resting: Int { restingOnes.count }
  /// Requests that wait.
  var waiters: Int { waiting.count }
  /// Nobody holds, opens, keeps or waits for anything.
  var isEmpty: Bool { restingOnes.isEmpty && waiting.isEmpty && leased == 0 && opening == 0 }
  /// When the connection that has rested longest began to.
  var oldest: UInt64? { restingOnes.first?.since }

  private var isAtCap: Bool { leased + opening + restingOnes.count >= limits.connections }

  /// The connection that came back last, since it is the least likely to be stale.
  mutating func takeResting() -> Connection? {
    guard let taken = restingOnes.popLast() else { return nil }
    leased += 1
    return taken.connection
  }

  /// Waits for a connection; `nil` where too many wait already. `needsNew` takes none that was used before: the endpoint may be
  /// closing that one, too.
  mutating func wait(needsNew: Bool = false) -> Ticket? {
    guard waiting.count < limits.waiters else { return nil }
    lastTicket += 1
    let ticket = Ticket(number: lastTicket, needsNew: needsNew)
    waiting.append(ticket)
    return ticket
  }

  /// Nobody waits with the ticket any more.
  mutating func cancel(_ ticket: Ticket) { waiting.removeAll { $0 == ticket } }

  /// A connection was opened.
  mutating func opened(_ connection: Connection, now: UInt64) -> Use {
    opening -= 1
    if let ticket = waiting.popFirst() { return hand(to: ticket) }
    return rest(connection, now: now)
  }

  /// A connection could not be opened: returns the one that has waited longest, to be told, unless one is being opened for each
  /// that waits.
  mutating func failedToOpen() -> Ticket? {
    opening -= 1
    return waiting.count > opening ? waiting.popFirst() : nil
  }

  /// A leased connection is returned, to be used again if it can be.
  mutating func giveBack(_ connection: Connection, isReusable: Bool, now: UInt64) -> Use {
    leased -= 1
    guard isReusable else { return .close }
    if let index = waiting.firstIndex(where: { !$0.needsNew }) { return hand(to: waiting.remove(at: index)) }
    // Those that wait for a new one need its place.
    if waiting.count > opening, leased + opening + restingOnes.count + 1 >= limits.connections { return .close }
    return rest(connection, now: now)
  }

  /// A resting connection is gone.
  mutating func forget(_ connection: Connection) { restingOnes.removeAll { $0.connection === connection } }

  /// Takes out the connections that have rested since before `time`.
  mutating func removeResting(since time: UInt64) -> [Connection] {
    let old = restingOnes.prefix { $0.since <= time }.map(\.connection)
    restingOnes.removeFirst(old.count)
    return old
  }

  private mutating func hand(to ticket: Ticket) -> Use {
    leased += 1
    return .hand(to: ticket)
  }

  private mutating func rest(_ connection: Connection, now: UInt64) -> Use {
    guard restingOnes.count < limits.resting else { return .close }
    restingOnes.append((connection, now))
    return .rest
  }

  /// Whether one more is to be opened for those that wait; counts it.
  mutating func opensAnother() -> Bool {
    guard waiting.count > opening, !isAtCap else { return false }
    opening += 1
    return true
  }
}
