import NIOCore
import NIOHTTP2

/// What a connection of HTTP/2 may make the gateway do. `docs/delivery.md` tells users what each of them ends.
enum HTTP2Limits {
  /// Requests of one connection at once.
  static let streams = 100
  /// Objects of requests that have ended which a connection keeps for further ones, beyond as many as it has open: each keeps the room of
  /// a head.
  static let spareStreams = 16
  /// Bytes of a body that a client may send ahead of what is taken: for one request, and for all of its connection.
  static let streamWindow = 256 << 10
  static let connectionWindow = 1 << 20
  /// Bytes that wait for a peer above which it counts as one that takes nothing, and below which it takes some again.
  static let highWater = 64 << 10
  static let lowWater = 32 << 10
  /// So many bytes are written before it is asked when they have left.
  static let promisedBytes = 16 << 10

  /// Whether an error is the library's, which does not say of its errors which of them end a connection.
  static func isOfLibrary(_ error: any Error) -> Bool { String(reflecting: type(of: error)).hasPrefix("NIOHTTP2.") }

  /// The library's handler, told what to hold peers to: clients, or endpoints, to which we are the client.
  static func handler(
    _ delegate: any NIOHTTP2FrameDelegate, maximumHeaderBytes: Int, isClient: Bool = false
  ) -> NIOHTTP2Handler {
    var connection = NIOHTTP2Handler.ConnectionConfiguration()
    connection.initialSettings = [
      // What an endpoint could open are pushes.
      isClient
        ? HTTP2Setting(parameter: .enablePush, value: 0)
        : HTTP2Setting(parameter: .maxConcurrentStreams, value: streams),
      HTTP2Setting(parameter: .maxHeaderListSize, value: maximumHeaderBytes),
      HTTP2Setting(parameter: .initialWindowSize, value: streamWindow),
    ]
    // The request's reader is stricter, and tells the client what is wrong instead of ending the stream.
    connection.headerBlockValidation = .disabled
    if isClient { connection.contentLengthValidation = .disabled }
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
      mode: isClient ? .client : .server, frameDelegate: delegate, connectionConfiguration: connection,
      streamConfiguration: stream)
  }
}

/// Notices when the library ends a connection for what its client did: its errors do not tell which of them do.
final class HTTP2EndWatch: NIOHTTP2FrameDelegate {
  private(set) var hasEnded = false

  func wroteFrame(_ frame: HTTP2Frame) {
    if case .goAway(_, let code, _) = frame.payload, code != .noError { hasEnded = true }
  }
}
