import NIOCore
import NIOHTTP2

/// Ends an HTTP/2 connection in good order: told to quiesce, it announces the end, lets open streams finish, and closes.
final class ConnectionDrain: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame
  typealias OutboundOut = HTTP2Frame

  private var openStreams = 0
  private var isDraining = false
  private var context: ChannelHandlerContext?

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ChannelShouldQuiesceEvent, !isDraining {
      isDraining = true
      let farewell = HTTP2Frame(
        streamID: .rootStream, payload: .goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: nil))
      context.writeAndFlush(wrapOutboundOut(farewell), promise: nil)
      closeWhenDone()
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  /// The end of a stream is told while its last frame is being written: it is flushed first, since TLS drops at its close
  /// what was not.
  private func closeWhenDone() {
    guard isDraining, openStreams == 0, let context else { return }
    context.eventLoop.assumeIsolated().execute {
      guard self.openStreams == 0, let context = self.context else { return }
      context.flush()
      context.close(promise: nil)
    }
  }

  /// Counts the connection's streams; NIOHTTP2 calls it on the connection's event loop.
  func streamDelegate(on eventLoop: any EventLoop) -> some NIOHTTP2StreamDelegate {
    StreamCounter(drain: NIOLoopBound(self, eventLoop: eventLoop))
  }

  private struct StreamCounter: NIOHTTP2StreamDelegate, Sendable {
    let drain: NIOLoopBound<ConnectionDrain>

    func streamCreated(_ id: HTTP2StreamID, channel: any Channel) { drain.value.openStreams += 1 }

    func streamClosed(_ id: HTTP2StreamID, channel: any Channel) {
      drain.value.openStreams -= 1
      drain.value.closeWhenDone()
    }
  }
}
