import KubernetesClient
import TestSupport
import Testing

private typealias Machine = WatchStateMachine

@Suite struct WatchStateMachineTests {
  private struct Step {
    var input: Machine.Input
    var action: Machine.Action?

    init(_ input: Machine.Input, _ action: Machine.Action?) {
      self.input = input
      self.action = action
    }
  }

  private static let first = Step(
    .page(resourceVersion: "10", continueToken: nil), .watch(from: "10", publish: true))

  /// Each row is the life of one watch; jitter is 0, so a wait has half of its length.
  private static let lives: [(String, [Step])] = [
    (
      "pages are read to the end, then published together",
      [
        Step(.page(resourceVersion: "10", continueToken: "a"), .list(continueToken: "a")),
        Step(.page(resourceVersion: "10", continueToken: "b"), .list(continueToken: "b")),
        Step(.page(resourceVersion: "10", continueToken: ""), .watch(from: "10", publish: true)),
      ]
    ),
    (
      "an event moves the point at which a broken watch goes on",
      [
        first, Step(.event(resourceVersion: "11"), nil),
        Step(.watchFailed(.other(retryAfter: nil)), .wait(.milliseconds(250))),
        Step(.waited, .watch(from: "11", publish: false)),
      ]
    ),
    (
      "an event of unknown version moves nothing",
      [
        first, Step(.event(resourceVersion: "11"), nil), Step(.event(resourceVersion: ""), nil),
        Step(.watchEnded(after: .seconds(300)), .watch(from: "11", publish: false)),
      ]
    ),
    (
      "a server that ends a watch in good order is asked again at once",
      [first, Step(.watchEnded(after: .seconds(300)), .watch(from: "10", publish: false))]
    ),
    (
      "a server that ends every watch at once is asked more and more slowly",
      [
        first, Step(.watchEnded(after: .milliseconds(1)), .wait(.milliseconds(250))),
        Step(.waited, .watch(from: "10", publish: false)),
        Step(.watchEnded(after: .milliseconds(1)), .wait(.milliseconds(500))),
      ]
    ),
    (
      "410 starts over at once, and with waits when it comes again",
      [
        first, Step(.watchFailed(.expired), .list(continueToken: nil)),
        Step(.page(resourceVersion: "20", continueToken: nil), .watch(from: "20", publish: true)),
        Step(.watchFailed(.expired), .wait(.milliseconds(500))), Step(.waited, .list(continueToken: nil)),
      ]
    ),
    (
      "an expired continue token starts over from the first page",
      [
        Step(.page(resourceVersion: "10", continueToken: "a"), .list(continueToken: "a")),
        Step(.listFailed(.expired), .list(continueToken: nil)),
      ]
    ),
    (
      "a failed page is asked for again, not the pages before it",
      [
        Step(.page(resourceVersion: "10", continueToken: "a"), .list(continueToken: "a")),
        Step(.listFailed(.other(retryAfter: nil)), .wait(.milliseconds(250))),
        Step(.waited, .list(continueToken: "a")),
      ]
    ),
    (
      "a version that the server cannot read is given up",
      [
        first, Step(.watchFailed(.badRequest), .wait(.milliseconds(250))), Step(.waited, .list(continueToken: nil)),
      ]
    ),
    (
      "a kind that is served no more is empty once list and discovery say so, and is listed again when it is back",
      [
        first, Step(.watchFailed(.notServed), .wait(.milliseconds(250))), Step(.waited, .list(continueToken: nil)),
        Step(.listFailed(.notServed), .discover),
        Step(.discovered(isServed: false), .empty(thenWait: .milliseconds(500))),
        Step(.waited, .list(continueToken: nil)),
        Step(.listFailed(.notServed), .discover), Step(.discovered(isServed: false), .empty(thenWait: .seconds(1))),
        Step(.waited, .list(continueToken: nil)),
        Step(.page(resourceVersion: "20", continueToken: nil), .watch(from: "20", publish: true)),
      ]
    ),
    (
      "a kind that goes away between two pages is listed from the first page",
      [
        Step(.page(resourceVersion: "10", continueToken: "a"), .list(continueToken: "a")),
        Step(.listFailed(.notServed), .discover),
        Step(.discovered(isServed: false), .empty(thenWait: .milliseconds(250))),
        Step(.waited, .list(continueToken: nil)),
      ]
    ),
    (
      "a 404 that discovery does not agree with empties nothing: it is asked again, more and more slowly",
      [
        first, Step(.watchFailed(.notServed), .wait(.milliseconds(250))), Step(.waited, .list(continueToken: nil)),
        Step(.listFailed(.notServed), .discover), Step(.discovered(isServed: true), .wait(.milliseconds(500))),
        Step(.waited, .list(continueToken: nil)),
        Step(.listFailed(.notServed), .discover), Step(.discovered(isServed: true), .wait(.seconds(1))),
      ]
    ),
    (
      "a kind that may be listed and not watched is listed again and again, more and more slowly",
      [
        first, Step(.watchFailed(.forbidden), .wait(.milliseconds(250))), Step(.waited, .list(continueToken: nil)),
        Step(.page(resourceVersion: "20", continueToken: nil), .watch(from: "20", publish: true)),
        Step(.watchFailed(.forbidden), .wait(.milliseconds(500))), Step(.waited, .list(continueToken: nil)),
      ]
    ),
    (
      "a list that is forbidden is asked for again, and leaves what is known",
      [
        first, Step(.watchFailed(.expired), .list(continueToken: nil)),
        Step(.listFailed(.forbidden), .wait(.milliseconds(500))), Step(.waited, .list(continueToken: nil)),
      ]
    ),
    (
      "waits double up to the bound, and an event makes them short again",
      [
        first, Step(.watchFailed(.other(retryAfter: nil)), .wait(.milliseconds(250))),
        Step(.watchFailed(.other(retryAfter: nil)), .wait(.milliseconds(500))),
        Step(.watchFailed(.other(retryAfter: nil)), .wait(.seconds(1))),
        Step(.watchFailed(.other(retryAfter: nil)), .wait(.seconds(2))),
        Step(.watchFailed(.other(retryAfter: nil)), .wait(.seconds(4))),
        Step(.watchFailed(.other(retryAfter: nil)), .wait(.seconds(4))), Step(.event(resourceVersion: "12"), nil),
        Step(.watchFailed(.other(retryAfter: nil)), .wait(.milliseconds(250))),
      ]
    ),
    (
      "a server that says how long to wait is heeded, where that is longer than our own wait, up to two minutes",
      [
        first, Step(.watchFailed(.other(retryAfter: .seconds(3))), .wait(.seconds(3))),
        Step(.watchFailed(.other(retryAfter: .milliseconds(1))), .wait(.milliseconds(500))),
        Step(.watchFailed(.other(retryAfter: .seconds(120))), .wait(.seconds(120))),
        Step(.watchFailed(.other(retryAfter: .seconds(3600))), .wait(.seconds(120))),
        Step(.listFailed(.other(retryAfter: .seconds(86_400))), .wait(.seconds(120))),
      ]
    ),
  ]

