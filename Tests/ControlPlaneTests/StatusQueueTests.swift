import Testing

@testable import ControlPlane

@Suite("Which status is written next")
struct StatusQueueTests {
  private func queue(concurrency: Int = 8) -> StatusQueue<String, Int> {
    StatusQueue(
      configuration: .init(concurrency: concurrency, conflictPause: 50, firstBackoff: 100, longestBackoff: 400))
  }

  @Test("a wish is taken once, and is gone when it is done")
  func once() {
    var queue = queue()
    queue.wish(["a": 1])
    #expect(queue.take(now: 0).map(\.desired) == [1])
    #expect(queue.take(now: 0).isEmpty)
    queue.finished("a", outcome: .done(version: nil), now: 0)
    #expect(queue.isEmpty)
    #expect(queue.nextDue == nil)
  }

  @Test("only the newest wish is written; one that comes while its object is written is next")
  func newest() {
    var queue = queue()
    queue.wish(["a": 1])
    queue.wish(["a": 2])
    #expect(queue.take(now: 0).map(\.desired) == [2])
    queue.wish(["a": 3])
    queue.wish(["a": 4])
    #expect(queue.take(now: 0).isEmpty)
    queue.finished("a", outcome: .done(version: nil), now: 0)
    #expect(queue.take(now: 0).map(\.desired) == [4])
  }

  @Test("one that fails waits longer each time, and does not hold up the others")
  func failures() {
    var queue = queue()
    queue.wish(["bad": 1, "good": 2])
    #expect(queue.take(now: 0).map(\.key) == ["bad", "good"])
    queue.finished("good", outcome: .done(version: nil), now: 0)
    var now: UInt64 = 0
    for pause: UInt64 in [100, 200, 400, 400] {
      queue.finished("bad", outcome: .failed(), now: now)
      #expect(queue.nextDue == now + pause)
      #expect(queue.take(now: now + pause - 1).isEmpty)
      now += pause
      #expect(queue.take(now: now).map(\.key) == ["bad"])
    }
  }

  @Test("a server that asks for a pause gets it, up to the longest of our own, whatever is wished for meanwhile")
  func retryAfter() {
    var queue = queue()
    queue.wish(["a": 1])
    var now: UInt64 = 0
    for (asked, pause): (UInt64, UInt64) in [(150, 150), (150, 200), (350, 400), (86_400, 400)] {
      _ = queue.take(now: now)
      queue.finished("a", outcome: .failed(retryAfter: asked), now: now)
      #expect(queue.nextDue == now + pause)
      now += pause
    }
    _ = queue.take(now: now)
    queue.finished("a", outcome: .failed(retryAfter: 350), now: now)
    queue.wish(["a": 2])
    #expect(queue.nextDue == now + 350)
  }

  /// Wishes of one ten differ in numbers only.
  private func calmQueue() -> StatusQueue<String, Int> {
    var configuration = StatusQueue<String, Int>.Configuration(conflictPause: 50, firstBackoff: 100)
    (configuration.restAfterNumbers, configuration.restAfterNews) = (1000, 100)
    configuration.isOnlyNumbers = { $0 / 10 == $1 / 10 }
    return StatusQueue(configuration: configuration)
  }

  @Test(
    "changes of numbers are ten seconds apart, and only the newest is written; a flip goes at once, numbers a second later"
  )
  func numbers() {
    var queue = calmQueue()
    func write(_ expected: Int?, at now: UInt64) {
      let taken = queue.take(now: now)
      #expect(taken.map(\.desired) == (expected.map { [$0] } ?? []), "at \(now)")
      for wish in taken { queue.finished(wish.key, outcome: .done(version: nil), now: now) }
    }
    queue.wish(["a": 10])
    write(10, at: 5)
    for number in 11...15 {
      queue.wish(["a": number])
      write(nil, at: 5 + UInt64(number))
    }
    #expect(queue.nextDue == 105)
    write(nil, at: 104)
    write(15, at: 105)
    queue.wish(["a": 16])
    write(nil, at: 1104)
    write(16, at: 1105)
    queue.wish(["a": 20])
    write(20, at: 1107)
    queue.wish(["a": 21])
    // The last numbers are not ten seconds old, whatever flipped since.
    write(nil, at: 2104)
    // What is written already need not be looked at, nor waited for.
    queue.wish(["a": 20])
    write(nil, at: 2105)
    #expect(queue.isEmpty)
  }

