import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A listener's address and port that the process could not bind. It is tried again each second.
public struct BindFailure: Sendable, Equatable, CustomStringConvertible {
  /// The IP address.
  public var address: String
  /// The port that was tried: the listener's, with the offset for privileged ports.
  public var port: Int
  /// The port that the Gateway's listener declares.
  public var listenerPort: Int
  /// What the system said.
  public var reason: String
  /// What a person can do about it.
  public var cure: String

  /// Address, port, reason and cure in a sentence.
  public var description: String { "cannot listen on \(address) port \(port): \(reason). \(cure)" }

  /// Explains an error of `bind`.
  init(address: String, port: Int, listenerPort: Int, error: any Error) {
    self.address = address
    self.port = port
    self.listenerPort = listenerPort
    let code = (error as? IOError)?.errnoCode
    reason = code.map { String(cString: strerror($0)) } ?? "\(error)"
    switch code {
    case EADDRINUSE:
      cure =
        "Another process uses the port (see `ss -ltnp sport = :\(port)`): stop it, or give the listener another port."
    case EACCES:
      cure =
        "Ports below 1024 need the capability NET_BIND_SERVICE: grant it, set an offset for privileged ports, "
        + "or give the listener a port above 1023."
    case EADDRNOTAVAIL:
      cure = "No interface of this machine has the address: add it, or choose another address for the Gateway."
    default: cure = "Check the address and port of the Gateway's listener."
    }
  }
}
