import NIOCore
import NIOPosix

/// Says in a few words why a connection did not come about.
enum ConnectReason {
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
