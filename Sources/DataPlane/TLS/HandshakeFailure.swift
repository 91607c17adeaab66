/// A connection to a listener of TLS that ended before anything could be asked.
public struct HandshakeFailure: Sendable, Equatable {
  /// Why.
  public enum Reason: String, Sendable, CaseIterable {
    /// No listener of the port has the name that the client asks for.
    case unknownName = "unknown_name"
    /// The listener has no certificate that it could show.
    case noCertificate = "no_certificate"
    /// Client and gateway did not agree: no version or cipher in common, a certificate that one did not take, or no TLS.
    case notAgreed = "not_agreed"
    /// The client went away.
    case clientClosed = "client_closed"
    /// It took too long.
    case timeout = "handshake_timeout"
  }

  /// Why.
  public var reason: Reason
  /// The listener's port, as its Gateway declares it.
  public var listenerPort: Int

  /// A failure.
  public init(_ reason: Reason, listenerPort: Int) {
    self.reason = reason
    self.listenerPort = listenerPort
  }
}
