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
    queue.submit(["a": 1])
    #expect(queue.take(now: 0).map(\.desired) == [1])
    #expect(queue.take(now: 0).isEmpty)
    queue.finished("a", outcome: .done, now: 0)
    #expect(queue.isEmpty)
    #expect(queue.nextDue == nil)
  }

  @Test("only the newest wish is written; one that comes while its object is written is next")
  func newest() {
    var queue = queue()
    queue.submit(["a": 1])
    queue.submit(["a": 2])
    #expect(queue.take(now: 0).map(\.desired) == [2])
    queue.submit(["a": 3])
    queue.submit(["a": 4])
    #expect(queue.take(now: 0).isEmpty)
    queue.finished("a", outcome: .done, now: 0)
    #expect(queue.take(now: 0).map(\.desired) == [4])
  }

  @Test("one that fails waits longer each time, and does not hold up the others")
  func failures() {
    var queue = queue()
    queue.submit(["bad": 1, "good": 2])
    #expect(queue.take(now: 0).map(\.key) == ["bad", "good"])
    queue.finished("good", outcome: .done, now: 0)
    var now: UInt64 = 0
    for pause: UInt64 in [100, 200, 400, 400] {
      queue.finished("bad", outcome: .failed, now: now)
      #expect(queue.nextDue == now + pause)
      #expect(queue.take(now: now + pause - 1).isEmpty)
      now += pause
      #expect(queue.take(now: now).map(\.key) == ["bad"])
    }
  }

  @Test("a new wish does not shorten the pause of an object the server refuses")
  func wishAfterFailure() {
    var queue = queue()
    queue.submit(["a": 1])
    _ = queue.take(now: 0)
    queue.finished("a", outcome: .failed, now: 0)
    queue.submit(["a": 2])
    #expect(queue.take(now: 50).isEmpty)
    #expect(queue.take(now: 100).map(\.desired) == [2])
  }

  @Test("a conflict is tried again soon, with the newest wish")
  func conflict() {
    var queue = queue()
    queue.submit(["a": 1])
    _ = queue.take(now: 0)
    queue.submit(["a": 2])
    queue.finished("a", outcome: .conflict, now: 0)
    #expect(queue.nextDue == 50)
    #expect(queue.take(now: 50).map(\.desired) == [2])
  }

  @Test("what is no longer wished for is not written, and not tried again if it fails")
  func withdrawn() {
    var queue = queue()
    queue.submit(["a": 1, "b": 1])
    queue.submit(["b": 1])
    #expect(queue.take(now: 0).map(\.key) == ["b"])
    queue.submit([:])
    queue.finished("b", outcome: .failed, now: 0)
    #expect(queue.isEmpty)
  }

  @Test("withdrawn and wished for again while it is written: written once more")
  func wishedAgain() {
    var queue = queue()
    queue.submit(["a": 1])
    _ = queue.take(now: 0)
    queue.submit([:])
    queue.submit(["a": 2])
    queue.finished("a", outcome: .done, now: 0)
    #expect(queue.take(now: 0).map(\.desired) == [2])
  }

  @Test("no more writes at once than there are places")
  func bounded() {
    var queue = queue(concurrency: 2)
    queue.submit(["a": 1, "b": 1, "c": 1])
    #expect(queue.take(now: 0).map(\.key) == ["a", "b"])
    #expect(queue.nextDue == nil)
    queue.finished("a", outcome: .done, now: 0)
    #expect(queue.take(now: 0).map(\.key) == ["c"])
  }
}
