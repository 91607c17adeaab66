import Certificates
import Foundation
import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL
import SwiftProtobuf
import Synchronization
import TestSupport

@testable import ExternalProcessing

/// A picker on a loopback port that does what a test says.
final class ScriptedServer: Sendable {
  /// One request's stream, on the server's side.
  struct Stream: Sendable {
    fileprivate let channel: any Channel
    fileprivate let connection: any Channel

    func send(_ reply: Replies.Reply) throws {
      let message: [UInt8] = try reply.serializedBytes()
      write(.data(.init(data: .byteBuffer(GRPCMessageReader.frame(message)))))
    }

    func head() { write(.headers(.init(headers: [":status": "200", "content-type": "application/grpc"]))) }

    func end(_ status: String = "0") { write(.headers(.init(headers: ["grpc-status": status], endStream: true))) }

    func reset() { write(.rstStream(.internalError)) }

    /// Ends the connection as if the process had died.
    func die() { connection.close(promise: nil) }

    /// Takes no further stream on the connection.
    func sendGoAway() {
      let frame = HTTP2Frame(
        streamID: .rootStream, payload: .goAway(lastStreamID: 1, errorCode: .noError, opaqueData: nil))
      connection.writeAndFlush(frame, promise: nil)
    }

    private func write(_ payload: HTTP2Frame.FramePayload) { channel.writeAndFlush(payload, promise: nil) }
  }

  typealias Script = @Sendable (PickerRequest, Stream) throws -> Void

  private struct State {
    var connections = 0
    var streams = 0
    var ended = 0
    var requests: [PickerRequest] = []
  }

  private let state = Mutex(State())
  private let listening = Mutex<(any Channel)?>(nil)
  private let script: Script

  var connections: Int { state.withLock { $0.connections } }
  /// Streams that the gateway has ended in order.
  var ended: Int { state.withLock { $0.ended } }
  var streams: Int { state.withLock { $0.streams } }
  var requests: [PickerRequest] { state.withLock { $0.requests } }
  var port: Int { listening.withLock { $0?.localAddress?.port } ?? 0 }

  private init(_ script: @escaping Script) { self.script = script }

  /// - Parameter certificates: what it shows; by default something signed by nobody that anybody knows.
  static func start(
    secure: Bool = true, showing certificates: IssuedCertificates? = nil, _ script: @escaping Script
  ) async throws -> ScriptedServer {
    let server = ScriptedServer(script)
    let tls = secure ? try context(certificates ?? .make(authority: "test", days: 1)) : nil
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          server.state.withLock { $0.connections += 1 }
          if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
          _ = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .server, connectionConfiguration: .init(), streamConfiguration: .init()
          ) { stream in
            stream.eventLoop.makeCompletedFuture {
              try stream.pipeline.syncOperations.addHandler(Handler(server, connection: channel))
            }
          }
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    server.listening.withLock { $0 = channel }
    return server
  }

  func stop() async throws { try await listening.withLock { $0 }?.close() }

  private static func context(_ issued: IssuedCertificates) throws -> NIOSSLContext {
    let chain = try NIOSSLCertificate.fromPEMBytes(Array(issued.server.utf8))
    let key = try NIOSSLPrivateKey(bytes: Array(issued.serverKey.utf8), format: .pem)
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.applicationProtocols = ["h2"]
    return try NIOSSLContext(configuration: configuration)
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload

    private let server: ScriptedServer
    private let connection: any Channel
    private var reader = GRPCMessageReader(maximumBytes: 1 << 20)

    init(_ server: ScriptedServer, connection: any Channel) { (self.server, self.connection) = (server, connection) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .headers: server.state.withLock { $0.streams += 1 }
      case .data(let data):
        if case .byteBuffer(let bytes) = data.data { take(bytes, context) }
        guard data.endStream else { return }
        server.state.withLock { $0.ended += 1 }
        Stream(channel: context.channel, connection: connection).end()
      default: break
      }
    }

    private func take(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
      reader.receive(bytes)
      while case .message(let message) = reader.next() {
        do {
          let request = try PickerRequest(serializedBytes: Array(buffer: message))
          server.state.withLock { $0.requests.append(request) }
          try server.script(request, Stream(channel: context.channel, connection: connection))
        } catch {
          context.close(promise: nil)
        }
      }
    }
  }
}
