import NIOCore
import Routing

/// What a route's policy waits for.
enum AttemptWait: Equatable {
  /// That the request may be sent again.
  case begin
  /// The end of the time that the attempt has.
  case end
}

// What a route's policy asks of the shell.
extension ExchangeRunner {
  func makeAttemptDeadline() -> ConnectionDeadline<AttemptWait> {
    let deadline = ConnectionDeadline<AttemptWait>(on: loop.eventLoop)
    deadline.onPassed { [unowned self] wait in
      let budget = retries
      tell { exchange, actions in
        switch wait {
        case .begin: exchange.backOffEnded(into: &actions)
        case .end: exchange.attemptTimedOut(hasBudget: { withdraw(budget) }, into: &actions)
        }
      }
      perform()
    }
    return deadline
  }

  /// The route gives the request so many nanoseconds from its head on; 0 gives it any time.
  func limitRequest(_ limit: UInt64) {
    guard limit > 0 else { return requestDeadline.clear() }
    requestDeadline.set((), in: .nanoseconds(Int64(clamping: limit) - Int64(clamping: min(elapsed, limit))))
  }

  /// The client's connection is given to another protocol: how long a request may take does not matter to that.
  func upgrade(_ head: ResponseHead) {
    dispatched?.succeed()
    requestDeadline.clear()
    if exchange.plan?.treatment != nil { attemptDeadline.clear() }
    loop.tunnels += 1
    loop.observer.tunnelOpened()
    stream.sendUpgrade(timed(head))
  }

  /// The retries that the pool has left; to be asked for before an event is told.
  var retries: RetryBudget? { exchange.plan?.binding.pool.retries }

  /// Takes one of them, if one is left.
  func withdraw(_ budget: RetryBudget?) -> Bool {
    budget?.withdraw(now: loop.eventLoop.now.uptimeNanoseconds) ?? false
  }
}
