/// An address and port that the data plane listens on.
public struct ListenerSocket: Hashable, Sendable {
  /// An IP address, without brackets.
  public var address: String
  /// The port, 1 to 65535.
  public var port: Int

  /// A socket.
  public init(address: String, port: Int) {
    self.address = address
    self.port = port
  }
}