  @Test(arguments: lives.indices)
  func life(index: Int) {
    let (name, steps) = Self.lives[index]
    var machine = Machine(delays: .milliseconds(500)...Duration.seconds(8))
    #expect(machine.current == .list(continueToken: nil))
    for (number, step) in steps.enumerated() {
      #expect(machine.handle(step.input, jitter: 0) == step.action, "\(name), step \(number)")
    }
  }

  @Test func jitterStaysBetweenHalfAndTheWhole() {
    for jitter in stride(from: 0.0, to: 1, by: 0.1) {
      var machine = Machine(delays: .seconds(1)...Duration.seconds(8))
      guard case .wait(let time) = machine.handle(.listFailed(.other(retryAfter: nil)), jitter: jitter) else {
        Issue.record("no wait")
        return
      }
      #expect(time >= .milliseconds(500) && time <= .seconds(1))
    }
  }

  /// Whatever happens in whatever order, the machine watches from the newest version that it was given, and after what
  /// makes versions worthless from none of the old ones.
  @Test func itWatchesFromTheNewestVersionThatItWasGivenAndFromNoOther() {
    var generator = SeededGenerator(13)
    for _ in 0..<200 {
      var machine = Machine()
      var expected: String?
      var history: [Machine.Input] = []
      for step in 0..<50 {
        let version = "\(step)"
        let choices: [Machine.Input] = [
          .page(resourceVersion: version, continueToken: nil), .page(resourceVersion: version, continueToken: "t"),
          .event(resourceVersion: version), .event(resourceVersion: ""), .watchFailed(.expired),
          .watchFailed(.badRequest), .watchFailed(.notServed), .watchFailed(.other(retryAfter: nil)),
          .watchFailed(.forbidden), .listFailed(.forbidden), .discovered(isServed: true), .discovered(isServed: false),
          .listFailed(.expired), .listFailed(.notServed), .listFailed(.other(retryAfter: nil)),
          .watchEnded(after: .seconds(5)), .waited,
        ]
        guard let input = choices.randomElement(using: &generator) else { return }
        history.append(input)
        switch input {
        case .page(let version, let token): expected = token == nil ? version : nil
        case .event(let version): if expected != nil && !version.isEmpty { expected = version }
        case .watchFailed(.other), .listFailed(.other), .listFailed(.forbidden), .watchEnded, .waited: break
        case .discovered: break
        case .watchFailed, .listFailed: expected = nil
        }
        let action = machine.handle(input, jitter: 0.5)
        #expect(machine.resumePoint == expected, "\(history)")
        if case .watch(let version, _) = action { #expect(version == expected, "\(history)") }
      }
    }
  }
}
