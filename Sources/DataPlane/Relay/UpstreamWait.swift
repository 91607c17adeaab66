import NIOCore
import Routing

/// What an exchange waits for at its endpoint.
enum UpstreamWait: Equatable {
  /// A connection: a new one, or one that another request gives back.
  case connection
  /// That it takes some of the request that waits to be sent.
  case upload
  /// The first byte of the response, once the request was sent whole.
  case firstByte
  /// More bytes of the response.
  case nextBytes
  /// Bytes of either side of a tunnel.
  case tunnelBytes
}

extension ExchangeRunner {
  /// Sets the time that the endpoint has, as the exchange stands now.
  func updateUpstreamDeadline() {
    let wait = standing.upstreamWait
    guard upstreamDeadline.kind != wait else { return }
    guard let wait else { return upstreamDeadline.clear() }
    setUpstreamDeadline(wait)
  }

  /// What was waited for did not come in time.
  func upstreamPassed(_ wait: UpstreamWait) {
    switch wait {
    case .connection: failed(.connectTimeout(.seconds(loop.configuration.connectTimeoutSeconds)))
    case .upload where uploadWatch?.look(unsent: upstream?.unsent ?? 0) == false: return lookAtUploadLater()
    case .upload, .firstByte, .nextBytes, .tunnelBytes: tell { $0.upstreamTimedOut(wait, into: &$1) }
    }
    perform()
  }

  /// Bytes of the response have come: the next ones have the same time.
  func upstreamProgressed() {
    if let wait = upstreamDeadline.kind, wait == .nextBytes || wait == .tunnelBytes { setUpstreamDeadline(wait) }
  }

  /// The client's connection is gone, and with it the timers.
  func cancelTimers() {
    upstreamDeadline.cancel()
    requestDeadline.cancel()
  }

  func setUpstreamDeadline(_ wait: UpstreamWait) {
    switch wait {
    case .connection: upstreamDeadline.set(wait, in: .seconds(loop.configuration.connectTimeoutSeconds))
    case .upload:
      uploadWatch = StallWatch(unsent: upstream?.unsent ?? 0)
      lookAtUploadLater()
    case .firstByte: upstreamDeadline.set(wait, in: .seconds(loop.configuration.firstByteTimeoutSeconds))
    case .nextBytes: upstreamDeadline.set(wait, in: .seconds(loop.configuration.responseIdleTimeoutSeconds))
    case .tunnelBytes: upstreamDeadline.set(wait, in: .seconds(loop.configuration.tunnelIdleTimeoutSeconds))
    }
  }

  private func lookAtUploadLater() {
    upstreamDeadline.set(.upload, in: StallWatch.pause(seconds: loop.configuration.bodyIdleTimeoutSeconds))
  }
}
