import Foundation
import Synchronization

/// An HTTP/1.1 server for one test: each connection carries one request, and the test decides every byte of the answer.
package final class TinyServer: Sendable {
  package struct Request: Sendable {
    package var method: String
    package var target: String
    /// Request line and header fields, as they came.
    package var head: String
    package var body: String
  }

  /// One accepted connection. Closed when the handler returns.
  package struct Connection: Sendable {
    package let socket: Int32

    package init(socket: Int32) { self.socket = socket }

    package func write(_ text: String) { write(Array(text.utf8)) }

    package func write(_ bytes: [UInt8]) {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }

    package func answer(_ status: String, headers: [String] = [], body: String = "") {
      let lines = ["HTTP/1.1 \(status)", "Connection: close", "Content-Length: \(body.utf8.count)"] + headers
      write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Begins an answer that ends when the connection does.
    package func beginStream() { write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n") }

    /// Returns once the peer has closed.
    package func waitForClose() {
      var byte: UInt8 = 0
      while recv(socket, &byte, 1, 0) > 0 {}
    }

    func read() -> Request? {
      var bytes: [UInt8] = []
      var byte: UInt8 = 0
      while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
        guard recv(socket, &byte, 1, 0) == 1 else { return nil }
        bytes.append(byte)
      }
      let head = String(decoding: bytes, as: UTF8.self)
      let words = head.split(separator: " ", maxSplits: 2)
      let lengthLine = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
      let length = lengthLine.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
      var body: [UInt8] = []
      while body.count < length, recv(socket, &byte, 1, 0) == 1 { body.append(byte) }
      return Request(
        method: String(words[0]), target: String(words[1]), head: head, body: String(decoding: body, as: UTF8.self))
    }
  }

  /// Outlives the server, for connections still being served.
  private final class Log: Sendable {
    let requests = Mutex<[Request]>([])
  }

  package let port: UInt16
  private let address: String
  private let socket: Int32
  private let log = Log()
  private let isListening = Atomic(true)

  package var url: String { "http://\(address):\(port)" }
  package var requests: [Request] { log.requests.withLock { $0 } }

  /// Listens until the value goes away.
  ///
  /// - Parameters:
  ///   - port: 0 takes a free one.
  ///   - handler: called on a thread of the connection.
  package init(
    address: String = "127.0.0.1", port: UInt16 = 0, _ handler: @escaping @Sendable (Request, Connection) -> Void
  ) throws {
    let listener = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var name = SocketAddress.ipv4(address, port: port)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    guard isBound else {
      let reason = String(cString: strerror(errno))
      close(listener)
      throw Failure("\(address):\(port) cannot be listened on: \(reason)")
    }
    self.address = address
    socket = listener
    self.port = UInt16(bigEndian: name.sin_port)
    let accepting = Thread { [log] in
      while true {
        let peer = accept(listener, nil, nil)
        guard peer >= 0 else { break }
        let connection = Connection(socket: peer)
        let serving = Thread {
          if let request = connection.read() {
            log.requests.withLock { $0.append(request) }
            handler(request, connection)
          }
          close(peer)
        }
        serving.start()
      }
      // Closed here and nowhere else: were it closed while this thread may still accept, another test's listener could
      // get the same number, and its connections would come here.
      close(listener)
    }
    accepting.start()
  }

  deinit { stop() }

  /// Stops listening; connections that are open go on.
  package func stop() {
    // Only once: the number may be another socket's soon.
    if isListening.exchange(false, ordering: .acquiringAndReleasing) { shutdown(socket, Int32(SHUT_RDWR)) }
  }
}
