/// A connection that was to begin with a header of the PROXY protocol, and was closed since it did not.
public struct ProxyHeaderFailure: Sendable, Equatable {
  /// Why.
  public enum Reason: String, Sendable, CaseIterable {
    /// The first bytes are no such header.
    case noHeader = "no_header"
    /// They begin like one, and cannot be read.
    case malformed
    /// It is longer than the gateway takes.
    case tooLong = "too_long"
    /// It did not come whole in time.
    case timeout
    /// The other side went away before it was whole.
    case callerClosed = "caller_closed"
  }

  /// Why.
  public var reason: Reason
  /// The port that the listener declares.
  public var listenerPort: Int

  /// A failure.
  public init(_ reason: Reason, listenerPort: Int) {
    self.reason = reason
    self.listenerPort = listenerPort
  }
}
