import NIOCore
import NIOEmbedded
import NIOHTTP2
import Testing

@testable import LocalCluster

/// An HTTP/2 connection of a server that stops.
@Suite struct ConnectionDrainTests {
  /// What reaches the network's side of the pipeline, in order.
  final class Wire: ChannelOutboundHandler {
    typealias OutboundIn = HTTP2Frame
    var steps: [String] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      steps.append(unwrapOutboundIn(data).streamID == .rootStream ? "farewell" : "last frame")
      promise?.succeed()
    }

    func flush(context: ChannelHandlerContext) { steps.append("flush") }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
      steps.append("close")
      context.close(mode: mode, promise: promise)
    }
  }

  let channel = EmbeddedChannel()
  let wire = Wire()
  let drain = ConnectionDrain()

  init() throws {
    try channel.pipeline.syncOperations.addHandlers([wire, drain])
  }

  /// NIOHTTP2 tells the end of a stream between the write of its last frame and the flush.
  @Test func theLastFrameLeavesBeforeTheEnd() throws {
    let streams = drain.streamDelegate(on: channel.embeddedEventLoop)
    streams.streamCreated(1, channel: channel)
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    channel.embeddedEventLoop.run()
    #expect(wire.steps == ["farewell", "flush"])
    channel.write(
      HTTP2Frame(streamID: 1, payload: .data(.init(data: .byteBuffer(ByteBuffer()), endStream: true))), promise: nil)
    streams.streamClosed(1, channel: channel)
    channel.embeddedEventLoop.run()
    #expect(wire.steps == ["farewell", "flush", "last frame", "flush", "close"])
  }

  @Test func aConnectionWithoutStreamsEndsAtOnce() {
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    channel.embeddedEventLoop.run()
    #expect(wire.steps.first == "farewell")
    #expect(wire.steps.last == "close")
  }
}
