import NIOCore

/// Who gets a stream of which connection of HTTP/2 to one endpoint, on one event loop: a state machine that does no I/O.
///
/// A connection carries as many requests at once as its endpoint allows, up to a bound of ours. Who finds no room waits, and has a
/// connection opened if those that are being opened are too few for all who wait. After each event ``assign()`` says who is served,
/// and ``opensAnother()`` what is to be opened, each until it says no: nobody waits for nothing.
struct StreamLeases<Connection: AnyObject> {
  typealias Ticket = LeaseTicket

  /// How many there may be.
  struct Limits: Equatable {
    /// Connections: open and being opened.
    var connections = 1024
    /// Streams of one connection, whatever its endpoint allows.
    var streams = 100
    /// Connections without a stream.
    var resting = 64
    /// Requests that wait for a stream.
    var waiters = 1024
  }

  /// A connection that a stream is to be opened on.
  struct Turn {
    var connection: Connection
    /// It has carried requests before, and carries none now: its endpoint may be closing it.
    var wasResting: Bool
  }

  private struct Entry {
    let connection: Connection
    /// Connections and tickets are counted together: a connection with a higher number was opened later.
    let number: UInt64
    var limit: Int
    var streams = 0
    var wasUsed = false
    var isRetired = false
    var restingSince: UInt64

    var hasRoom: Bool { !isRetired && streams < limit }
  }

  private let limits: Limits
  private var entries: [Entry] = []
  private var waiting = CircularBuffer<Ticket>()
  private var lastNumber: UInt64 = 0
  /// The streams that the next connection is expected to have.
  private var expected: Int
  private(set) var opening = 0

  init(limits: Limits = Limits()) {
    self.limits = limits
    expected = limits.streams
  }

  /// Connections without a stream.
  var resting: Int { entries.count { $0.streams == 0 } }
  /// Connections with streams.
  var busy: Int { entries.count - resting }
  /// Streams in all.
  var streams: Int { entries.reduce(0) { $0 + $1.streams } }
  /// Requests that wait.
  var waiters: Int { waiting.count }
  /// Nobody opens, keeps or waits for anything.
  var isEmpty: Bool { entries.isEmpty && waiting.isEmpty && opening == 0 }
  /// When the connection that has rested longest began to.
  var oldest: UInt64? { entries.lazy.filter { $0.streams == 0 }.map(\.restingSince).min() }

  /// A stream, if a connection has room.
  mutating func take() -> Turn? { entries.firstIndex(where: \.hasRoom).map { begin(at: $0) } }

  /// Waits for a stream; `nil` where too many wait already. `needsNew` takes a connection only that is opened from now on.
  mutating func wait(needsNew: Bool = false) -> Ticket? {
    guard waiting.count < limits.waiters else { return nil }
    lastNumber += 1
    let ticket = Ticket(number: lastNumber, needsNew: needsNew)
    waiting.append(ticket)
    return ticket
  }

  /// Nobody waits with the ticket any more.
  mutating func cancel(_ ticket: Ticket) { waiting.removeAll { $0 == ticket } }

  /// The next that waits and can be served.
  mutating func assign() -> (ticket: Ticket, turn: Turn)? {
    guard !waiting.isEmpty, entries.contains(where: \.hasRoom) else { return nil }
    for index in waiting.indices {
      let ticket = waiting[index]
      let found = entries.firstIndex { $0.hasRoom && (!ticket.needsNew || $0.number > ticket.number) }
      guard let found else { continue }
      waiting.remove(at: index)
      return (ticket, begin(at: found))
    }
    return nil
  }

  /// Whether one more connection is to be opened for those that wait; counts it.
  mutating func opensAnother() -> Bool {
    guard waiting.count > opening * expected, entries.count + opening < limits.connections else { return false }
    // An endpoint whose settings allow no stream at all is not asked for one connection after another.
    guard !entries.contains(where: { $0.limit == 0 && !$0.isRetired }) else { return false }
    opening += 1
    return true
  }

  /// A connection was opened, whose endpoint allows so many streams.
  mutating func opened(_ connection: Connection, limit: Int, now: UInt64) {
    opening -= 1
    lastNumber += 1
    let limit = min(limit, limits.streams)
    expected = max(1, limit)
    entries.append(Entry(connection: connection, number: lastNumber, limit: limit, restingSince: now))
  }

  /// A connection could not be opened: returns those that are to be told, so many that those that are being opened are enough
  /// for the others.
  mutating func failedToOpen() -> [Ticket] {
    opening -= 1
    let told = max(0, waiting.count - opening * expected)
    defer { waiting.removeFirst(told) }
    return Array(waiting.prefix(told))
  }

  /// The endpoint allows so many streams from now on.
  mutating func limit(_ connection: Connection, to limit: Int) {
    guard let index = index(of: connection) else { return }
    entries[index].limit = min(limit, limits.streams)
    expected = max(1, entries[index].limit)
  }

  /// A stream of the connection has ended. Returns whether the connection is to be closed: it is of no more use, enough rest, or
  /// somebody who needs a new one needs its place.
  mutating func ended(_ connection: Connection, now: UInt64) -> Bool {
    guard let index = index(of: connection) else { return false }
    entries[index].streams -= 1
    guard entries[index].streams == 0 else { return false }
    entries[index].restingSince = now
    let isInTheWay = waiting.count > opening * expected && entries.count + opening >= limits.connections
    let isTooMuch = isInTheWay && !waiting.contains { !$0.needsNew } || resting > limits.resting
    guard entries[index].isRetired || isTooMuch else { return false }
    entries.remove(at: index)
    return true
  }

  /// The connection takes no further streams. Returns whether it is to be closed at once.
  mutating func retire(_ connection: Connection) -> Bool {
    guard let index = index(of: connection) else { return false }
    entries[index].isRetired = true
    guard entries[index].streams == 0 else { return false }
    entries.remove(at: index)
    return true
  }

  /// The connection is gone, and its streams with it.
  mutating func forget(_ connection: Connection) { entries.removeAll { $0.connection === connection } }

  /// Takes out the connections that have rested since before `time`.
  mutating func removeResting(since time: UInt64) -> [Connection] {
    let old = entries.filter { $0.streams == 0 && $0.restingSince <= time }.map(\.connection)
    entries.removeAll { $0.streams == 0 && $0.restingSince <= time }
    return old
  }

  /// All connections take no further streams: returns those that are to be closed at once.
  mutating func retireAll() -> [Connection] {
    let idle = removeResting(since: .max)
    for index in entries.indices { entries[index].isRetired = true }
    return idle
  }

  private func index(of connection: Connection) -> Int? { entries.firstIndex { $0.connection === connection } }

  private mutating func begin(at index: Int) -> Turn {
    defer {
      entries[index].streams += 1
      entries[index].wasUsed = true
    }
    let entry = entries[index]
    return Turn(connection: entry.connection, wasResting: entry.wasUsed && entry.streams == 0)
  }
}
