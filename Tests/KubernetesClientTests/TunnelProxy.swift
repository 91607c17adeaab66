import Foundation
import Synchronization
import TestSupport

/// An HTTP proxy that knows CONNECT only, and can swallow everything while it goes on acknowledging.
final class TunnelProxy: Sendable {
  private final class Tunnel: Sendable {
    let isFrozen = Atomic(false)

    /// Carries bytes from one socket to the other until the first closes.
    func pump(from source: Int32, to target: Int32) {
      var buffer = [UInt8](repeating: 0, count: 16 << 10)
      while true {
        let count = recv(source, &buffer, buffer.count, 0)
        guard count > 0 else { break }
        if !isFrozen.load(ordering: .acquiring) { TinyServer.Connection(socket: target).write(Array(buffer[..<count])) }
      }
      shutdown(target, Int32(SHUT_RDWR))
    }
  }

  private final class Tunnels: Sendable {
    let all = Mutex<[Tunnel]>([])
  }

  private let server: TinyServer
  private let tunnels: Tunnels

  var url: String { server.url }
  /// How many tunnels were ever made.
  var count: Int { tunnels.all.withLock { $0.count } }

  /// The environment says that our servers need no proxy; a request that names one must not care.
  private static let misleadingEnvironment: Void = { setenv("NO_PROXY", "127.0.0.1,localhost", 1) }()

  init() throws {
    Self.misleadingEnvironment
    let tunnels = Tunnels()
    self.tunnels = tunnels
    server = try TinyServer { request, connection in
      let port = request.target.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
      guard request.method == "CONNECT", let peer = connectedSocket(to: port) else {
        connection.answer("502 Bad Gateway")
        return
      }
      let tunnel = Tunnel()
      tunnels.all.withLock { $0.append(tunnel) }
      connection.write("HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n")
      let done = DispatchSemaphore(value: 0)
      Thread {
        tunnel.pump(from: peer, to: connection.socket)
        done.signal()
      }.start()
      tunnel.pump(from: connection.socket, to: peer)
      done.wait()
      close(peer)
    }
  }

  /// From now on the tunnels that exist carry nothing; new ones work.
  func freeze() {
    tunnels.all.withLock { all in
      for tunnel in all { tunnel.isFrozen.store(true, ordering: .releasing) }
    }
  }
}
