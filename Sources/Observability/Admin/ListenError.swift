/// A server could not listen on its address.
public struct ListenError: Error, CustomStringConvertible, Sendable {
  /// What wanted to listen, such as `admin server`.
  public var server: String
  /// Host or address asked for.
  public var host: String
  /// Port asked for.
  public var port: Int
  /// The operating system's answer.
  public var reason: String

  /// Creates the error.
  public init(server: String, host: String, port: Int, reason: String) {
    self.server = server
    self.host = host
    self.port = port
    self.reason = reason
  }

  /// A sentence that names address, cause and cure.
  public var description: String {
    "\(server) cannot listen on \(host):\(port): \(reason); choose a free address and port, "
      + "or stop the process that holds this one"
  }
}
