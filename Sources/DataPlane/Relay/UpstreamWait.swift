import NIOCore
import Routing

/// What an exchange waits for at its endpoint.
enum UpstreamWait: Equatable {
  /// The first byte of the response, once the request was sent whole.
  case firstByte
  /// More bytes of the response.
  case nextBytes
}

extension ExchangeRunner {
  /// Sets the time that the endpoint has, as the exchange stands now.
  func updateUpstreamDeadline() {
    let wait = exchange?.upstreamWait
    guard upstreamDeadline.kind != wait else { return }
    guard let wait else { return upstreamDeadline.clear() }
    setUpstreamDeadline(wait)
  }

  /// Bytes of the response have come: the next ones have the same time.
  func upstreamProgressed() {
    if upstreamDeadline.kind == .nextBytes { setUpstreamDeadline(.nextBytes) }
  }

  /// The client's connection is gone, and with it the timers.
  func cancelTimers() {
    upstreamDeadline.cancel()
    requestDeadline.cancel()
  }

  private func setUpstreamDeadline(_ wait: UpstreamWait) {
    let seconds =
      wait == .firstByte
      ? loop.configuration.firstByteTimeoutSeconds : loop.configuration.responseIdleTimeoutSeconds
    upstreamDeadline.set(wait, in: .seconds(seconds))
  }
}
