import Foundation

/// Addresses as the system's calls want them.
enum SocketAddress {
  /// An IPv4 address, written with dots, and a port.
  static func ipv4(_ address: String, port: UInt16) -> sockaddr_in {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = inet_addr(address)
    return name
  }

  /// A connected socket, or `nil` with the reason in `errno`.
  static func connect(_ address: String, port: UInt16) -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var name = ipv4(address, port: port)
    let result = withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result != 0 else { return descriptor }
    let reason = errno
    close(descriptor)
    errno = reason
    return nil
  }
}

/// A socket connected to a port of this machine, or `nil` when nothing listens there. The caller closes it.
public func connectedSocket(to port: UInt16, at address: String = "127.0.0.1") -> Int32? {
  SocketAddress.connect(address, port: port)
}
