import Synchronization

/// What a process has left of the file descriptors that the system lets it have.
///
/// Connections are counted as they come and go, which is exact and costs an atomic addition; all else that a process has
/// open (files, libraries, event loops) changes slowly, and is what the system's own count says beyond them, looked at
/// now and then.
public final class DescriptorBudget: Sendable {
  /// Who has a connection.
  public enum Holder: Sendable, CaseIterable {
    /// A client of the gateway.
    case client
    /// The gateway, to a model server.
    case upstream
    /// A caller of another server in this process: admin, local cluster, simulated model server.
    case inner
  }

  /// The gateway opens no connection to a model server with fewer left than this.
  static let upstreamFloor = 32
  /// No connection to a model server rests with fewer left than this: a request of another event loop may need one, and
  /// cannot take what rests on this one.
  static let restingFloor = 2 * upstreamFloor
  /// Descriptors held for what cannot wait.
  static let reserveSize = 8

  /// The budget of this process: the limit is the system's, and there is one.
  public static let process = DescriptorBudget(
    limit: { DescriptorLimit.current?.soft ?? .max }, open: OpenDescriptors.count,
    lookInterval: OpenDescriptors.isCheap ? 100_000_000 : 1_000_000_000,
    intervalPerDescriptor: OpenDescriptors.isCheap ? 0 : 1_000_000)

  /// No count lengthens the time between two looks by more than this, in nanoseconds.
  static let longestAddition: UInt64 = 60_000_000_000

  let reserve = DescriptorReserve(size: DescriptorBudget.reserveSize)
  let warnings = WarningPause()
  private let systemLimit: @Sendable () -> Int
  private let open: @Sendable () -> Int?
  private let lookInterval: UInt64
  private let intervalPerDescriptor: UInt64
  private let counts = ConnectionCounts()
  /// What is open beyond connections, as last looked at.
  private let others = Atomic<Int>(0)
  private let limitThen = Atomic<Int>(.max)
  private let nextLook = Atomic<UInt64>(0)
  private let lastLook = Atomic<UInt64>(0)
  private let perStream = Atomic<Int>(2)
  private let paused = Atomic<Int>(0)

  /// A budget that asks `limit` and `open` at most each `lookInterval` nanoseconds; `open` is `nil` when nobody knows,
  /// which counts as nothing left.
  ///
  /// Where counting takes time for each descriptor, on an event loop that streams wait for, `intervalPerDescriptor`
  /// nanoseconds for each make the interval longer, so that it takes the same small share of the loop's time however many
  /// are open.
  init(
    limit: @escaping @Sendable () -> Int, open: @escaping @Sendable () -> Int?, lookInterval: UInt64,
    intervalPerDescriptor: UInt64 = 0
  ) {
    systemLimit = limit
    self.open = open
    self.lookInterval = lookInterval
    self.intervalPerDescriptor = intervalPerDescriptor
  }

  /// How many descriptors a client's stream takes in this process: its connection and the one to the model server, and
  /// one more where the model server is in this process too. Clients are accepted only with room for all of it.
  public func expect(descriptorsPerStream: Int) { perStream.store(descriptorsPerStream, ordering: .relaxed) }

  /// A connection was opened.
  public func opened(_ holder: Holder) { counts.add(1, holder) }

  /// A connection was closed; exactly once for each ``opened(_:)``.
  public func closed(_ holder: Holder) { counts.add(-1, holder) }

  /// Connections that are open now.
  public func connections(_ holder: Holder) -> Int { counts[holder] }

  /// Listening sockets of the gateway that do not accept now, for lack of descriptors.
  public var pausedListeners: Int { paused.load(ordering: .relaxed) }

  /// Whether the gateway may open one more connection to a model server, at `now` in nanoseconds of a steady clock.
  public func hasRoomUpstream(now: UInt64) -> Bool {
    let spare = spare(for: .upstream, now: now)
    return spare >= AcceptGate.Marks.scaled(Self.upstreamFloor, limit: limit)
  }

  /// Whether a connection to a model server that no request uses may be kept for the next.
  package func hasRoomToRest(now: UInt64) -> Bool {
    let spare = spare(for: .upstream, now: now)
    return spare >= AcceptGate.Marks.scaled(Self.restingFloor, limit: limit)
  }

  /// Whether a connection that was accepted may stay.
  func hasRoomForAccepted(now: UInt64) -> Bool {
    let spare = spare(for: .inner, now: now)
    return spare >= AcceptGate.Marks.scaled(AcceptGate.Marks.closeBelow, limit: limit)
  }

  /// The system had none left: lets go of those that are held for what cannot wait, and looks again as soon as it may:
  /// at once where that is cheap.
  public func ranOut() {
    reserve.release()
    let earliest = intervalPerDescriptor == 0 ? 0 : lastLook.load(ordering: .relaxed) + lookInterval
    nextLook.store(earliest, ordering: .relaxed)
  }

  /// The limit as last looked at.
  var limit: Int { limitThen.load(ordering: .relaxed) }

  /// What is left for `holder`: for clients, less what those already here will need to be served.
  func spare(for holder: Holder, now: UInt64) -> Int {
    lookIfDue(now)
    let all = limit - others.load(ordering: .relaxed) - counts.sum
    guard holder == .client else { return all }
    let unserved = max(0, counts[.client] - counts[.upstream])
    return all - unserved * (perStream.load(ordering: .relaxed) - 1)
  }

  /// A listening socket of the gateway stopped or went on accepting.
  func listener(isPaused: Bool) { paused.wrappingAdd(isPaused ? 1 : -1, ordering: .relaxed) }

  private func lookIfDue(_ now: UInt64) {
    let due = nextLook.load(ordering: .relaxed)
    guard now >= due,
      nextLook.compareExchange(expected: due, desired: now + lookInterval, ordering: .relaxed).exchanged
    else { return }
    lastLook.store(now, ordering: .relaxed)
    let limit = systemLimit()
    let ours = counts.sum
    let known = open()
    let all = known ?? limit
    rest(after: known, now)
    limitThen.store(limit, ordering: .relaxed)
    others.store(all - ours, ordering: .relaxed)
    // What the reserve takes is seen at the next look, and is too little to matter until then.
    if limit - all > AcceptGate.Marks.clients.pauseBelow { reserve.fill() }
  }

  /// The next look waits longer the more there was to count. A count that failed took no time.
  private func rest(after count: Int?, _ now: UInt64) {
    guard let count, intervalPerDescriptor > 0 else { return }
    let addition = min(Self.longestAddition, UInt64(count) * intervalPerDescriptor)
    nextLook.store(now + lookInterval + addition, ordering: .relaxed)
  }
}
