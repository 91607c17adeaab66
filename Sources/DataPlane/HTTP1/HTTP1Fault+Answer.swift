import Routing

extension HTTP1Fault {
  /// What a client is told whose request is like this.
  func requestError(limits: HTTP1Limits) -> GatewayError {
    switch self {
    case .targetTooLong: .targetTooLong(limit: limits.headBytes)
    case .headTooLarge, .tooManyFields: .headTooLarge(limits)
    case .unknownCoding: .unknownCoding
    case .version: .version
    case .codingOfOldVersion: .codingOfOldVersion
    default: .malformed(reason)
    }
  }

  /// What became of a request whose response is like this.
  var responseError: GatewayError { GatewayError(.invalidResponse, reason) }
}
