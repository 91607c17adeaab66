import Logging
import NIOCore
import NIOHTTP2

// The ways in which a connection of HTTP/2 ends.
extension HTTP2ClientHandler: ClientConnection {
  /// Serves what is running, and what is on its way, then closes.
  ///
  /// In two steps (RFC 9113, section 6.8): a GOAWAY that still takes all requests; then, when the client has had it, one
  /// that names the last request that is served.
  func drain() {
    guard phase == .open else { return }
    guard deadline.kind != .preface, let context else { return closeNow() }
    phase = .ending
    do {
      // Past the library's handler, which takes no request after any GOAWAY of its own.
      let codec = try context.pipeline.syncOperations.context(handlerType: NIOHTTP2Handler.self)
      codec.write(NIOAny(Self.noticeOfEnd), promise: nil)
    } catch {
      return closeNow()
    }
    write(.rootStream, .ping(HTTP2PingData(withInteger: 1), ack: false))
    flushSoon()
    deadline.set(.answerToPing, in: .seconds(1))
  }

  /// The client has had the notice, or had its time to.
  func announceLast() {
    guard phase == .ending else { return }
    phase = .draining
    write(.rootStream, .goAway(lastStreamID: lastID, errorCode: .noError, opaqueData: nil))
    flushSoon()
    deadline.clear()
    rest()
  }

  /// Nothing is served.
  func rest() {
    guard streams.isEmpty else { return deadline.clear() }
    switch phase {
    case .open: deadline.set(.request, in: .seconds(loop.configuration.clientIdleTimeoutSeconds))
    case .draining: close()
    case .ending, .closing, .failed: break
    }
  }

  /// What was waited for did not come in time.
  func passed(_ wait: Wait) {
    switch wait {
    case .preface, .close: closeNow()
    case .request: close("no request came for a long time")
    case .answerToPing: announceLast()
    }
  }

  /// Closes at once.
  func closeNow() {
    phase = .closing
    context?.close(promise: nil)
  }

  /// Says that no further request is served, and why, and closes once the client has been sent all that was written, or will
  /// not take it.
  func close(_ reason: String? = nil) {
    guard isOpen, let context else { return }
    phase = .closing
    deadline.set(.close, in: .seconds(2))
    let promise = context.eventLoop.makePromise(of: Void.self)
    promise.futureResult.assumeIsolated().whenComplete { [weak self] _ in
      self?.context?.close(mode: .output, promise: nil)
    }
    let reason = reason.map { ByteBuffer(string: $0) }
    write(.rootStream, .goAway(lastStreamID: lastID, errorCode: .noError, opaqueData: reason), onWritten: promise)
    context.flush()
  }

  /// Ends the connection of a client that misbehaves, and tells it how.
  func refuse(_ reason: String) {
    guard isOpen else { return }
    loop.logger.debug(
      "a connection of HTTP/2 was ended", metadata: ["port": "\(client.listenerPort)", "reason": "\(reason)"])
    let reason = ByteBuffer(string: reason)
    write(.rootStream, .goAway(lastStreamID: lastID, errorCode: .enhanceYourCalm, opaqueData: reason))
    context?.flush()
    fail()
  }

  /// The client was told why: it gets a moment to read that, in which nothing of it is read.
  func fail() {
    guard phase != .failed else { return }
    phase = .failed
    endStreams()
    deadline.set(.close, in: .seconds(1))
    context?.close(mode: .output, promise: nil)
  }

  private var isOpen: Bool { phase != .closing && phase != .failed }

  /// A GOAWAY without an error that takes all requests.
  private static let noticeOfEnd = ByteBuffer(bytes: [
    0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0,
  ])
}
