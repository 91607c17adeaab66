public import Routing

/// A certificate, or a bundle of authorities, that the data plane cannot use though it looked right.
public struct CertificateFailure: Sendable, Equatable {
  /// The listener.
  public var listener: ListenerID
  /// The Secret or ConfigMap.
  public var object: ObjectName
  /// Why.
  public var reason: String
  /// Whether the listener has nothing else to show, so that it refuses each handshake.
  public var endsAll: Bool

  /// A failure.
  public init(listener: ListenerID, object: ObjectName, reason: String, endsAll: Bool) {
    self.listener = listener
    self.object = object
    self.reason = reason
    self.endsAll = endsAll
  }
}
