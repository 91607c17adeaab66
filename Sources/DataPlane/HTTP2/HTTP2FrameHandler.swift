import NIOCore
import NIOHTTP2

/// One end of a connection of HTTP/2, behind the library's handler: what goes, and the room that its peer has for all streams together.
protocol HTTP2FrameHandler: BeginningHandler where OutboundOut == HTTP2Frame {
  var window: ReceiveWindow { get set }
  var isFlushing: Bool { get set }
  /// How much the peer may send of one stream has changed.
  func windowChanged(of id: HTTP2StreamID, to left: Int)
  /// What was written is sent.
  func flushed()
}

extension HTTP2FrameHandler {
  /// The window of a connection, which begins with what HTTP/2 begins with.
  static var firstWindow: ReceiveWindow { ReceiveWindow(target: HTTP2Limits.connectionWindow, left: 65_535) }

  /// Opens the connection's window to what it is to be.
  func openFirst() { open(HTTP2Limits.connectionWindow - 65_535) }

  func windowChanged(_ event: NIOHTTP2WindowUpdatedEvent) {
    guard let left = event.inboundWindowSize else { return }
    guard event.streamID == .rootStream else { return windowChanged(of: event.streamID, to: left) }
    if let increment = window.changed(to: left) { open(increment) }
  }

  func open(_ increment: Int) {
    write(.rootStream, .windowUpdate(windowSizeIncrement: increment))
    flushSoon()
  }

  /// Writes a frame; ``flushSoon()`` sends it.
  func write(_ id: HTTP2StreamID, _ payload: HTTP2Frame.FramePayload, onWritten promise: EventLoopPromise<Void>? = nil)
  {
    guard let context else { return promise?.fail(ChannelError.ioOnClosedChannel) ?? () }
    context.write(wrapOutboundOut(HTTP2Frame(streamID: id, payload: payload)), promise: promise)
  }

  /// Sends what was written, together with what other streams write until the loop is done with what it is at.
  func flushSoon() {
    guard !isFlushing, let context else { return }
    isFlushing = true
    context.eventLoop.assumeIsolated().execute { [self] in
      isFlushing = false
      self.context?.flush()
      flushed()
    }
  }
}
