import Glibc
import TestSupport

/// A client's connection without a library: hundreds of them cost a test nothing.
final class RawClient {
  private var descriptor: Int32
  private var received: [UInt8] = []

  /// Connects; the system takes the connection, whether or not the server accepts it.
  init(_ address: (host: String, port: UInt16)) throws {
    guard let connected = connectedSocket(to: address.port, at: address.host) else {
      throw Failure("cannot connect to \(address): \(String(cString: strerror(errno)))")
    }
    descriptor = connected
    guard fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else {
      throw Failure("a socket cannot be made not to wait: \(String(cString: strerror(errno)))")
    }
  }

  deinit { close() }

  func close() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }

  func send(_ text: String) throws {
    let bytes = Array(text.utf8)
    guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw Failure("cannot send: \(String(cString: strerror(errno)))")
    }
  }

  /// All that comes until the server closes the connection.
  func answer() async throws -> String {
    try await eventually("the server closes the connection", within: .seconds(60)) { read() }
    return String(decoding: received, as: UTF8.self)
  }

  /// Takes what is there; says whether the server has closed.
  private func read() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count > 0 {
        received += buffer[..<count]
      } else if count == 0 || errno != EINTR {
        return count == 0 || errno != EAGAIN
      }
    }
  }
}
