/// A connection that carries, or has carried, transfers: the origin and our end's port.
struct CurlConnection: Hashable, Sendable {
  var origin: Substring
  var localPort: Int
}

/// Decides whether a connection has died without a word.
///
/// An HTTP/2 connection outlives its requests: ending one that gets no answer only resets its stream. A peer that went
/// away behind something that still acknowledges (a proxy, a load balancer) would get every later request too, and
/// answer none. So when time runs out for a request, the connection is given up, unless something else came on it since
/// the request was last heard of: then only that request is slow.
struct ConnectionSilence {
  /// The newest byte of transfers that are over, for connections that still carry others.
  private var lastBytes: [CurlConnection: ContinuousClock.Instant] = [:]

  /// Takes note of a transfer that is over. `isLast`: nothing is left on its connection, which can be forgotten then.
  mutating func transferEnded(on connection: CurlConnection, lastByte: ContinuousClock.Instant?, isLast: Bool) {
    if isLast {
      lastBytes[connection] = nil
    } else if let lastByte {
      lastBytes[connection] = max(lastBytes[connection] ?? lastByte, lastByte)
    }
  }

  /// Whether the connection counts as dead once a request on it has run out of time.
  ///
  /// - Parameters:
  ///   - quietSince: when the request was sent, or last received something.
  ///   - bound: the time that it was given. One that received something in the last half of it is not in silence.
  ///   - others: the last bytes of the other transfers on the connection.
  func isSilent(
    _ connection: CurlConnection, quietSince: ContinuousClock.Instant, bound: Duration, now: ContinuousClock.Instant,
    others: [ContinuousClock.Instant]
  ) -> Bool {
    guard now - quietSince >= bound / 2 else { return false }
    if let past = lastBytes[connection], past > quietSince { return false }
    return others.allSatisfy { $0 <= quietSince }
  }

  /// How many connections are remembered.
  var count: Int { lastBytes.count }
}
