import Routing
import Testing

@Suite("How many requests of a pool may be sent again") struct RetryBudgetTests {
  private static let second: UInt64 = 1_000_000_000

  private func retries(_ budget: RetryBudget, now: UInt64) -> Int {
    var count = 0
    while budget.withdraw(now: now) { count += 1 }
    return count
  }

  @Test("a hundred at the beginning, then one for five requests") func share() {
    let budget = RetryBudget()
    #expect(retries(budget, now: 0) == 100)
    for _ in 0..<50 { budget.deposit() }
    #expect(retries(budget, now: 0) == 10)
  }

  @Test("at most a hundred are saved up") func cap() {
    let budget = RetryBudget()
    for _ in 0..<10_000 { budget.deposit() }
    #expect(retries(budget, now: 0) == 100)
  }

  @Test("ten a second where there are few requests, for ten seconds at most") func time() {
    let budget = RetryBudget()
    _ = retries(budget, now: Self.second)
    #expect(retries(budget, now: 2 * Self.second) == 10)
    #expect(retries(budget, now: 2 * Self.second + 1) == 0)
    #expect(retries(budget, now: 100 * Self.second) == 100)
  }
}
