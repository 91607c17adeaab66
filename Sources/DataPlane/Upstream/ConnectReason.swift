import Descriptors
import NIOCore
import NIOPosix
import Routing

/// Says in a few words why a connection did not come about.
enum ConnectReason {
  /// The failure that the exchange is told of.
  static func failure(_ error: any Error) -> GatewayError {
    if let error = error as? NIOConnectionError, let single = error.connectionErrors.first {
      return failure(single.error)
    }
    if let error = error as? GatewayError { return error }
    if NoDescriptorLeft.isMeant(by: error) { return .overloaded }
    if let error = error as? ChannelError, case .connectTimeout(let time) = error {
      return .connectTimeout(time)
    }
    return GatewayError(.connectFailed, "\(error)")
  }

  /// Why a connection does not carry HTTP/2, and the cure where that may be a mistake: inside TLS both sides have agreed on it.
  static func noHTTP2(_ reason: String, isSecure: Bool) -> String {
    isSecure ? reason : reason + " (is it spoken there without TLS? If not, take appProtocol kubernetes.io/h2c away)"
  }
}
