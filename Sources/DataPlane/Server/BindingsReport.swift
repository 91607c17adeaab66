/// Which of the table's listeners are open, and which could not be opened.
public struct BindingsReport: Sendable, Equatable {
  /// An address and a listener's port at which connections are accepted.
  public struct Socket: Sendable, Hashable {
    /// The IP address.
    public var address: String
    /// The port that the Gateway's listener declares.
    public var listenerPort: Int

    /// A socket.
    public init(address: String, listenerPort: Int) {
      self.address = address
      self.listenerPort = listenerPort
    }
  }

  /// What accepts connections.
  public var open: Set<Socket>
  /// What could not be bound; it is tried again each second.
  public var failures: [BindFailure]
  /// What listeners of TLS name and cannot use, in the order of the table's listeners.
  public var certificateProblems: [CertificateProblem]

  /// A report; without arguments that of a server that has not begun.
  public init(
    open: Set<Socket> = [], failures: [BindFailure] = [], certificateProblems: [CertificateProblem] = []
  ) {
    self.certificateProblems = certificateProblems
    self.open = open
    self.failures = failures
  }
}
