import NIOCore

/// The bytes that a server answers a request with, and what it does behind them.
struct Lie {
  enum Ending {
    case keep, close, reset
    /// Sends nothing more and waits to be given up.
    case hang
  }

  private(set) var bytes = ByteBuffer()
  private(set) var ending = Ending.keep
  /// Sends a byte or a few at a time.
  private(set) var isDribbled = false

  init(_ request: SoakRequest, _ fate: Fate) {
    let pieces = fate == .oneByteChunks ? Self.singleBytes(request) : request.answerPieces
    switch fate {
    case .fine, .closeReused, .early, .oneByteChunks: answer(request, pieces)
    case .dribbled:
      answer(request, pieces)
      isDribbled = true
    case .interim:
      bytes.writeString("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n")
      answer(request, pieces)
    case .unavailable: answer(request, pieces, status: 503)
    case .earlyClose, .closeAfter:
      answer(request, pieces)
      ending = .close
    case .closeBeforeHead: ending = .close
    case .resetBeforeHead: ending = .reset
    case .stall: ending = .hang
    case .halfHead:
      bytes.writeString("HTTP/1.1 200 OK\r\nx-soak-id: \(request.id)\r\nconte")
      ending = .close
    case .malformedHead: malformed(request)
    case .stallInside, .truncated, .resetInside:
      answer(request, pieces)
      cutBody(request)
      ending = fate == .stallInside ? .hang : fate == .truncated ? .close : .reset
    case .badChunk:
      head(request, 200)
      for piece in pieces.prefix(2) { bytes.writeChunk(piece) }
      bytes.writeString("no-size\r\nmore")
    case .extra:
      answer(request, pieces)
      bytes.writeString("HTTP/1.1 200 OK\r\nx-soak-id: 0\r\ncontent-length: 5\r\n\r\nwrong")
    }
  }

  private static func singleBytes(_ request: SoakRequest) -> [ByteBuffer] {
    var body = request.answerBody
    var pieces: [ByteBuffer] = []
    while pieces.count < 100, let piece = body.readSlice(length: 1) { pieces.append(piece) }
    return body.readableBytes > 0 ? pieces + [body] : pieces
  }

  private mutating func head(_ request: SoakRequest, _ status: Int) {
    let line = request.answer == .empty && status == 200 ? "204 No Content" : "\(status) As Asked"
    bytes.writeString("HTTP/1.1 \(line)\r\nx-soak-id: \(request.id)\r\n")
    switch request.answer {
    case .chunked: bytes.writeString("transfer-encoding: chunked\r\n")
    case .events: bytes.writeString("content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n")
    case .length, .large: bytes.writeString("content-length: \(request.answerBody.readableBytes)\r\n")
    case .untilClose: bytes.writeString("connection: close\r\n")
    case .empty: if status != 200 { bytes.writeString("content-length: 0\r\n") }
    }
    bytes.writeString("\r\n")
  }

  private mutating func answer(_ request: SoakRequest, _ pieces: [ByteBuffer], status: Int = 200) {
    head(request, status)
    if request.answer == .untilClose { ending = .close }
    if request.form == .head { return }
    let isChunked = request.answer == .chunked || request.answer == .events
    for piece in pieces {
      if isChunked { bytes.writeChunk(piece) } else { bytes.writeImmutableBuffer(piece) }
    }
    if isChunked { bytes.writeString("0\r\n\r\n") }
  }

  /// Leaves half of the body away.
  private mutating func cutBody(_ request: SoakRequest) {
    var headBytes = Lie.headOnly(request)
    let head = headBytes.readableBytes
    headBytes.clear()
    bytes = bytes.getSlice(at: 0, length: head + (bytes.readableBytes - head) / 2) ?? bytes
  }

  private static func headOnly(_ request: SoakRequest) -> ByteBuffer {
    var lie = Lie(request, .closeBeforeHead)
    lie.head(request, 200)
    return lie.bytes
  }

  private mutating func malformed(_ request: SoakRequest) {
    let heads = [
      "HTTP/1.1 2oo OK\r\ncontent-length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
      "HTTP/1.1 200 OK\r\nna me: x\r\ncontent-length: 0\r\n\r\n", "SSH-2.0-OpenSSH_9.6\r\n",
      "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ]
    bytes.writeString(heads[request.id % heads.count])
  }
}
