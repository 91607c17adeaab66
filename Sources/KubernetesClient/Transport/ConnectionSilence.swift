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
///
/// Watches are silent for a minute where nothing happens, so a request that waits for a few seconds only is no proof. It
/// makes the connection suspect: when more such requests follow, and nothing at all comes for longer than any watch
/// would be silent, it is given up, too.
struct ConnectionSilence {
  /// What is to be done about the connection of a request whose time ran out.
  enum Verdict: Equatable {
    /// Nothing: only the request is slow.
    case alive
    /// Nothing came since the request was sent, but that is too little to end others for it.
    case suspect
    /// It carries nothing any more.
    case dead
  }

  /// How long it takes to believe in a silence.
  struct Patience {
    /// While one request waits. API servers may take 30 seconds to ask one admission webhook.
    var oneRequest = Duration.seconds(30)
    /// From the first of several short requests. Longer than the minute, and a bit, between two bookmarks.
    var severalRequests = Duration.seconds(90)
  }

  private let patience: Patience
  /// The newest byte of transfers that are over, for connections that still carry others.
  private var lastBytes: [CurlConnection: ContinuousClock.Instant] = [:]
  /// Since when the first request waited that got nothing, for connections that carry others.
  private var suspectSince: [CurlConnection: ContinuousClock.Instant] = [:]

  init(patience: Patience = Patience()) {
    self.patience = patience
  }

  /// Takes note of a transfer that is over. `isLast`: nothing is left on its connection, which can be forgotten then.
  mutating func transferEnded(on connection: CurlConnection, lastByte: ContinuousClock.Instant?, isLast: Bool) {
    if isLast {
      lastBytes[connection] = nil
      suspectSince[connection] = nil
    } else if let lastByte {
      lastBytes[connection] = max(lastBytes[connection] ?? lastByte, lastByte)
    }
  }

  /// Judges the connection once a request on it has run out of time.
  ///
  /// - Parameters:
  ///   - quietSince: when the request was sent, or last received something.
  ///   - bound: the time that it was given. One that received something in the last half of it is not in silence.
  ///   - others: the last bytes of the other transfers on the connection.
  mutating func ranOut(
    on connection: CurlConnection, quietSince: ContinuousClock.Instant, bound: Duration, now: ContinuousClock.Instant,
    others: [ContinuousClock.Instant]
  ) -> Verdict {
    let newest = ([lastBytes[connection]].compactMap(\.self) + others).max()
    guard now - quietSince >= bound / 2, newest.map({ $0 <= quietSince }) ?? true else {
      suspectSince[connection] = nil
      return .alive
    }
    let first = suspectSince[connection].flatMap { first in newest.map { $0 > first } == true ? nil : first }
    let since = min(first ?? quietSince, quietSince)
    suspectSince[connection] = since
    let isDead = now - quietSince >= patience.oneRequest || now - since >= patience.severalRequests
    return isDead ? .dead : .suspect
  }

  /// How many connections are remembered.
  var count: Int { Set(lastBytes.keys).union(suspectSince.keys).count }
}
