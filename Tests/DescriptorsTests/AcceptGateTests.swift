import Testing

@testable import Descriptors

/// When a listening socket accepts.
@Suite struct AcceptGateTests {
  private static let marks = AcceptGate.Marks(pauseBelow: 64, resumeAt: 96)

  private enum Event {
    /// Spare descriptors at a time in milliseconds, and the answer, in milliseconds to wait; 0 accepts.
    case ask(spare: Int, at: UInt64, wait: UInt64)
    case failed(at: UInt64)
    case accepted
  }

  private func play(_ events: [Event]) {
    var gate = AcceptGate()
    for (number, event) in events.enumerated() {
      switch event {
      case .accepted: gate.accepted()
      case .failed(let time): gate.failed(now: time * 1_000_000)
      case .ask(let spare, let time, let wait):
        let answer = gate.ask(spare: spare, marks: Self.marks, now: time * 1_000_000)
        #expect(answer == (wait == 0 ? .accept : .wait(wait * 1_000_000)), "event \(number)")
      }
    }
  }

  @Test func itPausesBelowOneMarkAndGoesOnAtAnother() {
    play([
      .ask(spare: 1000, at: 0, wait: 0), .ask(spare: 64, at: 1, wait: 0), .ask(spare: 63, at: 2, wait: 50),
      .ask(spare: 64, at: 52, wait: 50), .ask(spare: 95, at: 102, wait: 50), .ask(spare: 96, at: 152, wait: 0),
      .ask(spare: 64, at: 153, wait: 0), .ask(spare: -5, at: 154, wait: 50),
    ])
  }

  @Test func failuresWaitLongerEachTimeButNeverOverASecond() {
    play([
      .ask(spare: 1000, at: 0, wait: 0), .failed(at: 0), .ask(spare: 1000, at: 0, wait: 10),
      .ask(spare: 1000, at: 4, wait: 6), .ask(spare: 1000, at: 10, wait: 0), .failed(at: 10),
      .ask(spare: 1000, at: 10, wait: 20), .failed(at: 30), .failed(at: 30), .failed(at: 30), .failed(at: 30),
      .failed(at: 30), .ask(spare: 1000, at: 30, wait: 640), .failed(at: 670), .ask(spare: 1000, at: 670, wait: 1000),
      .failed(at: 1670), .ask(spare: 1000, at: 1670, wait: 1000),
    ])
  }

  @Test func anAcceptedConnectionEndsTheRow() {
    play([
      .failed(at: 0), .failed(at: 10), .ask(spare: 1000, at: 30, wait: 0), .accepted, .failed(at: 30),
      .ask(spare: 1000, at: 30, wait: 10),
    ])
  }

  @Test(arguments: [(0, 0), (64, 8), (256, 32), (512, 64), (20_000, 64), (.max, 64)])
  func aProcessWithVeryFewKeepsFewerBack(limit: Int, pauseBelow: Int) {
    #expect(Self.marks.scaled(limit: limit).pauseBelow == pauseBelow)
  }
}
