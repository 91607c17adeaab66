import NIOCore
import NIOHPACK
import NIOHTTP2
import Routing

/// The channel of one stream to a picker: messages out, messages and the stream's end in.
final class PickerStreamHandler: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame.FramePayload
  typealias OutboundOut = HTTP2Frame.FramePayload

  /// A message may be as long as gRPC takes by default.
  static let maximumMessageBytes = 4 << 20

  private var session: PickerSession?
  private var context: ChannelHandlerContext?
  private let authority: String
  private var reader = GRPCMessageReader(maximumBytes: maximumMessageBytes)
  private var hasHead = false
  private var hasEnded = false
  private var isClosing = false
  /// The picker ends the stream until then, or it is reset.
  private var patience: Scheduled<Void>?

  init(_ session: PickerSession, authority: String) {
    self.session = session
    self.authority = authority
  }

  /// Whether bytes are taken now.
  var isWritable: Bool { context?.channel.isWritable ?? false }

  /// Whether the stream is open.
  var isOpen: Bool { context != nil && !isClosing }

  /// Sends a message, framed.
  func send(_ message: ByteBuffer) {
    context?.writeAndFlush(wrapOutboundOut(.data(.init(data: .byteBuffer(message)))), promise: nil)
  }

  /// Nobody listens any more: says that nothing more comes, and gives the picker so long to end the stream too.
  func finish(within pause: TimeAmount) {
    session = nil
    guard let context, !isClosing else { return }
    isClosing = true
    if hasEnded { return context.close(promise: nil) }
    let end = HTTP2Frame.FramePayload.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true))
    context.writeAndFlush(wrapOutboundOut(end), promise: nil)
    patience = context.eventLoop.assumeIsolated().scheduleTask(in: pause) { [weak self] in self?.reset() }
  }

  /// Breaks the stream off.
  func reset() {
    session = nil
    isClosing = true
    guard let context else { return }
    context.writeAndFlush(wrapOutboundOut(.rstStream(.cancel)), promise: nil)
    context.close(promise: nil)
  }

  /// The stream could not be opened.
  func lost(_ reason: String) { end(.lost(reason)) }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if context.channel.isActive { begin() }
  }

  func channelActive(context: ChannelHandlerContext) {
    begin()
    context.fireChannelActive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    patience?.cancel()
    self.context = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .headers(let headers): received(headers)
    case .data(let data):
      guard case .byteBuffer(let bytes) = data.data else { return }
      received(bytes)
      if data.endStream { end(.lost("it ended the stream without a status")) }
    default: break
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { session?.writable() }
    context.fireChannelWritabilityChanged()
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(.lost("its connection was lost"))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let error = error as? NIOHTTP2Errors.StreamClosed {
      end(.lost(error.errorCode == .refusedStream ? "it refused the stream" : "it reset the stream"))
    } else {
      end(.lost("\(error)"))
    }
    context.close(promise: nil)
  }

  private func begin() {
    guard let context, let session else { return }
    let head = HPACKHeaders([
      (":method", "POST"), (":scheme", session.picker.transport == .plain ? "http" : "https"),
      (":path", "/envoy.service.ext_proc.v3.ExternalProcessor/Process"), (":authority", authority),
      ("content-type", "application/grpc"), ("te", "trailers"), ("user-agent", "switchyard"),
    ])
    context.write(wrapOutboundOut(.headers(.init(headers: head))), promise: nil)
    session.opened(self)
  }

  private func received(_ headers: HTTP2Frame.FramePayload.Headers) {
    if !hasHead {
      hasHead = true
      if let end = GRPCEnd.head(headers.headers, endsStream: headers.endStream) { self.end(end) }
    } else if headers.endStream {
      end(reader.isInside ? .lost("it broke off within a message") : GRPCEnd.trailer(headers.headers))
    }
  }

  private func received(_ bytes: ByteBuffer) {
    guard hasHead else { return end(.lost("it sent a body without a head")) }
    reader.receive(bytes)
    while let session {
      switch reader.next() {
      case .needMore: return
      case .message(let message): session.received(message)
      case .fault(let reason): return session.malformed(reason)
      }
    }
  }

  private func end(_ end: GRPCEnd) {
    guard !hasEnded else { return }
    hasEnded = true
    let session = session
    self.session = nil
    session?.closed(end)
    // A peer that is no picker may leave the stream half open for ever, and its connection with it.
    if case .status = end { context?.close(promise: nil) } else { reset() }
  }
}
