import Synchronization

/// How many of a pool's requests may be sent again: a fifth of them, and ten a second where there are few. A pool whose
/// servers fail must not get each request several times over.
///
/// Source: `RetryConstraint` of Gateway API's experimental XBackendTrafficPolicy, and the budget of Finagle: the same two numbers, over
/// ten seconds.
public final class RetryBudget: Sendable {
  /// What one request brings and what one retry costs: five requests pay for a retry.
  private static let cost = 5
  /// What a second brings: ten retries.
  private static let second = 10 * cost
  /// What can be saved up, and is there at the beginning: what ten seconds bring.
  private static let most = 10 * second

  private let balance = Atomic<Int>(most)
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
    if known < Self.most { balance.add(min(seconds * Self.second, Self.most - known), ordering: .relaxed) }
  }
}