  @Test(
    "numbers that change while their object is written wait like others; those of another object do not wait for them")
  func numbersMeanwhile() {
    var queue = calmQueue()
    queue.wish(["a": 10])
    _ = queue.take(now: 0)
    queue.wish(["a": 11, "b": 10])
    queue.finished("a", outcome: .done(version: nil), now: 7)
    #expect(queue.take(now: 8).map(\.key) == ["b"])
    #expect(queue.nextDue == 107)
    #expect(queue.take(now: 107).map(\.desired) == [11])
  }

  @Test("a storm of a thousand changes of numbers within six rests costs a write a rest, and the flip in it two more")
  func storm() {
    var queue = calmQueue()
    var writes = 0
    for step in 0..<1000 {
      let now = UInt64(step) * 6
      queue.wish(["a": step == 500 ? 20 : 10 + step % 9])
      for wish in queue.take(now: now) {
        writes += 1
        queue.finished(wish.key, outcome: .done(version: nil), now: now)
      }
    }
    #expect(writes <= 10, "six rests, the beginning with its numbers, and a flip there and back")
    #expect(writes >= 7)
  }

  @Test("a new wish does not shorten the pause of an object the server refuses")
  func wishAfterFailure() {
    var queue = queue()
    queue.wish(["a": 1])
    _ = queue.take(now: 0)
    queue.finished("a", outcome: .failed(), now: 0)
    queue.wish(["a": 2])
    #expect(queue.take(now: 50).isEmpty)
    #expect(queue.take(now: 100).map(\.desired) == [2])
  }

  @Test("after long pauses, a change of the object or the wish is tried after the first pause again")
  func mended() {
    var queue = queue()
    for change in 0..<2 {
      queue.wish(["a": 1], ["a": "1"])
      var now: UInt64 = 0
      for pause: UInt64 in [100, 200, 400] {
        _ = queue.take(now: now)
        queue.finished("a", outcome: .failed(), now: now)
        queue.wish(["a": 1], ["a": "1"])
        #expect(queue.nextDue == now + pause)
        now += pause
      }
      queue.wish(["a": change == 0 ? 2 : 1], ["a": change == 0 ? "1" : "2"])
      #expect(queue.nextDue == now - 300)
      #expect(queue.take(now: now - 300).map(\.key) == ["a"])
      queue.finished("a", outcome: .done(version: "x"), now: now)
    }
  }

  @Test("a conflict is tried again soon, with the newest wish")
  func conflict() {
    var queue = queue()
    queue.wish(["a": 1])
    _ = queue.take(now: 0)
    queue.wish(["a": 2])
    queue.finished("a", outcome: .conflict, now: 0)
    #expect(queue.nextDue == 50)
    #expect(queue.take(now: 50).map(\.desired) == [2])
  }

  @Test("what is no longer wished for is not written, and not tried again if it fails")
  func withdrawn() {
    var queue = queue()
    queue.wish(["a": 1, "b": 1])
    queue.wish(["b": 1])
    #expect(queue.take(now: 0).map(\.key) == ["b"])
    queue.wish([:])
    queue.finished("b", outcome: .failed(), now: 0)
    #expect(queue.isEmpty)
  }

  @Test("withdrawn and wished for again while it is written: written once more")
  func wishedAgain() {
    var queue = queue()
    queue.wish(["a": 1])
    _ = queue.take(now: 0)
    queue.wish([:])
    queue.wish(["a": 2])
    queue.finished("a", outcome: .done(version: nil), now: 0)
    #expect(queue.take(now: 0).map(\.desired) == [2])
  }

  @Test("no more writes at once than there are places")
  func bounded() {
    var queue = queue(concurrency: 2)
    queue.wish(["a": 1, "b": 1, "c": 1])
    #expect(queue.take(now: 0).map(\.key) == ["a", "b"])
    #expect(queue.nextDue == nil)
    queue.finished("a", outcome: .done(version: nil), now: 0)
    #expect(queue.take(now: 0).map(\.key) == ["c"])
  }
}

extension StatusQueue {
  /// Submits wishes for objects at these versions.
  mutating func wish(_ desired: [Key: Desired], _ versions: [Key: String] = [:]) {
    submit(Dictionary(uniqueKeysWithValues: desired.map { ($0, Wish(desired: $1, version: versions[$0])) }))
  }
}
