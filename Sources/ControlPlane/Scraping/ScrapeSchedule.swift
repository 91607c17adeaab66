public import Routing

/// When each endpoint's metrics are read next. Does no I/O and reads no clock: times are monotonic nanoseconds passed in.
///
/// A busy endpoint's load changes from one moment to the next, an idle one's does not: the first is read often, the
/// second seldom, and one that fails is left alone for longer each time.
public struct ScrapeSchedule: Sendable {
  /// The pauses between two reads of one endpoint, in nanoseconds.
  public struct Configuration: Sendable {
    /// Between reads of an endpoint with requests in flight.
    public var busyInterval: UInt64
    /// Between reads of an endpoint without.
    public var idleInterval: UInt64
    /// After the first failure; doubles with each further one.
    public var firstBackoff: UInt64
    /// The longest pause after failures.
    public var longestBackoff: UInt64
    /// How many reads may be under way at once.
    public var concurrency: Int
    /// How many of them may be of endpoints that failed the last time: those that do not answer hold their place until
    /// the time-out, and must not hold up the rest.
    public var failingConcurrency: Int

    /// Pauses in nanoseconds; by default 100 ms busy, 5 s idle, 1 s to 30 s after failures, 32 reads at once, 8 of them
    /// of endpoints that failed.
    public init(
      busyInterval: UInt64 = 100_000_000, idleInterval: UInt64 = 5_000_000_000, firstBackoff: UInt64 = 1_000_000_000,
      longestBackoff: UInt64 = 30_000_000_000, concurrency: Int = 32, failingConcurrency: Int = 8
    ) {
      self.busyInterval = busyInterval
      self.idleInterval = idleInterval
      self.firstBackoff = firstBackoff
      self.longestBackoff = longestBackoff
      self.concurrency = concurrency
      self.failingConcurrency = failingConcurrency
    }
  }

  private struct Entry {
    /// When the last read began; `nil` before the first.
    var startedAt: UInt64?
    var failures = 0
    var isReading = false
  }

  private let configuration: Configuration
  private var entries: [EndpointID: Entry] = [:]
  private var reading = 0
  /// The reads under way of endpoints that failed the last time.
  private var readingFailing: [EndpointID: Int] = [:]

  /// A schedule without endpoints.
  public init(configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// The endpoints under watch.
  public var endpoints: Set<EndpointID> { Set(entries.keys) }

  /// How many failures in a row an endpoint has had; 0 for one that is not under watch.
  public func failures(of endpoint: EndpointID) -> Int { entries[endpoint]?.failures ?? 0 }

  /// Watches exactly these endpoints from now on; new ones are due at once. Returns those that went away.
  public mutating func setEndpoints(_ endpoints: Set<EndpointID>) -> Set<EndpointID> {
    let gone = Set(entries.keys).subtracting(endpoints)
    for endpoint in gone { entries[endpoint] = nil }
    for endpoint in endpoints where entries[endpoint] == nil { entries[endpoint] = Entry() }
    return gone
  }

  /// The endpoints to read now, longest overdue first, marked as being read; never more than the free places, nor
  /// than the free ones for endpoints that fail.
  public mutating func takeDue(now: UInt64, busy: Set<EndpointID>) -> [EndpointID] {
    let free = configuration.concurrency - reading
    guard free > 0 else { return [] }
    // Of thousands that are due, and of thousands that fail, few find a place: the others need no order.
    var (sound, failing) = (Earliest(most: free), Earliest(most: min(free, freeForFailing)))
    for (endpoint, entry) in entries where !entry.isReading {
      let at = dueTime(entry, isBusy: busy.contains(endpoint))
      guard at <= now else { continue }
      if entry.failures > 0 { failing.insert(at, endpoint) } else { sound.insert(at, endpoint) }
    }
    sound.merge(failing)
    for due in sound.all { begin(due.endpoint, now: now) }
    return sound.all.map(\.endpoint)
  }

  /// The first few that are due, in order.
  private struct Earliest {
    let most: Int
    private(set) var all: [(at: UInt64, endpoint: EndpointID)] = []

    init(most: Int) { self.most = most }

    mutating func insert(_ at: UInt64, _ endpoint: EndpointID) {
      if all.count >= most {
        guard let last = all.last, (at, endpoint) < (last.at, last.endpoint) else { return }
        all.removeLast()
      }
      let place = all.firstIndex { (at, endpoint) < ($0.at, $0.endpoint) } ?? all.endIndex
      all.insert((at, endpoint), at: place)
    }

    mutating func merge(_ other: Earliest) {
      for due in other.all { insert(due.at, due.endpoint) }
    }
  }

  /// Marks an endpoint as being read.
  private mutating func begin(_ endpoint: EndpointID, now: UInt64) {
    if failures(of: endpoint) > 0 { readingFailing[endpoint, default: 0] += 1 }
    entries[endpoint]?.startedAt = now
    entries[endpoint]?.isReading = true
    reading += 1
  }

  private var freeForFailing: Int {
    max(0, configuration.failingConcurrency - readingFailing.values.reduce(0, +))
  }

  /// Notes the end of a read that ``takeDue(now:busy:)`` began. An endpoint that went away meanwhile is ignored.
  public mutating func finished(_ endpoint: EndpointID, succeeded: Bool) {
    reading -= 1
    if let count = readingFailing[endpoint] { readingFailing[endpoint] = count > 1 ? count - 1 : nil }
    // An endpoint that left and came back while it was read starts afresh: its entry is not marked as being read.
    guard var entry = entries[endpoint], entry.isReading else { return }
    entry.isReading = false
    entry.failures = succeeded ? 0 : min(entry.failures + 1, 62)
    entries[endpoint] = entry
  }

  /// The earliest time at which an endpoint is due; `nil` while none waits or no place is free.
  public func nextDue(busy: Set<EndpointID>) -> UInt64? {
    guard reading < configuration.concurrency else { return nil }
    let mayReadFailing = freeForFailing > 0
    return entries.lazy.filter { !$0.value.isReading && (mayReadFailing || $0.value.failures == 0) }
      .map { dueTime($0.value, isBusy: busy.contains($0.key)) }.min()
  }

  private func dueTime(_ entry: Entry, isBusy: Bool) -> UInt64 {
    guard let startedAt = entry.startedAt else { return 0 }
    return startedAt + pause(failures: entry.failures, isBusy: isBusy)
  }

  private func pause(failures: Int, isBusy: Bool) -> UInt64 {
    guard failures > 0 else { return isBusy ? configuration.busyInterval : configuration.idleInterval }
    let (pause, overflow) = configuration.firstBackoff.multipliedReportingOverflow(by: 1 << UInt64(failures - 1))
    return overflow ? configuration.longestBackoff : min(pause, configuration.longestBackoff)
  }
}
