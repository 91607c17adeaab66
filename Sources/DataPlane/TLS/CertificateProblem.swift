public import Routing

/// A certificate, or a bundle of authorities, that a listener names and that cannot be used.
public struct CertificateProblem: Sendable, Equatable, CustomStringConvertible {
  /// The listener.
  public var listener: ListenerID
  /// What it names.
  public var certificate: ObjectName
  /// What is wrong with it.
  public var reason: String
  /// Whether the listener has nothing left to show, so that it refuses every handshake.
  public var endsAll: Bool

  /// All of it in a sentence.
  public var description: String {
    "listener \(listener) cannot use \(certificate): \(reason)" + (endsAll ? "; it refuses all handshakes" : "")
  }
}
