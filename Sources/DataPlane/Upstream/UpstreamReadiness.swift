import NIOCore
import Routing

/// Whether a connection to an endpoint can carry requests: told once, and in time.
final class UpstreamReadiness {
  private var promise: EventLoopPromise<Void>?
  private var timer: Scheduled<Void>?
  /// Succeeds when requests can be sent; fails with a ``GatewayError``.
  let future: EventLoopFuture<Void>

  init(on eventLoop: any EventLoop, limit: TimeAmount) {
    let promise = eventLoop.makePromise(of: Void.self)
    self.promise = promise
    future = promise.futureResult
    timer = eventLoop.assumeIsolated().scheduleTask(in: limit) { [weak self] in
      self?.fail(GatewayError.connectTimeout(limit))
    }
  }

  /// It can.
  func succeed() { take()?.succeed() }

  /// It never will.
  func fail(_ failure: any Error) { take()?.fail(failure) }

  private func take() -> EventLoopPromise<Void>? {
    timer?.cancel()
    timer = nil
    defer { promise = nil }
    return promise
  }
}
