import NIOCore
import NIOHTTP2

/// What a connection of HTTP/2 may make the gateway do. `docs/delivery.md` tells users what each of them ends.
enum HTTP2Limits {
  /// Requests of one connection at once.
  static let streams = 100
  /// Bytes of a body that a client may send ahead of what is taken: for one request, and for all of its connection.
  static let streamWindow = 256 << 10
  static let connectionWindow = 1 << 20

  /// The library's handler, told what to hold clients to.
  static func handler(_ delegate: any NIOHTTP2FrameDelegate, maximumHeaderBytes: Int) -> NIOHTTP2Handler {
    var connection = NIOHTTP2Handler.ConnectionConfiguration()
    connection.initialSettings = [
      HTTP2Setting(parameter: .maxConcurrentStreams, value: streams),
      HTTP2Setting(parameter: .maxHeaderListSize, value: maximumHeaderBytes),
      HTTP2Setting(parameter: .initialWindowSize, value: streamWindow),
    ]
    // The request's reader is stricter, and tells the client what is wrong instead of ending the stream.
    connection.headerBlockValidation = .disabled
    connection.maximumSequentialEmptyDataFrames = 16
    connection.maximumBufferedControlFrames = 1000
    // A frame has at least 16 KiB: so many hold the longest head, and some more.
    connection.maximumSequentialContinuationFrames = maximumHeaderBytes / (16 << 10) + 2
    // Streams that were answered early may go on sending for a while, and more than are open at once.
    connection.maximumRecentlyResetStreams = 2 * streams
    connection.maximumConnectionGlitches = 1000
    // Some clients ask with a PING how long the way is whenever bytes come.
    connection.controlFrameRateLimit.maximumCount = 1000
    connection.controlFrameRateLimit.windowLength = .seconds(30)
    var stream = NIOHTTP2Handler.StreamConfiguration()
    // Some clients reset each stream behind its last byte; see ResetBudget for those that do it before.
    stream.streamResetFrameRateLimit.maximumCount = 2000
    stream.streamResetFrameRateLimit.windowLength = .seconds(30)
    return NIOHTTP2Handler(
      mode: .server, frameDelegate: delegate, connectionConfiguration: connection, streamConfiguration: stream)
  }
}

/// Notices when the library ends a connection for what its client did: its errors do not tell which of them do.
final class HTTP2EndWatch: NIOHTTP2FrameDelegate {
  private(set) var hasEnded = false

  func wroteFrame(_ frame: HTTP2Frame) {
    if case .goAway(_, let code, _) = frame.payload, code != .noError { hasEnded = true }
  }
}
