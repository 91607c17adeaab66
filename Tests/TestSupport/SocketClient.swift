import Foundation

/// A small HTTP/1.1 client on a plain socket: the tests look at exact bytes, and close connections in mid-answer.
package final class SocketClient {
  package struct Answer: Sendable {
    package var status = 0
    /// Lower-case names.
    package var headers: [String: String] = [:]
    package var body = ""
  }

  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isOpen = true

  /// Connects.
  ///
  /// - Throws: ``Failure`` when nothing listens there.
  package init(port: Int, at address: String = "127.0.0.1") throws {
    guard let connected = SocketAddress.connect(address, port: UInt16(port)) else {
      throw Failure("connect to \(address):\(port): \(String(cString: strerror(errno)))")
    }
    descriptor = connected
    // A server that hangs fails the test instead of stopping the run.
    var timeout = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { disconnect() }

  package func disconnect() {
    if isOpen { close(descriptor) }
    isOpen = false
  }

  /// - Parameter fields: further lines of the head.
  package func send(
    _ method: String, _ path: String, body: String? = nil, type: String = "application/json", fields: [String] = []
  ) throws {
    var text = "\(method) \(path) HTTP/1.1\r\nhost: localhost\r\n"
    if let body { text += "content-type: \(type)\r\ncontent-length: \(body.utf8.count)\r\n" }
    for field in fields { text += field + "\r\n" }
    text += "\r\n\(body ?? "")"
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard written > 0 else { throw Failure("write: errno \(errno)") }
      rest = rest.dropFirst(written)
    }
  }

  /// Reads one whole answer and leaves the connection open for the next.
  package func receive() throws -> Answer {
    var answer = Answer()
    answer.status = Int(try line().split(separator: " ")[1]) ?? 0
    while case let header = try line(), !header.isEmpty {
      let parts = header.split(separator: ":", maxSplits: 1)
      answer.headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
    }
    var body: [UInt8] = []
    if answer.headers["transfer-encoding"] == "chunked" {
      while let size = Int(try line(), radix: 16), size > 0 {
        body += try take(size)
        _ = try line()
      }
      _ = try line()
    } else {
      body = try take(Int(answer.headers["content-length"] ?? "0") ?? 0)
    }
    answer.body = String(decoding: body, as: UTF8.self)
    return answer
  }

  /// Reads until the text has come.
  package func wait(for text: String) throws {
    while !String(decoding: buffer, as: UTF8.self).contains(text) { try fill() }
  }

  private func line() throws -> String {
    while true {
      if let end = buffer.firstIndex(of: 0x0a) {
        let line = String(decoding: buffer[..<end], as: UTF8.self).trimmingCharacters(in: .newlines)
        buffer.removeSubrange(...end)
        return line
      }
      try fill()
    }
  }

  private func take(_ count: Int) throws -> [UInt8] {
    while buffer.count < count { try fill() }
    defer { buffer.removeFirst(count) }
    return Array(buffer[..<count])
  }

  private func fill() throws {
    var chunk = [UInt8](repeating: 0, count: 65536)
    var count = read(descriptor, &chunk, chunk.count)
    // A process that was stopped for a moment goes on here.
    while count < 0, errno == EINTR { count = read(descriptor, &chunk, chunk.count) }
    guard count > 0 else { throw Failure("connection ended, errno \(errno)") }
    buffer += chunk[..<count]
  }
}
