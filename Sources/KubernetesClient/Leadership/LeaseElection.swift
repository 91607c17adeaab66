import KubernetesAPI

/// Decides when to read, take and renew a Lease. No I/O and no clock: times are nanoseconds of a monotonic clock, passed in.
///
/// Whether another's lease has run out goes by our own clock from when we last saw it change, never by the times written in
/// it: clocks of machines differ.
///
/// Source: `leaderelection` of client-go; <https://kubernetes.io/docs/concepts/architecture/leases/>
struct LeaseElection: Sendable {
  /// What the shell is to do.
  enum Action: Sendable, Equatable {
    /// Read the Lease, then call ``read(_:now:)``.
    case read
    /// Create it, then call ``wrote(_:sentAt:now:)``.
    case create(LeaseSpec)
    /// Put it in place of the one read, with that one's resourceVersion; then call ``wrote(_:sentAt:now:)``.
    case replace(Lease)
    /// Nothing until then.
    case sleep(until: UInt64)
  }

  /// How a request to the API server ended.
  enum Outcome: Sendable {
    /// As it should.
    case done(Lease)
    /// The Lease is not there.
    case absent
    /// Another was faster: what was read is old.
    case conflict
    /// The server did not answer, or not so; it may have carried the request out.
    case failed
  }

  private enum Knowledge {
    /// It must be read.
    case none
    case absent
    /// As it was at `since`, when we saw it change last.
    case lease(Lease, since: UInt64)
  }

  let identity: String
  let times: LeaseTimes
  /// Until when we lead, as far as this process can tell; a time in the past: we do not.
  private(set) var leadsUntil: UInt64 = 0
  private var knowledge = Knowledge.none
  /// What is known was read since the last pause.
  private var isFresh = false
  private var due: UInt64 = 0

  init(identity: String, times: LeaseTimes = LeaseTimes()) {
    self.identity = identity
    self.times = times
  }

  /// Who holds the Lease, as last seen.
  var holder: String? {
    guard case .lease(let lease, _) = knowledge, let holder = lease.spec?.holderIdentity, !holder.isEmpty else {
      return nil
    }
    return holder
  }

  /// What to do now.
  ///
  /// - Parameter time: the time of day, to be written down for people.
  mutating func next(now: UInt64, time: Timestamp) -> Action {
    if now < due { return .sleep(until: due) }
    switch knowledge {
    case .none: return .read
    case .absent: return isFresh ? .create(claim(nil, time)) : .read
    case .lease(let lease, let since):
      // Who leads renews without looking: should another have it, the server tells.
      if isOurs(lease) && now < leadsUntil { return .replace(claimed(lease, time)) }
      guard isFresh else { return .read }
      if isOurs(lease) || isFree(lease, since: since, now: now) { return .replace(claimed(lease, time)) }
      pause(now)
      return .sleep(until: due)
    }
  }

  /// The Lease was read.
  mutating func read(_ outcome: Outcome, now: UInt64) {
    switch outcome {
    case .done(let lease):
      var since = now
      // By its version: a holder whose clock stands still renews it all the same.
      if case .lease(let known, let then) = knowledge,
        known.metadata.resourceVersion == lease.metadata.resourceVersion
      {
        since = then
      }
      knowledge = .lease(lease, since: since)
      isFresh = true
      if !isOurs(lease) { leadsUntil = 0 }
    case .absent:
      knowledge = .absent
      isFresh = true
      leadsUntil = 0
    case .conflict, .failed: pause(now)
    }
  }

  /// The Lease was written, or not.
  ///
  /// - Parameter sentAt: when the request was sent: others count from no earlier time.
  mutating func wrote(_ outcome: Outcome, sentAt: UInt64, now: UInt64) {
    switch outcome {
    case .done(let lease):
      knowledge = .lease(lease, since: now)
      leadsUntil = sentAt + times.renewDeadline
      pause(now)
    case .absent where !isKnown:
      // What cannot be created because it is not there: its namespace is not.
      pause(now)
    case .absent, .conflict:
      // To be read at once: it may be that our own last write came through after all.
      isFresh = false
      knowledge = .none
    case .failed: pause(now)
    }
  }

  /// What to write to let others have the Lease at once; `nil` where we do not hold it. We do not lead from here on.
  mutating func release(time: Timestamp) -> Lease? {
    leadsUntil = 0
    guard case .lease(var lease, _) = knowledge, isOurs(lease) else { return nil }
    lease.spec?.holderIdentity = ""
    lease.spec?.leaseDurationSeconds = 1
    lease.spec?.renewTime = time
    knowledge = .none
    return lease
  }

  /// Whether the Lease has been seen.
  private var isKnown: Bool {
    if case .lease = knowledge { true } else { false }
  }

  private mutating func pause(_ now: UInt64) {
    isFresh = false
    due = now + times.retryPeriod
  }

  private func isOurs(_ lease: Lease) -> Bool { lease.spec?.holderIdentity == identity }

  private func isFree(_ lease: Lease, since: UInt64, now: UInt64) -> Bool {
    guard let holder = lease.spec?.holderIdentity, !holder.isEmpty else { return true }
    let seconds = max(0, lease.spec?.leaseDurationSeconds ?? 0)
    return now >= since + UInt64(seconds) * 1_000_000_000
  }

  private func claimed(_ lease: Lease, _ time: Timestamp) -> Lease {
    var claimed = lease
    claimed.spec = claim(lease.spec, time)
    return claimed
  }

  private func claim(_ spec: LeaseSpec?, _ time: Timestamp) -> LeaseSpec {
    let isOurs = spec?.holderIdentity == identity
    return LeaseSpec(
      holderIdentity: identity, leaseDurationSeconds: Int(times.duration / 1_000_000_000),
      acquireTime: isOurs ? spec?.acquireTime ?? time : time, renewTime: time,
      leaseTransitions: (spec?.leaseTransitions ?? 0) + (isOurs || spec == nil ? 0 : 1))
  }
}

/// The times of a Lease, in nanoseconds.
public struct LeaseTimes: Sendable, Equatable {
  /// How long others wait after its holder was last seen to renew it.
  public var duration: UInt64
  /// How long its holder acts on a renewal; less than ``duration`` by what requests under way and clocks may take.
  public var renewDeadline: UInt64
  /// How long to wait between two tries.
  public var retryPeriod: UInt64

  /// By default 10 s, 7 s and 2 s.
  public init(
    duration: UInt64 = 10_000_000_000, renewDeadline: UInt64 = 7_000_000_000, retryPeriod: UInt64 = 2_000_000_000
  ) {
    self.duration = duration
    self.renewDeadline = renewDeadline
    self.retryPeriod = retryPeriod
  }
}
