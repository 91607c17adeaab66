import Synchronization

/// What is known of an endpoint beyond what the table says of it: it lives on from table to table.
///
/// Everything that picking reads is an atomic number, so that no request takes a lock for an endpoint. A reading that is
/// replaced while somebody looks may be seen half old and half new; both halves are true of a moment ago.
public final class EndpointState: Sendable {
  /// How long a failure is remembered, in nanoseconds: 5 s. A pod that died stops being ready about then.
  public static let failureMemory: UInt64 = 5_000_000_000
  /// Failures in a row, no answer between them, for which the endpoint is ejected.
  public static let failuresUntilEjected = 5
  /// How long the first ejection lasts, in nanoseconds: 10 s. Each that follows without an answer between them lasts twice as
  /// long as the one before.
  public static let firstEjection: UInt64 = 10_000_000_000
  /// What a new endpoint gets at first of the share that it will have: a tenth.
  public static let firstShare = 0.1
  /// The longest ejection, in nanoseconds: 300 s.
  public static let longestEjection: UInt64 = 300_000_000_000

  /// Where the endpoint listens.
  public let id: EndpointID
  private let requests = Atomic<Int>(0)
  private let uploads = Atomic<Int>(0)
  private let failedUntil = Atomic<UInt64>(0)
  /// Failures since the last answer.
  private let failures = Atomic<Int>(0)
  /// Ejections since the last answer.
  private let ejections = Atomic<Int>(0)
  private let ejectedUntil = Atomic<UInt64>(0)
  /// When somebody first wanted to pick; 0 before.
  private let seenAt = Atomic<UInt64>(0)
  private let waiting = Atomic<Int>(0)
  private let running = Atomic<Int>(0)
  private let cacheUsage = Atomic<UInt64>(0)
  /// 0 while nothing was ever read.
  private let scrapedAt = Atomic<UInt64>(0)
  private let newest = Mutex<EndpointLoad?>(nil)
  private let models = Mutex<[ServedModel]>([])
  private let discoveries: DiscoveryCount

  /// An endpoint of which nothing is known yet.
  public convenience init(_ id: EndpointID) { self.init(id, discoveries: DiscoveryCount()) }

  /// - Parameter discoveries: is told when it serves other models.
  init(_ id: EndpointID, discoveries: DiscoveryCount) { (self.id, self.discoveries) = (id, discoveries) }

  /// Requests of this process that the endpoint is working on.
  public var inFlight: Int { requests.load(ordering: .relaxed) }

  /// Requests of this process that are still being sent to the endpoint.
  public var uploading: Int { uploads.load(ordering: .relaxed) }

  /// The endpoint works on one more request. Each is to be followed by one ``end()``.
  public func begin() { requests.add(1, ordering: .relaxed) }

  /// The endpoint is done with a request.
  public func end() {
    let before = requests.subtract(1, ordering: .relaxed).oldValue
    assert(before > 0, "a request of \(id) ends that did not begin")
  }

  /// One more request is being sent. Each is to be followed by one ``endUpload()``.
  public func beginUpload() { uploads.add(1, ordering: .relaxed) }

  /// A request was sent whole, or is not sent any further.
  public func endUpload() {
    let before = uploads.subtract(1, ordering: .relaxed).oldValue
    assert(before > 0, "an upload to \(id) ends that did not begin")
  }

  /// A connection to the endpoint failed, or was lost before a response.
  ///
  /// - Parameters:
  ///   - now: nanoseconds of the monotonic clock that ``RequestRouter`` is given.
  ///   - mayEject: whether the pool can do without the endpoint. After an ejection it is on probation: the first failure ejects
  ///     it again.
  public func fail(now: UInt64, mayEject: Bool = false) {
    failedUntil.store(now + Self.failureMemory, ordering: .relaxed)
    let count = failures.add(1, ordering: .relaxed).newValue
    guard mayEject, count >= Self.failuresUntilEjected, !isEjected(now: now) else { return }
    let before = ejections.add(1, ordering: .relaxed).oldValue
    let pause = min(Self.firstEjection << UInt64(min(before, 8)), Self.longestEjection)
    ejectedUntil.store(now + pause, ordering: .relaxed)
  }

