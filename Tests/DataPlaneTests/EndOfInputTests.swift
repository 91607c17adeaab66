import Descriptors
import NIOCore
import NIOPosix
import Routing
import Synchronization
import TestSupport
import Testing

@testable import DataPlane

/// What an endpoint has sent before it closed.
@Suite(.timeLimit(.minutes(1))) struct EndOfInputTests {
  private final class Counts: Sendable {
    let bytes = Mutex((all: 0, mostUnasked: 0))
  }

  /// Reads as fast as it can, then now and then, like the connection whose client has become slow.
  private final class SlowReader: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    static let fast = 32 << 20
    private let counts: Counts
    private var all = 0
    private var sinceAsked = 0

    init(_ counts: Counts) { self.counts = counts }

    func read(context: ChannelHandlerContext) {
      guard all > Self.fast else { return ask(context) }
      context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(2)) { self.ask(context) }
    }

    private func ask(_ context: ChannelHandlerContext) {
      sinceAsked = 0
      context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let count = unwrapInboundIn(data).readableBytes
      all += count
      sinceAsked += count
      counts.bytes.withLock { $0 = (all, max($0.mostUnasked, sinceAsked)) }
    }
  }

  /// NIO reads all that has come when it learns of the end, whatever is asked for. How much that is must be bounded by the system's
  /// buffer, which grows to 6 MB where nobody says how large it may be.
  @Test func littleIsReadThatNobodyAskedFor() async throws {
    let server = try TinyServer { _, connection in
      connection.write([UInt8](repeating: UInt8(ascii: "x"), count: SlowReader.fast + (4 << 20)))
    }
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let counts = Counts()
    let port = Int(server.port)
    let channel = try await loop.flatSubmit {
      let connect = ProxyPipeline.connector(
        on: loop, configuration: ProxyConfiguration(), scratch: ScratchBuffers())
      return connect(EndpointID(address: "127.0.0.1", port: port), .plain).flatMapThrowing { channel in
        try channel.pipeline.syncOperations.addHandler(SlowReader(counts), position: .first)
        return channel
      }
    }.get()
    try await channel.writeAndFlush(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"))
    try await channel.closeFuture.get()
    let bytes = counts.bytes.withLock { $0 }
    #expect(bytes.all == SlowReader.fast + (4 << 20))
    #expect(bytes.mostUnasked <= 512 << 10, "\(bytes.mostUnasked) bytes at once")
  }
}
