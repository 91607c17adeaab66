import CodecSupport
import Foundation
import NIOCore
import NIOPosix
import TestSupport

@testable import DataPlane

/// A real nginx in front of an endpoint that tells what it got.
final class NginxReference: Sendable {
  /// What nginx made of one request.
  struct Answer: Sendable {
    var status: Int
    /// The body that the endpoint got; `nil` where it got no request that it could read.
    var body: [UInt8]?
  }

  static let program = tool("nginx") ?? "/usr/sbin/nginx"
  /// Whether this machine has it.
  static var isThere: Bool { FileManager.default.isExecutableFile(atPath: program) }

  private let address: String

  private init(address: String) { self.address = address }

  /// Runs it while `body` does.
  static func run(_ body: (NginxReference) async throws -> Void) async throws {
    let network = randomLoopbackNetwork()
    let endpoint = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Echo()) }
      }
      .bind(host: "\(network).2", port: 8080).get()
    try await withTemporaryPath { path in
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try Data(configuration(network).utf8).write(to: URL(filePath: path + "/nginx.conf"))
      let process = Process()
      process.executableURL = URL(filePath: program)
      process.arguments = ["-p", path, "-c", "nginx.conf", "-e", "error.log"]
      try process.run()
      // A child has the signals blocked that its parent has, SIGTERM among them.
      defer { kill(process.processIdentifier, SIGKILL) }
      let reference = NginxReference(address: "\(network).1")
      try await eventually("nginx listens") {
        guard let socket = connectedSocket(to: 8080, at: reference.address) else { return false }
        close(socket)
        return true
      }
      try await body(reference)
    }
    try await endpoint.close()
  }

  /// A plain proxy; as an intermediary it goes on when a client has sent all that it will.
  private static func configuration(_ network: String) -> String {
    """
    daemon off;
    master_process off;
    pid nginx.pid;
    events { worker_connections 256; }
    http {
      access_log off;
      large_client_header_buffers 8 64k;
      client_max_body_size 0;
      client_body_temp_path body;
      proxy_temp_path proxy;
      fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi;
      scgi_temp_path scgi;
      lingering_close off;
      server {
        listen \(network).1:8080;
        location / {
          proxy_pass http://\(network).2:8080;
          proxy_ignore_client_abort on;
        }
      }
    }
    """
  }

  /// What it answers to these bytes, sent over a connection of their own with its end behind them.
  func answers(to bytes: [UInt8]) throws -> [Answer] {
    guard let socket = connectedSocket(to: 8080, at: address) else { throw Failure("nginx takes no connection") }
    defer { close(socket) }
    var timeout = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var rest = bytes[...]
    while !rest.isEmpty {
      // It may have refused what came before.
      let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    shutdown(socket, Int32(SHUT_WR))
    var (received, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 16 << 10))
    while true {
      let count = recv(socket, &buffer, buffer.count, 0)
      if count < 0, errno == EAGAIN { throw Failure("nginx neither answers nor closes") }
      guard count > 0 else { break }
      received += buffer[..<count]
    }
    return Self.parse(String(decoding: received, as: UTF8.self))
  }

  /// Reads responses whose bodies are of no interest: the endpoint's have none, and nginx' own end the connection.
  private static func parse(_ text: String) -> [Answer] {
    text.components(separatedBy: "HTTP/1.1 ").dropFirst().compactMap { part in
      guard let status = Int(part.prefix(3)), status >= 200 else { return nil }
      let echo = part.firstMatch(of: /\r\nX-Body: ([0-9a-f]*)\r\n/)?.output.1
      return Answer(status: status, body: echo.map { bytes(Array($0.utf8)) })
    }
  }

  private static func bytes(_ digits: [UInt8]) -> [UInt8] {
    stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16) ?? 0
    }
  }

  /// Answers each request with its body in a field.
  private final class Echo: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var reader = HTTP1RequestReader(limits: HTTP1Limits())
    private var trace = CodecTrace()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      reader.receive(unwrapInboundIn(data))
      trace.read(&reader)
      guard trace.fault == nil else { return context.close(promise: nil) }
      guard let message = trace.messages.last, message.isWhole else { return }
      let digits = message.body.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      let answer = "HTTP/1.1 200 OK\r\nX-Body: \(digits)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
      context.close(promise: nil)
    }
  }
}