  /// The endpoint answered.
  public func succeed() {
    // Nearly always it did before, and nobody needs to take the line of memory from other processors.
    if failures.load(ordering: .relaxed) != 0 { failures.store(0, ordering: .relaxed) }
    if ejections.load(ordering: .relaxed) != 0 { ejections.store(0, ordering: .relaxed) }
  }

  /// Whether the endpoint is to be left alone.
  public func isEjected(now: UInt64) -> Bool { now < ejectedUntil.load(ordering: .relaxed) }

  /// Whether others are to be turned to first: a request failed here in the last ``failureMemory``, or it is ejected, or on
  /// probation with a request that tries it.
  public func hasFailedLately(now: UInt64) -> Bool {
    if now < failedUntil.load(ordering: .relaxed) || isEjected(now: now) { return true }
    return ejections.load(ordering: .relaxed) > 0 && inFlight > 0
  }

  /// How much of its share of requests the endpoint may have, above 0 and up to 1: a new one compiles kernels and fills its caches, and
  /// would else be sent everything, since it has nothing to do. Grows evenly from ``firstShare`` over `slowStart` nanoseconds, from the
  /// first time on that a request could have been sent there.
  ///
  /// Source: slow start of Envoy and nginx.
  func share(now: UInt64, slowStart: UInt64) -> Double {
    var since = seenAt.load(ordering: .relaxed)
    if since == 0 {
      let (done, original) = seenAt.compareExchange(expected: 0, desired: max(now, 1), ordering: .relaxed)
      since = done ? max(now, 1) : original
    }
    let age = now > since ? now - since : 0
    return age >= slowStart ? 1 : max(Self.firstShare, Double(age) / Double(slowStart))
  }

  /// What the endpoint's metrics said when they were last read; `nil` if they never were.
  public var load: EndpointLoad? { newest.withLock { $0 } }

  /// The metrics were read; `nil` forgets what they said.
  public func update(_ load: EndpointLoad?) {
    newest.withLock { $0 = load }
    waiting.store(load?.waiting ?? 0, ordering: .relaxed)
    running.store(load?.running ?? 0, ordering: .relaxed)
    cacheUsage.store((load?.kvCacheUsage ?? 0).bitPattern, ordering: .relaxed)
    scrapedAt.store(load?.scrapedAt ?? 0, ordering: .releasing)
  }

  /// The models that the endpoint named when it was last asked; empty if it never answered.
  public var served: [ServedModel] { models.withLock { $0 } }

  /// The endpoint has said what it serves; empty forgets it.
  public func update(served: [ServedModel]) {
    let isNew = models.withLock { known in
      defer { known = served }
      return known != served
    }
    if isNew { discoveries.add() }
  }

  /// What the metrics said, if that is still believed.
  ///
  /// - Parameter limit: the age in nanoseconds up to which it is.
  func signals(now: UInt64, limit: UInt64) -> LoadSignals? {
    let then = scrapedAt.load(ordering: .acquiring)
    // A reading may be a little newer than `now`: it was taken on another thread.
    guard then > 0, then >= now || now - then <= limit else { return nil }
    return LoadSignals(
      waiting: waiting.load(ordering: .relaxed), running: running.load(ordering: .relaxed),
      kvCacheUsage: Double(bitPattern: cacheUsage.load(ordering: .relaxed)))
  }
}

/// The numbers of an endpoint's metrics that every request is picked by.
public struct LoadSignals: Sendable, Equatable {
  /// Requests waiting for a place in a batch.
  public var waiting: Int
  /// Requests in execution.
  public var running: Int
  /// The share of the KV cache in use, 0 to 1.
  public var kvCacheUsage: Double

  /// Signals; idle unless told otherwise.
  public init(waiting: Int = 0, running: Int = 0, kvCacheUsage: Double = 0) {
    self.waiting = waiting
    self.running = running
    self.kvCacheUsage = kvCacheUsage
  }
}
