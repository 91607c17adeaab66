import Logging
import NIOCore
import NIOHTTP2
import Routing

/// A client's connection of HTTP/2, behind the library's handler: hands its frames to the streams that they belong to.
///
/// Driven by frames, not by a channel a stream: a channel with its pipeline costs more than the request.
final class HTTP2ClientHandler: ChannelDuplexHandler, HTTP2FrameHandler {
  typealias InboundIn = HTTP2Frame
  typealias OutboundIn = HTTP2Frame
  typealias OutboundOut = HTTP2Frame

  let loop: LoopContext
  let client: ClientInfo
  var context: ChannelHandlerContext?
  private let endWatch: HTTP2EndWatch
  private(set) var streams: [HTTP2StreamID: HTTP2Stream] = [:]
  /// Streams that frames of this read were for.
  private var touched: [HTTP2Stream] = []
  /// Streams that have ended: they may be at work still, and serve other requests later.
  private var ended: [HTTP2Stream] = []
  private var free: [HTTP2Stream] = []
  /// How many of both there are.
  var spareStreams: Int { ended.count + free.count }
  var window = HTTP2ClientHandler.firstWindow
  private var resets = ResetBudget()
  var isFlushing = false
  private var readIsWaiting = false
  var hasBegun = false
  /// The last stream that was served.
  var lastID = HTTP2StreamID.rootStream
  var phase = Phase.open
  let deadline: ConnectionDeadline<Wait>

  /// How far the end of the connection is.
  enum Phase {
    case open
    /// The client was told that there will be an end.
    case ending
    /// The client knows which requests will be served.
    case draining
    case closing
    /// Nothing that the client sends is looked at any more.
    case failed
  }

  /// What the connection waits for, while it serves no request.
  enum Wait {
    case preface, request, answerToPing, close
  }

  init(loop: LoopContext, client: ClientInfo, endWatch: HTTP2EndWatch) {
    self.loop = loop
    self.client = client
    self.endWatch = endWatch
    deadline = ConnectionDeadline(on: loop.eventLoop)
    deadline.onPassed { [unowned self] in passed($0) }
  }

  // MARK: The channel's events

  func begin() {
    loop.add(self)
    deadline.set(.preface, in: .seconds(loop.configuration.headerTimeoutSeconds))
    openFirst()
    if loop.isDraining { drain() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    phase = .closing
    deadline.cancel()
    endStreams()
    loop.remove(self)
    context.fireChannelInactive()
  }

  /// Gives up all requests.
  func endStreams() {
    let all = Array(streams.values) + ended + free
    let running = streams.values
    (streams, ended, free, touched) = ([:], [], [], [])
    for stream in running { stream.closed() }
    for stream in all { stream.retire() }
    // They may be at work still.
    loop.eventLoop.assumeIsolated().execute { _ = all }
  }

  func read(context: ChannelHandlerContext) {
    // A client that does not take its answers is asked for no further request, and one that misbehaves for nothing.
    if phase == .failed { return }
    if context.channel.isWritable { context.read() } else { readIsWaiting = true }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable, readIsWaiting, phase != .failed {
      readIsWaiting = false
      context.read()
    }
    context.fireChannelWritabilityChanged()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    if phase == .failed { return }
    switch frame.payload {
    case .headers(let payload): receive(payload, frame.streamID)
    case .data(let payload): receive(payload, frame.streamID)
    case .ping(_, ack: true): if phase == .ending { announceLast() }
    case .settings, .ping, .goAway: if deadline.kind == .preface { rest() }
    default: break
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    let streams = touched
    touched.removeAll(keepingCapacity: true)
    for stream in streams { stream.serve() }
    context.fireChannelReadComplete()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case let event as NIOHTTP2WindowUpdatedEvent: windowChanged(event)
    case let event as StreamClosedEvent: closed(event)
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // What the library found wrong with one stream ends that stream alone.
    let isOfStream = !endWatch.hasEnded && HTTP2Limits.isOfLibrary(error)
    loop.logger.debug(
      isOfStream ? "a request over HTTP/2 was reset" : "a connection of HTTP/2 failed",
      metadata: ["port": "\(client.listenerPort)", "failure": "\(error)"])
    if endWatch.hasEnded { fail() } else if !isOfStream { closeNow() }
  }

  // MARK: Frames that came

  private func receive(_ payload: HTTP2Frame.FramePayload.Headers, _ id: HTTP2StreamID) {
    if let stream = streams[id] {
      stream.receiveTrailer(payload.headers)
      return touched.append(stream)
    }
    // The library counts only once the client has acknowledged the setting.
    guard streams.count < HTTP2Limits.streams else {
      write(id, .rstStream(.refusedStream))
      return flushSoon()
    }
    if phase == .open { deadline.clear() }
    lastID = id
    let stream = freeStream()
    streams[id] = stream
    stream.begin(id, payload.headers, endsStream: payload.endStream)
    touched.append(stream)
  }

  private func receive(_ payload: HTTP2Frame.FramePayload.Data, _ id: HTTP2StreamID) {
    guard let stream = streams[id], case .byteBuffer(let piece) = payload.data else { return }
    stream.receive(piece, endsStream: payload.endStream)
    if touched.last !== stream { touched.append(stream) }
  }

  private func freeStream() -> HTTP2Stream {
    free.append(contentsOf: ended)
    ended.removeAll(keepingCapacity: true)
    return free.popLast() ?? HTTP2Stream(connection: self)
  }

  /// Gives up what a burst of requests has left, and what comes after it does not need. Not while a stream may be at work.
  private func keepFewStreams() {
    free.append(contentsOf: ended)
    ended.removeAll(keepingCapacity: true)
    while free.count > max(HTTP2Limits.spareStreams, streams.count) { free.removeLast().retire() }
  }

  func windowChanged(of id: HTTP2StreamID, to left: Int) { streams[id]?.windowChanged(to: left) }

  /// Bytes of a body are kept until somebody takes them.
  func hold(_ count: Int) { window.hold(count) }

  /// Such bytes were taken.
  func release(_ count: Int) { if let increment = window.release(count) { open(increment) } }

  private func closed(_ event: StreamClosedEvent) {
    guard let stream = streams.removeValue(forKey: event.streamID) else { return }
    let isEarly = event.reason != nil && !stream.wasReset && !stream.hasAnswered
    stream.closed()
    ended.append(stream)
    if isEarly {
      if !resets.reset() { return refuse("too many requests were reset before they were answered") }
    } else if event.reason == nil {
      resets.answered()
    }
    if streams.isEmpty { rest() }
    // Where nothing is written any more, what is kept for further requests is still to be looked at.
    flushSoon()
  }

  func flushed() { keepFewStreams() }
}
