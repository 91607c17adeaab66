import Synchronization

/// How many of a pool's requests may be sent again: a fifth of them, and one a second where there are few. A pool whose
/// servers fail must not get each request several times over.
///
/// Source: the budget of Finagle and Linkerd (tower's `TpsBudget`), which has the same two numbers.
public final class RetryBudget: Sendable {
  /// What one request brings and what one retry costs: five requests pay for a retry.
  private static let cost = 5
  /// What can be saved up: a hundred retries.
  private static let most = 100 * cost

  /// Starts with ten retries.
  private let balance = Atomic<Int>(10 * cost)
  /// When the last second was paid for.
  private let paid = Atomic<UInt64>(0)

  /// A budget of a pool that has had no request yet.
  public init() {}

  /// The pool has got a request.
  public func deposit() {
    if balance.load(ordering: .relaxed) < Self.most { balance.add(1, ordering: .relaxed) }
  }

  /// Takes one retry, if there is one left.
  ///
  /// - Parameter now: nanoseconds of a monotonic clock.
  public func withdraw(now: UInt64) -> Bool {
    payForTime(now)
    var known = balance.load(ordering: .relaxed)
    while known >= Self.cost {
      let (done, original) = balance.weakCompareExchange(
        expected: known, desired: known - Self.cost, ordering: .relaxed)
      if done { return true }
      known = original
    }
    return false
  }

  private func payForTime(_ now: UInt64) {
    let last = paid.load(ordering: .relaxed)
    guard now > last, now - last >= 1_000_000_000 else { return }
    guard paid.compareExchange(expected: last, desired: now, ordering: .relaxed).exchanged, last > 0 else { return }
    let seconds = Int(min((now - last) / 1_000_000_000, 10))
    let known = balance.load(ordering: .relaxed)
    if known < Self.most { balance.add(min(seconds * Self.cost, Self.most - known), ordering: .relaxed) }
  }
}
