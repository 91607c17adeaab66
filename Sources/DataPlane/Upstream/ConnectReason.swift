import NIOCore
import NIOPosix

/// Says in a few words why a connection did not come about.
enum ConnectReason {
  /// The failure that the exchange is told of.
  static func failure(_ error: any Error) -> UpstreamFailure {
    if let error = error as? NIOConnectionError, let single = error.connectionErrors.first {
      return failure(single.error)
    }
    if let error = error as? ChannelError, case .connectTimeout = error { return .connectTimeout(text(error)) }
    return .connect(text(error))
  }

  static func text(_ error: any Error) -> String {
    if let error = error as? NIOConnectionError, let single = error.connectionErrors.first {
      return text(single.error)
    }
    if let error = error as? ChannelError, case .connectTimeout(let time) = error {
      return "no connection within \(time.nanoseconds / 1_000_000) ms"
    }
    guard let error = error as? IOError else { return "\(error)" }
    return String(describing: error)
  }
}
