import NIOCore
import NIOEmbedded
import NIOPosix
import Routing
import Synchronization
import TestSupport
import Testing

@testable import DataPlane

#if canImport(Glibc)
  import Glibc
#endif

/// A connection to an endpoint that ends because bytes of the request cannot be sent.
@Suite(.timeLimit(.minutes(1))) struct FailedWriteTests {
  /// Keeps what is written, until the connection ends with the error that the system gave.
  private final class Socket: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    private var promises: [EventLoopPromise<Void>?] = []
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      promises.append(promise)
    }

    func flush(context: ChannelHandlerContext) {}

    func end(_ error: any Error) {
      for promise in promises { promise?.fail(error) }
      context?.close(promise: nil)
    }
  }

  private static let reset = IOError(errnoCode: ECONNRESET, reason: "write")

  @Test(
    "a response that ends with its connection is whole only if that ends in order",
    arguments: [true, false], [true, false])
  func endsInOrder(_ isReset: Bool, _ hasWrittenBefore: Bool) throws {
    let rig = try PipelineTests.Rig()
    try rig.send(KeepAliveTests.post(#"{"model":"chat","#, length: 1_000_000))
    let socket = Socket()
    try rig.upstreams[0].pipeline.syncOperations.addHandler(socket, position: .first)
    if hasWrittenBefore { try rig.send(String(repeating: " ", count: 1000)) }
    try rig.answer("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\nhalf")
    if !hasWrittenBefore { try rig.send(String(repeating: " ", count: 1000)) }
    socket.end(isReset ? Self.reset : ChannelError.eof)
    rig.loop.run()
    let received = try rig.received(rig.client)
    #expect(received.contains("half") && received.hasSuffix("0\r\n\r\n") == !isReset, "\(received)")
    #expect(rig.records.records.withLock { $0.map(\.error?.kind) } == [isReset ? .endpointLost : nil])
  }

  #if os(Linux)
    /// What a channel tells of its end.
    private final class Events: Sendable {
      let list = Mutex<[String]>([])
    }

    private final class Recorder: ChannelInboundHandler {
      typealias InboundIn = ByteBuffer

      private let events: Events

      init(_ events: Events) { self.events = events }

      func errorCaught(context: ChannelHandlerContext, error: any Error) { events.list.withLock { $0.append("error") } }

      func channelInactive(context: ChannelHandlerContext) { events.list.withLock { $0.append("inactive") } }
    }

    /// What the gateway must know of NIO: were this to change, ``UpstreamHandler`` could do with less.
    @Test func aFailedWriteEndsAConnectionWithoutAnErrorAndOnlyItsPromiseTells() async throws {
      let (sockets, accepted) = AsyncStream.makeStream(of: Int32.self, bufferingPolicy: .bufferingNewest(1))
      let server = try TinyServer { _, connection in
        accepted.yield(connection.socket)
        connection.waitForClose()
      }
      let descriptor = try #require(connectedSocket(to: server.port))
      let events = Events()
      let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(Recorder(events))
          }
        }
        .withConnectedSocket(descriptor).get()
      try await channel.writeAndFlush(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"))
      var iterator = sockets.makeAsyncIterator()
      let peer = try #require(await iterator.next())
      let promise = channel.eventLoop.makePromise(of: Void.self)
      try await channel.eventLoop.submit {
        Self.reset(peer, until: descriptor)
        channel.writeAndFlush(ByteBuffer(string: "more"), promise: promise)
      }.get()
      await #expect(throws: IOError.self) { try await promise.futureResult.get() }
      try await channel.closeFuture.get()
      #expect(events.list.withLock { $0 } == ["inactive"])
    }

    /// Resets a connection and waits, before an event loop can see it, until the other end knows.
    private static func reset(_ peer: Int32, until descriptor: Int32) {
      var nobody = sockaddr()
      nobody.sa_family = sa_family_t(AF_UNSPEC)
      _ = connect(peer, &nobody, socklen_t(MemoryLayout<sockaddr>.size))
      var info = tcp_info()
      repeat {
        var size = socklen_t(MemoryLayout<tcp_info>.size)
        getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, &info, &size)
      } while info.tcpi_state != 7  // TCP_CLOSE
    }
  #endif
}
