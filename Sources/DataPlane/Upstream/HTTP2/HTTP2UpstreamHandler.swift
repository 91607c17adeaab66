import NIOCore
import NIOHTTP2
import Routing

/// A connection of HTTP/2 to an endpoint, behind the library's handler: hands its frames to the streams that they belong to.
///
/// It can carry requests once the endpoint's settings have come: what answers the preface with something else speaks no HTTP/2, and
/// shall not be sent a request.
final class HTTP2UpstreamHandler: ChannelDuplexHandler, HTTP2FrameHandler {
  typealias InboundIn = HTTP2Frame
  typealias OutboundIn = HTTP2Frame
  typealias OutboundOut = HTTP2Frame

  let limits: HTTP1Limits
  let isSecure: Bool
  /// Where its endpoint's connections are kept, and by whom.
  weak var home: UpstreamConnections?
  weak var pool: UpstreamPool?
  /// How many streams the endpoint allows at once.
  private(set) var room = Int.max

  var context: ChannelHandlerContext?
  private let endWatch: HTTP2EndWatch
  private let readiness: UpstreamReadiness
  private var streams: [HTTP2StreamID: HTTP2UpstreamStream] = [:]
  /// Streams that frames of this read were for.
  private var touched: [HTTP2UpstreamStream] = []
  /// Opened as bytes come, whoever takes them: those that a slow client leaves are bounded by the window of its stream, and must
  /// not stop the others.
  var window = HTTP2UpstreamHandler.firstWindow
  private var nextID = 1
  /// No further request may be sent.
  private var isRetired = false
  var isFlushing = false
  var hasBegun = false

  init(limits: HTTP1Limits, isSecure: Bool, endWatch: HTTP2EndWatch, readiness: UpstreamReadiness) {
    self.limits = limits
    self.isSecure = isSecure
    self.endWatch = endWatch
    self.readiness = readiness
  }

  private var isActive: Bool { context?.channel.isActive ?? false }

  /// Whether a further request can be sent.
  var takesRequests: Bool { isActive && !isRetired }

  /// Numbers a stream whose head is about to be written; `nil` where none can be any more.
  func begin(_ stream: HTTP2UpstreamStream) -> HTTP2StreamID? {
    guard takesRequests, nextID <= Int(Int32.max) else { return nil }
    let id = HTTP2StreamID(nextID)
    nextID += 2
    streams[id] = stream
    if nextID > Int(Int32.max) { retire() }
    return id
  }

  /// Closes the connection.
  func close() { context?.close(promise: nil) }

  // MARK: The channel's events

  func begin() { openFirst() }

  func channelInactive(context: ChannelHandlerContext) {
    end("it closed the connection")
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // What the library found wrong with one stream ends that stream alone, and is told as its end.
    guard endWatch.hasEnded || !HTTP2Limits.isOfLibrary(error) else { return }
    end(
      endWatch.hasEnded ? "what it sent is not HTTP/2: \(error)" : UpstreamTLSFailure.refusal(error) ?? "\(error)")
    context.close(promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch frame.payload {
    case .headers(let payload): touch(frame.streamID)?.receive(payload.headers, ends: payload.endStream)
    case .data(let payload):
      guard case .byteBuffer(let piece) = payload.data else { return }
      touch(frame.streamID)?.receive(piece, ends: payload.endStream)
    case .settings(.settings(let settings)): settle(settings)
    case .goAway(let last, _, _): leave(last)
    default: break
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    serveTouched()
    context.fireChannelReadComplete()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case let event as NIOHTTP2WindowUpdatedEvent: windowChanged(event)
    case let event as StreamClosedEvent: closed(event)
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  // MARK: Frames that came

  private func touch(_ id: HTTP2StreamID) -> HTTP2UpstreamStream? {
    guard let stream = streams[id] else { return nil }
    if touched.last !== stream { touched.append(stream) }
    return stream
  }

  private func serveTouched() {
    let streams = touched
    touched.removeAll(keepingCapacity: true)
    for stream in streams { stream.serve() }
  }

  private func settle(_ settings: HTTP2Settings) {
    if let most = settings.last(where: { $0.parameter == .maxConcurrentStreams }) {
      room = most.value
      pool?.roomChanged(of: self)
    }
    readiness.succeed()
  }

  /// The endpoint takes no request behind this one (RFC 9113, section 6.8).
  private func leave(_ last: HTTP2StreamID) {
    for (id, stream) in streams where id > last {
      streams[id] = nil
      stream.closed(.requestRefused("it ends its connection and has not looked at the request"))
      touched.append(stream)
    }
    retire()
  }

  private func retire() {
    guard !isRetired else { return }
    isRetired = true
    pool?.retire(self)
  }

  private func closed(_ event: StreamClosedEvent) {
    guard let stream = streams.removeValue(forKey: event.streamID) else { return }
    let code = event.reason ?? .noError
    if code == .refusedStream, !stream.hasBegun {
      stream.closed(.requestRefused("it refused the request before it looked at it (REFUSED_STREAM)"))
    } else {
      stream.reset("it reset the request: \(code)")
    }
    touched.append(stream)
    // A stream may end while we write, outside of any read.
    flushSoon()
  }

  private func end(_ reason: String) {
    readiness.fail(GatewayError(.connectFailed, ConnectReason.noHTTP2(reason, isSecure: isSecure)))
    isRetired = true
    let running = streams.values
    streams = [:]
    for stream in running { stream.closed(reason) }
    touched += running
    pool?.gone(self)
    serveTouched()
  }

  func windowChanged(of id: HTTP2StreamID, to left: Int) { streams[id]?.windowChanged(to: left) }

  // MARK: Frames that go

  /// A promise of a write, which calls `action` once it was sent or could not be.
  func promise(_ action: @escaping () -> Void) -> EventLoopPromise<Void>? {
    guard let promise = context?.eventLoop.makePromise(of: Void.self) else { return nil }
    promise.futureResult.assumeIsolated().whenComplete { _ in action() }
    return promise
  }

  func flushed() { serveTouched() }
}
