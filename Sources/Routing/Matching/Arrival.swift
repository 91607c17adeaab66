/// Where a client connected to.
public struct Arrival: Sendable, Hashable {
  /// The local address, without brackets; `nil` takes listeners of every address.
  public var address: String?
  /// The local port, as the listener declares it.
  public var port: Int
  /// Whether the connection is encrypted.
  public var isSecure: Bool

  /// An arrival.
  public init(address: String? = nil, port: Int, isSecure: Bool = false) {
    self.address = address
    self.port = port
    self.isSecure = isSecure
  }
}
