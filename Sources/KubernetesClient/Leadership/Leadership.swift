import Dispatch
import Synchronization

/// Whether this process may write: everybody who does looks here first, each time.
public final class Leadership: Sendable {
  /// A process without others beside it: it always leads.
  public static let alone = Leadership(until: .max)

  private let until: Atomic<UInt64>
  private let listeners = Mutex<[@Sendable (Bool) -> Void]>([])
  private let told: Mutex<Bool>

  /// Leads nothing yet.
  public convenience init() { self.init(until: 0) }

  private init(until: UInt64) {
    self.until = Atomic(until)
    told = Mutex(until > 0)
  }

  /// How long the process still leads; `nil` if it does not. The time runs out by itself: a process that was stopped for a while
  /// does not lead when it goes on.
  public var remaining: Duration? {
    let (now, until) = (Self.now, until.load(ordering: .acquiring))
    guard now < until else { return nil }
    return .nanoseconds(Int64(clamping: until - now))
  }

  /// Whether the process leads.
  public var isHeld: Bool { remaining != nil }

  /// Calls `action` whenever the process begins or ceases to lead, on the thread of whoever finds out.
  public func onChange(_ action: @escaping @Sendable (Bool) -> Void) { listeners.withLock { $0.append(action) } }

  /// The process leads until a time of the monotonic clock, in nanoseconds; a past one: it does not.
  func lead(until: UInt64) {
    // The time may have run out while a renewal was under way: those who acted on that hear of both.
    tell()
    self.until.store(until, ordering: .releasing)
    tell()
  }

  /// Tells those who wait for a change, if there is one.
  func tell() {
    let isHeld = isHeld
    let isNew = told.withLock { told in
      defer { told = isHeld }
      return told != isHeld
    }
    guard isNew else { return }
    for listener in listeners.withLock({ $0 }) { listener(isHeld) }
  }

  /// What was told last.
  var isToldHeld: Bool { told.withLock { $0 } }

  static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }
}
