import Synchronization

/// What all lanes share: the turns that are left, and what came of those that were played.
final class Course: Sendable {
  let seed: UInt64
  let ledger: Ledger
  private let count: Int
  /// Turns of this number and above are not played.
  private let end: Atomic<Int>
  private let taken = Atomic<Int>(0)
  private let sent = Atomic<Int>(0)
  private let totals = Mutex(Totals())

  /// How often each outcome came.
  struct Totals {
    var kinds: [String: Int] = [:]
    /// The statuses of requests whose clients stayed to the end.
    var statuses: [Int: Int] = [:]
    /// Requests that no server saw, for pools whose servers always listen.
    var lostTwice = 0
  }

  init(seed: UInt64, turns count: Int, ledger: Ledger) {
    self.seed = seed
    self.count = count
    end = Atomic(count)
    self.ledger = ledger
  }

  /// How many requests have an outcome.
  var requests: Int { sent.load(ordering: .relaxed) }
  /// The share of turns that were begun.
  var progress: Double { Double(min(count, taken.load(ordering: .relaxed))) / Double(count) }
  var outcomes: Totals { totals.withLock { $0 } }

  func nextTurn() -> SoakTurn? {
    let number = taken.add(1, ordering: .relaxed).oldValue
    return number < end.load(ordering: .relaxed) ? SoakTurn(number, seed: seed) : nil
  }

  /// More turns are to be played; called when there are none left.
  func extend(by more: Int) {
    let next = end.add(more, ordering: .relaxed).oldValue
    taken.store(next, ordering: .relaxed)
  }

  /// Judges the outcomes of a turn; says whether its connection may be used again.
  func judge(_ turn: SoakTurn, _ outcomes: [Outcome]) -> Bool {
    var mayGoOn = true
    for (request, given) in zip(turn.requests, outcomes) {
      let entry = ledger.entry(request.id)
      var outcome = given
      // Behind an answer that came before its request was whole the connection may close without having said so.
      if !mayGoOn, outcome.ending == .none { outcome.ending = .skipped }
      if let fault = Judge.fault(request, turn.manner, outcome, entry) {
        ledger.fault("turn \(turn.number), \(turn.manner), \(request.form) \(request.id) for \(request.pool): \(fault)")
      }
      if entry.arrivals > 0, entry.fate.isEarly, request.hasBody { mayGoOn = false }
      // Behind the error event of a lost stream it does.
      if outcome.isEventStream, outcome.body != request.answerBody { mayGoOn = false }
      note(outcome, of: request)
      if request.pool != .flaky, Judge.isLostTwice(outcome, entry) { totals.withLock { $0.lostTwice += 1 } }
    }
    sent.add(outcomes.count, ordering: .relaxed)
    return mayGoOn
  }

  /// When all is over no request may have come to more servers than when its outcome was judged.
  func audit() {
    for number in 0..<end.load(ordering: .relaxed) {
      for request in SoakTurn(number, seed: seed).requests {
        guard let fault = Judge.deliveryFault(request, ledger.entry(request.id)) else { continue }
        ledger.fault("request \(request.id), in the end: \(fault)")
      }
    }
  }

  private func note(_ outcome: Outcome, of request: SoakRequest) {
    let isAnswered = outcome.ending != .left && outcome.ending != .skipped
    totals.withLock { totals in
      let from = isAnswered ? " \(outcome.status) \(outcome.echo == nil ? "of the gateway" : "of a server")" : ""
      totals.kinds["\(outcome.ending)\(from)", default: 0] += 1
      // Of a client that leaves, the gateway may or may not know what it saw.
      if isAnswered, request.pool != .abort { totals.statuses[outcome.status, default: 0] += 1 }
    }
  }
}
