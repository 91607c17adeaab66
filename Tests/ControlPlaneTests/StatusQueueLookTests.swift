import Synchronization
import Testing

@testable import ControlPlane

@Suite("Which objects need no look")
struct StatusQueueLookTests {
  private func queue() -> StatusQueue<String, Int> {
    StatusQueue(configuration: .init(concurrency: 8, conflictPause: 50, firstBackoff: 100, longestBackoff: 400))
  }

  /// Takes everything that may be taken and says that all is well. Returns what was looked at.
  private func drain(
    _ queue: inout StatusQueue<String, Int>, versions: [String: String] = [:]
  ) -> [String] {
    var looks: [String] = []
    while case let taken = queue.take(now: 0), !taken.isEmpty {
      for (key, _) in taken {
        looks.append(key)
        queue.finished(key, outcome: .done(version: versions[key]), now: 0)
      }
    }
    return looks
  }

  @Test("what was found to be right is looked at again only when the wish or the object changes")
  func settled() {
    var queue = queue()
    let versions = ["a": "1", "b": "1", "c": "1"]
    queue.wish(["a": 1, "b": 1, "c": 1], versions)
    #expect(drain(&queue, versions: versions) == ["a", "b", "c"])
    queue.wish(["a": 1, "b": 1, "c": 1], versions)
    #expect(drain(&queue, versions: versions) == [])
    #expect(queue.nextDue == nil)
    let changed = ["a": "1", "b": "2", "c": "1"]
    queue.wish(["a": 1, "b": 1, "c": 7], changed)
    #expect(drain(&queue, versions: changed) == ["b", "c"])
    queue.wish(["a": 1, "b": 1, "c": 7], changed)
    #expect(drain(&queue, versions: changed) == [])
  }

  @Test("a write of ours makes a new version, which needs no look when the watch brings it")
  func ownWrite() {
    var queue = queue()
    queue.wish(["a": 1], ["a": "1"])
    #expect(drain(&queue, versions: ["a": "2"]) == ["a"])
    queue.wish(["a": 1], ["a": "2"])
    #expect(drain(&queue) == [])
  }

  @Test("a change by somebody else while the object is looked at is looked at, too")
  func changedMeanwhile() {
    var queue = queue()
    queue.wish(["a": 1], ["a": "1"])
    _ = queue.take(now: 0)
    queue.wish(["a": 1], ["a": "2"])
    queue.finished("a", outcome: .done(version: "1"), now: 0)
    #expect(queue.take(now: 0).map(\.key) == ["a"])
  }

  @Test("an object that was forgotten, or that the server did not have, is looked at when it is wished for again")
  func forgotten() {
    var queue = queue()
    queue.wish(["a": 1, "b": 1], ["a": "1", "b": "1"])
    _ = queue.take(now: 0)
    queue.finished("a", outcome: .done(version: "1"), now: 0)
    queue.finished("b", outcome: .gone, now: 0)
    #expect(queue.isEmpty)
    queue.wish(["b": 1], ["b": "1"])
    #expect(drain(&queue, versions: ["b": "1"]) == ["b"])
    queue.wish(["a": 1, "b": 1], ["a": "1", "b": "1"])
    #expect(drain(&queue) == ["a"])
  }

  @Test("ten thousand objects cost a look each, and an order's worth of comparisons, also when all fail")
  func manyObjects() {
    let count = 10_000
    let comparisons = Comparisons()
    var queue = StatusQueue<CountingKey, Int>(configuration: .init(concurrency: 8, firstBackoff: 100))
    let wishes = Dictionary(
      uniqueKeysWithValues: (0..<count).map {
        (CountingKey(number: $0, comparisons: comparisons), StatusQueue<CountingKey, Int>.Wish(desired: 1))
      })
    queue.submit(wishes)
    var (now, looks) = (UInt64(0), 0)
    for outcome in [StatusQueue<CountingKey, Int>.Outcome.failed(), .done(version: nil)] {
      while case let taken = queue.take(now: now), !taken.isEmpty {
        looks += taken.count
        for (key, _) in taken { queue.finished(key, outcome: outcome, now: now) }
      }
      now += 1000
    }
    #expect(looks == 2 * count)
    #expect(queue.isEmpty)
    // Sorting takes about count × log2(count) = 133,000; the failures are put in order once more.
    #expect(comparisons.count.load(ordering: .relaxed) < 1_000_000)
    queue.submit(wishes)
    #expect(queue.take(now: now).isEmpty)
  }

  private final class Comparisons: Sendable {
    let count = Atomic(0)
  }

  private struct CountingKey: Hashable, Comparable {
    var number: Int
    var comparisons: Comparisons

    static func == (left: Self, right: Self) -> Bool { left.number == right.number }
    func hash(into hasher: inout Hasher) { hasher.combine(number) }
    static func < (left: Self, right: Self) -> Bool {
      left.comparisons.count.add(1, ordering: .relaxed)
      return left.number < right.number
    }
  }
}
