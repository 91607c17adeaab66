import Foundation
import JSONText
public import KubernetesAPI
public import Logging
import Synchronization

/// Holds a Lease, or waits for it: of the processes that do so, one leads.
///
/// Source: <https://kubernetes.io/docs/concepts/architecture/leases/>
public final class LeaderLease: Sendable {
  /// Whether this process leads.
  public let leadership = Leadership()
  /// The namespace and name of the Lease.
  public let key: ObjectKey

  private let client: APIClient
  private let times: LeaseTimes
  private let logger: Logger
  private let election: Mutex<LeaseElection>
  private let (stopped, stopper) = AsyncStream.makeStream(of: Never.self)

  /// A candidate.
  ///
  /// - Parameters:
  ///   - client: not one whose writes are fenced by this very Lease.
  ///   - identity: this process's own name, unlike any other's.
  public init(
    client: APIClient, key: ObjectKey, identity: String = LeaderLease.uniqueIdentity(),
    times: LeaseTimes = LeaseTimes(), logger: Logger
  ) {
    // The election tries again by itself, and at its own pace.
    self.client = APIClient(
      configuration: client.configuration,
      transport: TimeLimitedTransport(base: client.transport, limit: .nanoseconds(Int64(times.renewDeadline / 2))),
      retryPolicy: .never, logger: logger)
    self.times = times
    self.logger = logger
    self.key = key
    election = Mutex(LeaseElection(identity: identity, times: times))
  }

  /// Who holds the Lease, as last seen.
  public var holder: String? { election.withLock(\.holder) }

  /// A name for this process: the host's, and something that no other process has.
  public static func uniqueIdentity() -> String {
    ProcessInfo.processInfo.hostName + "_" + UUID().uuidString.lowercased()
  }

  /// Runs until ``stop()`` or cancelled, and then lets others have the Lease at once.
  public func run() async {
    await withTaskGroup { group in
      group.addTask { await self.stand() }
      group.addTask { for await _ in self.stopped {} }
      await group.next()
      group.cancelAll()
    }
    await resign()
  }

  /// Ends ``run()``.
  public func stop() { stopper.finish() }

  private func stand() async {
    while !Task.isCancelled {
      let now = Leadership.now
      switch election.withLock({ $0.next(now: now, time: Self.time) }) {
      case .sleep(let until): await sleep(until: until)
      case .read:
        let outcome = await outcome { try await client.get(Lease.self, name: key.name, namespace: key.namespace) }
        settle { $0.read(outcome, now: Leadership.now) }
      case .create(let spec):
        let lease = Lease(metadata: ObjectMeta(name: key.name, namespace: key.namespace), spec: spec)
        let outcome = await outcome { try await client.create(lease) }
        if case .absent = outcome {
          logger.warning(
            "the Lease cannot be made: its namespace is not there; create it, or give another with --lease-namespace",
            metadata: ["lease": "\(key)"])
        }
        settle { $0.wrote(outcome, sentAt: now, now: Leadership.now) }
      case .replace(let lease):
        let outcome = await outcome { try await client.replace(lease) }
        settle { $0.wrote(outcome, sentAt: now, now: Leadership.now) }
      }
    }
  }

  /// Wakes also when the time has run out in which this process leads, to tell of it.
  private func sleep(until due: UInt64) async {
    let end = election.withLock(\.leadsUntil)
    let wake = end > Leadership.now ? min(due, end) : due
    // Ends early only when cancelled, and then the loop does.
    do { try await Task.sleep(nanoseconds: wake - min(wake, Leadership.now)) } catch { return }
    if wake == end { change { leadership.tell() } }
  }

  private func settle(_ event: (inout LeaseElection) -> Void) {
    let until = election.withLock { election in
      event(&election)
      return election.leadsUntil
    }
    change { leadership.lead(until: until) }
  }

  private func change(_ body: () -> Void) {
    let before = leadership.isToldHeld
    body()
    guard leadership.isToldHeld != before else { return }
    logger.info(
      before ? "another process may lead now: this one writes nothing" : "this process leads",
      metadata: ["lease": "\(key)", "holder": "\(holder ?? "-")"])
  }

  private func resign() async {
    let lease = election.withLock { $0.release(time: Self.time) }
    change { leadership.lead(until: 0) }
    guard let lease else { return }
    if case .done = await outcome({ try await client.replace(lease) }) {
      logger.info("the lease was given back", metadata: ["lease": "\(key)"])
    }
  }

  private func outcome(_ request: () async throws -> Lease) async -> LeaseElection.Outcome {
    do {
      return .done(try await request())
    } catch APIError.notFound {
      return .absent
    } catch APIError.conflict, APIError.alreadyExists {
      return .conflict
    } catch {
      guard !Task.isCancelled else { return .failed }
      logger.warning(
        "the lease by which one process leads could not be read or renewed; it is tried again",
        metadata: ["lease": "\(key)", "error": "\(error)"])
      return .failed
    }
  }

  /// To the microsecond, as Leases have it.
  private static var time: Timestamp {
    Timestamp(rawValue: RFC3339Time(secondsSince1970: Date().timeIntervalSince1970).text(decimals: 6))
  }
}
