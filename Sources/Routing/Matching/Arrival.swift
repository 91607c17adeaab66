/// Where a client connected to.
public struct Arrival: Sendable, Hashable {
  /// The local address, without brackets; `nil` takes listeners of every address.
  public var address: String?
  /// The local port, as the listener declares it.
  public var port: Int
  /// The listener whose certificate a connection of TLS was shown; `nil` for one in clear. Neither reaches the listeners
  /// of the other.
  public var secureListener: ListenerID?
  /// The IP address of who connected, without brackets; `nil` where it is not known, which nobody trusts.
  public var caller: String?
  /// Whether the connection is encrypted.
  public var isSecure: Bool { secureListener != nil }

  /// An arrival.
  public init(address: String? = nil, port: Int, secureListener: ListenerID? = nil, caller: String? = nil) {
    self.address = address
    self.caller = caller
    self.port = port
    self.secureListener = secureListener
  }
}
