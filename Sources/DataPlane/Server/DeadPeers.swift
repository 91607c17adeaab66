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

  /// An endpoint is on the same network, and streams hang on it: 30 s.
  static let endpoint = DeadPeers(
    idleSeconds: 15, intervalSeconds: 5, probes: 3, unacknowledgedMilliseconds: 30_000)
  /// A client may be far away: a minute, and the probe that it does not answer then.
  static let client = DeadPeers(
    idleSeconds: 60, intervalSeconds: 15, probes: 4, unacknowledgedMilliseconds: 60_000)

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
    #endif
    return options
  }
}
