import Synchronization

/// The requests that wait until their pool has room for them; one object a pool, which lives on from table to table.
public final class PoolQueue: Sendable {
  /// Hears what becomes of one that waits: called at most once, on the thread of whoever causes it.
  public typealias Waiter = @Sendable (Verdict) -> Void

  /// What one that waits is told.
  public enum Verdict: Sendable, Equatable {
    /// It may be sent now; ``PoolQueue/settle(_:)`` is to follow.
    case admitted
    /// Its place was needed by one of higher priority.
    case turnedAway
  }

  /// Names one that waits.
  public struct Ticket: Hashable, Sendable {
    fileprivate let ticket: FlowController<Waiter>.Ticket
  }

  private let controller = Mutex(FlowController<Waiter>())
  private let waiting = Atomic<Int>(0)

  /// A queue in which nobody waits.
  public init() {}

  /// How many wait.
  public var count: Int { waiting.load(ordering: .relaxed) }

  /// How many wait, by priority.
  public var counts: [Priority: Int] { controller.withLock(\.counts) }

  /// One comes to wait.
  ///
  /// - Parameters:
  ///   - flow: what takes turns with others of the same priority: the model's name.
  ///   - places: how many may wait at once.
  /// - Returns: `nil` where all places are taken by requests that are no less important.
  public func enter(priority: Priority, flow: String, places: Int, _ waiter: @escaping Waiter) -> Ticket? {
    let entry = change { $0.enter(waiter, priority: priority, flow: flow, places: places) }
    guard case .waits(let ticket, let turnedAway) = entry else { return nil }
    turnedAway?(.turnedAway)
    return Ticket(ticket: ticket)
  }

  /// Lets the next in, if there is room for its priority, and the one before it has settled.
  ///
  /// - Parameters:
  ///   - now: nanoseconds of the monotonic clock.
  ///   - hasRoom: called with the queue's lock held.
  func admitNext(now: UInt64, if hasRoom: (Priority) -> Bool) {
    change { $0.admitNext(now: now, if: hasRoom) }?(.admitted)
  }

  /// One that was let in has been sent to an endpoint, or is not sent any more.
  public func settle(_ ticket: Ticket) { change { $0.settle(ticket.ticket) } }

  /// One does not wait any longer. False: it has been told its verdict, or is about to be.
  public func leave(_ ticket: Ticket) -> Bool { change { $0.leave(ticket.ticket) } }

  private func change<Result: Sendable>(_ body: (inout FlowController<Waiter>) -> Result) -> Result {
    controller.withLock { controller in
      defer { waiting.store(controller.count, ordering: .relaxed) }
      return body(&controller)
    }
  }
}
