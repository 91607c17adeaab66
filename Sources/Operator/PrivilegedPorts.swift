import Glibc

/// Ports below 1024, which a process may bind only with a privilege.
package enum PrivilegedPorts {
  /// What must be added to such ports: 0 for a process that may bind them, else 8000 (80 becomes 8080).
  package static func offset() -> Int { mayBind ? 0 : 8000 }

  /// Tries a low port that nothing uses on a loopback address of its own; only a refusal for lack of rights counts.
  private static var mayBind: Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return true }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(1023).bigEndian
    address.sin_addr.s_addr = inet_addr("127.255.255.253")
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    return result == 0 || errno != EACCES
  }
}
