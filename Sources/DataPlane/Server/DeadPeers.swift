import NIOCore
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How soon the system notices that the host at the other end of a connection is gone without a word: crashed,
/// unplugged, or behind a path that broke. Left alone it takes Linux two hours of silence, or a quarter of an hour with
/// bytes on the way. Systems without these options keep their own times.
struct DeadPeers {
  /// Seconds of silence before the first probe, between probes, and how many unanswered ones end the connection.
  var idleSeconds: Int
  var intervalSeconds: Int
  var probes: Int
  /// Milliseconds that sent bytes may stay unacknowledged, or untaken by the peer.
  var unacknowledgedMilliseconds: Int

  /// Bytes that the system takes beyond what is on the way; `nil` leaves it all that fits, which can be 4 MB.
  var maximumUnsentBytes: Int?

  /// An endpoint is on the same network, and streams hang on it: 45 s.
  ///
  /// Linux has one time for a host that is dead and for one that lives but takes nothing of a large body. The proxy must see the
  /// latter first, to say so; and it sees what an endpoint takes only if the system keeps little.
  static func endpoint(uploadTimeoutSeconds: Int64) -> DeadPeers {
    DeadPeers(
      idleSeconds: 15, intervalSeconds: 5, probes: 3,
      unacknowledgedMilliseconds: Int(uploadTimeoutSeconds) * 1000 + 15_000, maximumUnsentBytes: 128 << 10)
  }

  /// A client may be far away: a minute, and the probe that it does not answer then.
  ///
  /// It may also stop reading for as long as the proxy allows; the system must not give it up before the proxy does.
  /// The proxy sees that a slow client reads only when the system takes more, so the system keeps little.
  static func client(stallTimeoutSeconds: Int64) -> DeadPeers {
    DeadPeers(
      idleSeconds: 60, intervalSeconds: 15, probes: 4,
      unacknowledgedMilliseconds: Int(stallTimeoutSeconds) * 1000 + 15_000, maximumUnsentBytes: 128 << 10)
  }

  /// The options to set on a connection.
  var options: [(option: ChannelOptions.Types.SocketOption, value: Int)] {
    var options: [(option: ChannelOptions.Types.SocketOption, value: Int)] = [(.socketOption(.so_keepalive), 1)]
    #if os(Linux)
      options += [
        (.tcpOption(.init(rawValue: TCP_KEEPIDLE)), idleSeconds),
        (.tcpOption(.init(rawValue: TCP_KEEPINTVL)), intervalSeconds),
        (.tcpOption(.init(rawValue: TCP_KEEPCNT)), probes),
        (.tcpOption(.init(rawValue: TCP_USER_TIMEOUT)), unacknowledgedMilliseconds),
      ]
      if let maximumUnsentBytes {
        options.append((.tcpOption(.init(rawValue: TCP_NOTSENT_LOWAT)), maximumUnsentBytes))
      }
    #endif
    return options
  }
}
