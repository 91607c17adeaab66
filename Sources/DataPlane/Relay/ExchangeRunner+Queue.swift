import NIOCore
import Routing

/// A request that waits until its pool has room. A class of its own, so that others carry a `nil` only.
final class QueueWait {
  let request: WaitingRequest
  fileprivate var ticket: PoolQueue.Ticket?
  fileprivate let deadline: ConnectionDeadline<Void>
  fileprivate let since: NIODeadline

  fileprivate init(_ request: WaitingRequest, on loop: any EventLoop) {
    self.request = request
    deadline = ConnectionDeadline(on: loop)
    since = loop.now
  }
}

// The wait for room in a pool.
extension ExchangeRunner {
  /// Lets the request wait.
  func queue(_ request: WaitingRequest) {
    let wait = QueueWait(request, on: loop.eventLoop)
    // What the queue says comes on any thread, and perhaps after the request's end.
    let bound = NIOLoopBound((runner: self, wait: wait), eventLoop: loop.eventLoop)
    let eventLoop = loop.eventLoop
    wait.ticket = loop.steps.queue.enter(request) { verdict in
      eventLoop.execute { bound.value.runner.hear(verdict, of: bound.value.wait) }
    }
    guard wait.ticket != nil else {
      let error = loop.steps.queue.crowded(request)
      return tell { $0.notAdmitted(error, into: &$1) }
    }
    self.wait = wait
    wait.deadline.onPassed { [unowned self] in give(up: request.expired) }
    wait.deadline.set((), in: .nanoseconds(Int64(clamping: request.patience)))
    loop.queues.add(request.binding.pool)
    // Room may have come just now, or nobody be at work whose end would tell.
    loop.steps.queue.admitNext(request.binding.pool)
  }

  /// The request has ended, or waits no longer.
  func endWaiting() {
    guard let wait else { return }
    self.wait = nil
    wait.deadline.cancel()
    loop.queues.remove(wait.request.binding.pool)
    let waited = UInt64(max(0, (loop.eventLoop.now - wait.since).nanoseconds))
    tell { exchange, _ in exchange.record.queueNanoseconds = waited }
    // Where it has been let in already, its verdict is under way, and the place is given on then.
    if let ticket = wait.ticket { _ = wait.request.queue.leave(ticket) }
  }

  private func hear(_ verdict: PoolQueue.Verdict, of wait: QueueWait) {
    if wait === self.wait {
      switch verdict {
      case .turnedAway: give(up: loop.steps.queue.crowded(wait.request))
      case .admitted: letIn(wait.request)
      }
    }
    guard verdict == .admitted, let ticket = wait.ticket else { return }
    wait.request.queue.settle(ticket)
    loop.steps.queue.admitNext(wait.request.binding.pool)
  }

  private func letIn(_ request: WaitingRequest) {
    endWaiting()
    let decision = loop.steps.queue.decide(request, exchange.head)
    // One whose picker has failed was prepared for when that was asked.
    if exchange.plan == nil { prepare(for: decision) }
    tell { $0.admitted(decision, into: &$1) }
    perform()
  }

  private func give(up error: GatewayError) {
    endWaiting()
    tell { $0.notAdmitted(error, into: &$1) }
    perform()
  }
}
