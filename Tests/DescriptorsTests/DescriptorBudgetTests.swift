import Synchronization
import Testing

@testable import Descriptors

/// What is left, and who may take it.
@Suite struct DescriptorBudgetTests {
  private static let second: UInt64 = 1_000_000_000

  /// A system that tells a limit and a count, or nothing.
  private final class System: Sendable {
    let open = Mutex<Int?>(40)
    let looks = Mutex(0)

    func budget(limit: Int = 1024, intervalPerDescriptor: UInt64 = 0) -> DescriptorBudget {
      DescriptorBudget(
        limit: { limit },
        open: {
          self.looks.withLock { $0 += 1 }
          return self.open.withLock { $0 }
        }, lookInterval: second, intervalPerDescriptor: intervalPerDescriptor)
    }
  }

  @Test func connectionsCountAtOnceAndTheRestAtTheNextLook() {
    let (system, now) = (System(), Self.second)
    let budget = system.budget()
    #expect(budget.spare(for: .upstream, now: now) == 1024 - 40)
    for _ in 0..<10 { budget.opened(.upstream) }
    #expect(budget.spare(for: .upstream, now: now + 1) == 1024 - 50)
    // The system's count holds the ten connections too: they are not counted twice.
    system.open.withLock { $0 = 55 }
    #expect(budget.spare(for: .upstream, now: now + 2) == 1024 - 50)
    #expect(budget.spare(for: .upstream, now: 2 * now) == 1024 - 55)
    for _ in 0..<10 { budget.closed(.upstream) }
    #expect(budget.spare(for: .upstream, now: 2 * now + 1) == 1024 - 45)
    #expect(system.looks.withLock { $0 } == 2)
  }

  @Test(arguments: [2, 3])
  func aClientIsAcceptedOnlyWithRoomToServeIt(perStream: Int) {
    let budget = System().budget()
    budget.expect(descriptorsPerStream: perStream)
    _ = budget.spare(for: .client, now: Self.second)
    for _ in 0..<100 { budget.opened(.client) }
    #expect(budget.spare(for: .client, now: Self.second) == 1024 - 40 - perStream * 100)
    #expect(budget.spare(for: .upstream, now: Self.second) == 1024 - 40 - 100)
  }

  @Test func whatServedClientsHaveIsNotKeptBackAgain() {
    let (system, now) = (System(), Self.second)
    let budget = system.budget()
    _ = budget.spare(for: .client, now: now)
    for _ in 0..<100 { budget.opened(.client) }
    #expect(budget.spare(for: .client, now: now) == 1024 - 40 - 200)
    for _ in 0..<60 { budget.opened(.upstream) }
    #expect(budget.spare(for: .client, now: now) == 1024 - 40 - 200)
  }

  @Test func aCountThatCannotBeTakenIsNothingLeft() {
    let system = System()
    system.open.withLock { $0 = nil }
    let budget = system.budget()
    #expect(budget.spare(for: .inner, now: Self.second) == 0)
    #expect(!budget.hasRoomUpstream(now: Self.second))
  }

  @Test func theReserveIsTakenWithRoomAndLetGoWithoutAny() {
    let (system, now) = (System(), Self.second)
    let budget = system.budget()
    #expect(budget.hasRoomUpstream(now: now))
    #expect(budget.reserve.count == DescriptorBudget.reserveSize)
    system.open.withLock { $0 = 1024 }
    budget.ranOut()
    #expect(budget.reserve.count == 0)
    #expect(!budget.hasRoomUpstream(now: now))
    #expect(budget.reserve.count == 0)
    system.open.withLock { $0 = 100 }
    #expect(budget.hasRoomUpstream(now: 3 * now))
    #expect(budget.reserve.count == DescriptorBudget.reserveSize)
  }

  /// Descriptors open when first counted, and the seconds until they are counted again, with a millisecond for each.
  @Test(arguments: [(0, 1), (1000, 2), (20_000, 21), (500_000, 61), (nil, 1)])
  func whereCountingTakesTimeItIsDoneTheLessTheMoreThereIsToCount(open: Int?, seconds: UInt64) {
    let system = System()
    system.open.withLock { $0 = open }
    let budget = system.budget(limit: 1_000_000, intervalPerDescriptor: 1_000_000)
    let next = (1 + seconds) * Self.second
    for (time, looks) in [(Self.second, 1), (next - 1, 1), (next, 2)] {
      _ = budget.spare(for: .client, now: time)
      #expect(system.looks.withLock { $0 } == looks, "at \(time)")
    }
  }

  @Test func withoutAnyLeftItIsCountedSoonerButNotAtEachTurn() {
    let system = System()
    let budget = system.budget(limit: 1_000_000, intervalPerDescriptor: Self.second)
    for time in [Self.second, Self.second + 1, 2 * Self.second - 1] {
      _ = budget.spare(for: .client, now: time)
      budget.ranOut()
    }
    #expect(system.looks.withLock { $0 } == 1)
    _ = budget.spare(for: .client, now: 2 * Self.second)
    #expect(system.looks.withLock { $0 } == 2)
  }

  @Test func aWarningIsSaidOnceAMinute() {
    let pause = WarningPause()
    #expect(pause.isOver(now: Self.second))
    #expect(!pause.isOver(now: 60 * Self.second))
    #expect(pause.isOver(now: 61 * Self.second))
  }

  /// A limit, what raising it said, what a stream takes; what a person must be told.
  @Test(
    arguments: [
      (
        DescriptorLimit(soft: 1024, hard: 1024), 0, 3,
        ["limit is 1024 ", "takes 3,", "`ulimit -Hn 4096`", "LimitNOFILE=4096 ", "nofile=4096:4096 "]
      ),
      (
        DescriptorLimit(soft: 1024, hard: 8192), 1, 2,
        [
          "limit of 1024 ", "raised to 8192: Operation not permitted", "takes 2,", "`ulimit -Sn 8192`",
          "LimitNOFILE=8192 ", "nofile=8192:8192 ",
        ]
      ),
    ] as [(DescriptorLimit, Int32, Int, [String])])
  func aLimitThatIsLowOrStaysLowIsToldWithItsCure(
    limit: DescriptorLimit, errorCode: Int32, perStream: Int, parts: [String]
  ) throws {
    let warning = try #require(limit.warning(errorCode: errorCode, descriptorsPerStream: perStream))
    for part in parts { #expect(warning.contains(part), "\(warning)") }
  }

  @Test func aLimitThatIsHighIsNotToldOf() {
    #expect(DescriptorLimit(soft: 20_000, hard: 20_000).warning(errorCode: 0, descriptorsPerStream: 2) == nil)
  }

  @Test func theSystemsCountFollowsWhatIsOpened() throws {
    let before = try #require(OpenDescriptors.count())
    let reserve = DescriptorReserve(size: 50)
    reserve.fill()
    // Other tests open and close a few meanwhile.
    #expect(abs(try #require(OpenDescriptors.count()) - before - 50) < 25)
  }
}
