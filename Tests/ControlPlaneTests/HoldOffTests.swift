import Synchronization
import Testing

@testable import ControlPlane

@Suite("The rest between two passes")
struct HoldOffTests {
  /// Time that only moves by sleeping, so that the test does not depend on the machine's speed.
  private final class SleepClock: Clock {
    struct Instant: InstantProtocol {
      var offset: Duration
      func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
      func duration(to other: Instant) -> Duration { other.offset - offset }
      static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let time = Mutex(Duration.zero)
    private let whileAsleep: @Sendable (Duration) -> Void

    init(whileAsleep: @escaping @Sendable (Duration) -> Void) {
      self.whileAsleep = whileAsleep
    }

    func pass(_ duration: Duration) { time.withLock { $0 += duration } }

    var now: Instant { Instant(offset: time.withLock { $0 }) }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
      whileAsleep(now.offset)
      time.withLock { $0 = max($0, deadline.offset) }
      try Task.checkCancellation()
    }
  }

  @Test("the first ring is served at once; all rings of a burst cost one more pass, after the rest")
  func burst() async throws {
    let (rings, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let clock = SleepClock { time in
      if time == .zero {
        for _ in 0..<100 { bell.yield() }
      } else {
        bell.finish()
      }
    }
    bell.yield()
    let passes = Mutex<[Duration]>([])
    try await HoldOff(rest: .milliseconds(20), clock: clock).run(on: rings) {
      passes.withLock { $0.append(clock.now.offset) }
    }
    #expect(passes.withLock { $0 } == [.zero, .milliseconds(20)])
  }

  @Test("a long pass is followed by as long a rest") func longPasses() async throws {
    let (rings, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let clock = SleepClock { _ in bell.yield() }
    let passes = Mutex<[Duration]>([])
    bell.yield()
    try await HoldOff(rest: .milliseconds(20), clock: clock).run(on: rings) {
      passes.withLock { $0.append(clock.now.offset) }
      // The pass itself takes time.
      clock.pass(.milliseconds(300))
      if passes.withLock({ $0.count }) == 3 { bell.finish() }
    }
    #expect(passes.withLock { $0 } == [.zero, .milliseconds(600), .milliseconds(1200)])
  }
}
