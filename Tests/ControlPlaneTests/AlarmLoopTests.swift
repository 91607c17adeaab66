import KubernetesClient
import Synchronization
import TestSupport
import Testing

@testable import ControlPlane

@Suite("The loop that a bell or a deadline wakes", .timeLimit(.minutes(1)))
struct AlarmLoopTests {
  /// Counts steps, and the jobs that ended.
  private final class Counts: Sendable {
    let steps = Atomic(0)
    let jobs = Atomic(0)
    var stepCount: Int { steps.load(ordering: .relaxed) }
    func step() -> Int { steps.add(1, ordering: .relaxed).newValue }
  }

  private let signal = ChangeSignal()
  private let counts = Counts()

  @Test("a step at once, one for each ring that somebody could have heard, and none without")
  func rings() async throws {
    try await whileRunning({ [signal, counts] in
      await AlarmLoop(signal: signal).run { _ in
        _ = counts.step()
        return nil
      }
    }) {
      try await eventually("the first step") { counts.stepCount == 1 }
      signal.ring()
      try await eventually("a step for the ring") { counts.stepCount == 2 }
      // A loop that turned by itself would be beyond three before it is looked at.
      signal.ring()
      try await eventually("a step for the second ring") { counts.stepCount == 3 }
    }
  }

  @Test("a deadline wakes the loop, and the next one that the woken step asks for, without a ring")
  func alarms() async throws {
    try await whileRunning({ [signal, counts] in
      await AlarmLoop(signal: signal).run { _ in
        counts.step() < 5 ? Monotonic.now + 2_000_000 : nil
      }
    }) {
      try await eventually("four alarms") { counts.stepCount == 5 }
    }
  }

  @Test("a deadline that has passed is no reason to sleep")
  func past() async throws {
    try await whileRunning({ [signal, counts] in
      await AlarmLoop(signal: signal).run { _ in counts.step() < 3 ? 0 : nil }
    }) {
      try await eventually("two alarms") { counts.stepCount == 3 }
    }
  }

  @Test("a far deadline does not hide a nearer one that a later step asks for")
  func nearer() async throws {
    try await whileRunning({ [signal, counts] in
      await AlarmLoop(signal: signal).run { _ in
        switch counts.step() {
        case 1: Monotonic.now + 3_600_000_000_000
        case 2: Monotonic.now + 1_000_000
        default: nil
        }
      }
    }) {
      try await eventually("the first step") { counts.stepCount == 1 }
      signal.ring()
      try await eventually("the near alarm") { counts.stepCount == 3 }
    }
  }

  @Test("jobs run beside the loop and wake it when they end")
  func jobs() async throws {
    try await whileRunning({ [signal, counts] in
      await AlarmLoop(signal: signal).run { group in
        if counts.step() == 1 {
          group.addTask {
            counts.jobs.add(1, ordering: .relaxed)
            signal.ring()
          }
        }
        return nil
      }
    }) {
      try await eventually("a step after the job") { counts.stepCount == 2 }
    }
    #expect(counts.jobs.load(ordering: .relaxed) == 1)
  }

  @Test("a rest lies between two steps, however soon it rings again")
  func rest() async throws {
    let rest = Duration.milliseconds(20)
    let clock = ContinuousClock()
    let began = Mutex<[ContinuousClock.Instant]>([])
    try await whileRunning({ [signal] in
      await AlarmLoop(signal: signal, rest: rest).run { _ in
        began.withLock { $0.append(clock.now) }
        signal.ring()
        return nil
      }
    }) {
      try await eventually("four steps") { began.withLock { $0.count } >= 4 }
    }
    let steps = began.withLock { $0 }
    let shortest = zip(steps, steps.dropFirst()).map { step, next in next - step }.min()
    #expect(try #require(shortest) >= rest)
  }

  @Test("the end of the task ends the rest and the jobs")
  func end() async throws {
    try await whileRunning({ [signal, counts] in
      await AlarmLoop(signal: signal, rest: .seconds(3600)).run { group in
        _ = counts.step()
        group.addTask { do { try await Task.sleep(for: .seconds(3600)) } catch {} }
        return nil
      }
    }) {
      try await eventually("the first step") { counts.stepCount == 1 }
    }
  }

  @Test("no waking is started that an earlier one makes needless, however often a time is asked for")
  func wakings() {
    var alarms = Alarms()
    let started = [10, 10, 20, 5, 7].map { alarms.set($0) }
    #expect(started == [true, false, false, true, false])
    alarms.drop(until: 5)
    let again = alarms.set(10)
    #expect(!again)
    alarms.drop(until: 10)
    let later = alarms.set(20)
    #expect(later)
    #expect(alarms.times == [20])
  }
}
