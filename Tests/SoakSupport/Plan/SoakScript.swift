import NIOCore
import TestSupport

/// What a client's connection does for a turn, step by step.
struct SoakScript {
  enum Step {
    case send(ByteBuffer)
    case pause(TimeAmount)
    /// Goes on when `100 Continue` has come; the rest is not sent if a response comes instead.
    case awaitContinue
    /// Does not read for a while.
    case readLater(TimeAmount)
    case close
    case reset
  }

  private(set) var steps: [Step] = []
  private var generator: SeededGenerator

  init(_ turn: SoakTurn) {
    generator = turn.generator
    switch turn.manner {
    case .whole: steps = [.send(bytes(turn.requests[0]))]
    case .pipelined:
      steps = [.send(turn.requests.reduce(into: ByteBuffer()) { $0.writeImmutableBuffer(bytes($1)) })]
    case .pieces: cut(bytes(turn.requests[0]), into: 1 + below(6), pause: nil)
    case .slow: cut(bytes(turn.requests[0]), into: 2 + below(4), pause: .milliseconds(2))
    case .lazyReader: steps = [.readLater(.milliseconds(20)), .send(bytes(turn.requests[0]))]
    case .asking:
      let (head, body) = parts(turn.requests[0], extra: "expect: 100-continue\r\n")
      steps = [.send(head), .awaitContinue, .send(body)]
    case .stops:
      let (head, body) = parts(turn.requests[0])
      steps = [.send(head), .send(body.getSlice(at: 0, length: body.readableBytes / 2) ?? body)]
    case .aborted: abort(turn.requests[0])
    case .misframed: misframe(turn.requests[0])
    }
  }

  private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

  private mutating func cut(_ bytes: ByteBuffer, into count: Int, pause: TimeAmount?) {
    var rest = bytes
    for _ in 1..<max(2, count) where rest.readableBytes > 1 {
      let piece = rest.readSlice(length: 1 + below(rest.readableBytes - 1))
      if let piece { steps.append(.send(piece)) }
      // Without a pause the pieces still go out one by one, each in a turn of the event loop.
      steps.append(.pause(pause ?? .nanoseconds(0)))
    }
    steps.append(.send(rest))
  }

  /// Leaves at any byte of the request, or some time after it.
  private mutating func abort(_ request: SoakRequest) {
    let all = bytes(request)
    let isWhole = below(2) == 0
    let count = isWhole ? all.readableBytes : 1 + below(all.readableBytes)
    steps = [.send(all.getSlice(at: 0, length: count) ?? all)]
    if below(2) == 0 { steps.append(.pause(.microseconds(Int64(below(3000))))) }
    steps.append(below(2) == 0 ? .close : .reset)
  }

  /// A request whose end two recipients could see at different places.
  private mutating func misframe(_ request: SoakRequest) {
    let body = "5\r\nhello\r\n0\r\n\r\n"
    let fields: String
    switch below(6) {
    case 0: fields = "content-length: 15\r\ntransfer-encoding: chunked\r\n\r\n" + body
    case 1: fields = "content-length: 15\r\ncontent-length: 5\r\n\r\n" + body
    case 2: fields = "transfer-encoding: chunked\r\n\r\n5;\u{1}\r\n" + body
    case 3: fields = "transfer-encoding: chunked\r\n\r\n" + "5\nhello\r\n0\r\n\r\n"
    case 4: fields = "content-length : 15\r\n\r\n" + body
    default: fields = "transfer-encoding: chunked\r\n\r\n" + "5\r\nhello!\r\n0\r\n\r\n"
    }
    steps = [.send(ByteBuffer(string: Self.start(request) + fields))]
  }

  private static func start(_ request: SoakRequest) -> String {
    let version = request.form == .old ? "1.0" : "1.1"
    let type = request.isJSON ? "application/json" : "text/plain"
    let content = request.hasBody ? "content-type: \(type)\r\n" : ""
    return "\(request.method) \(request.path) HTTP/\(version)\r\nhost: soak\r\nx-soak-id: \(request.id)\r\n\(content)"
  }

  private mutating func bytes(_ request: SoakRequest) -> ByteBuffer {
    var (all, body) = parts(request)
    all.writeBuffer(&body)
    return all
  }

  private mutating func parts(_ request: SoakRequest, extra: String = "") -> (head: ByteBuffer, body: ByteBuffer) {
    let start = Self.start(request) + extra
    guard request.hasBody else { return (ByteBuffer(string: start + "\r\n"), ByteBuffer()) }
    var body = request.body
    guard request.isChunked else {
      return (ByteBuffer(string: start + "content-length: \(body.readableBytes)\r\n\r\n"), body)
    }
    var chunks = ByteBuffer()
    while body.readableBytes > 0 {
      guard let piece = body.readSlice(length: min(body.readableBytes, 1 + below(400))) else { break }
      chunks.writeChunk(piece)
    }
    chunks.writeString("0\r\n\r\n")
    return (ByteBuffer(string: start + "transfer-encoding: chunked\r\n\r\n"), chunks)
  }
}

extension ByteBuffer {
  /// Writes a chunk.
  mutating func writeChunk(_ piece: ByteBuffer) {
    writeString(String(piece.readableBytes, radix: 16) + "\r\n")
    writeImmutableBuffer(piece)
    writeString("\r\n")
  }
}
