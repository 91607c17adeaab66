package import NIOCore
package import Routing

/// Reads the responses of a connection to an endpoint: bytes in, parts out.
package struct HTTP1ResponseReader {
  package typealias Part = ResponsePart

  private enum State {
    /// No request was sent: no bytes may come.
    case idle
    case head(HeadEnd)
    case body
    case fault(HTTP1Fault)
  }

  /// So many interim responses may come before one response. Go's client once took five; a server that tells every 20 s that it
  /// is at work (102) sends fifteen within the time that it has for its first byte. Without a bound a server could go on for
  /// as long as that lasts.
  package static let maximumInterims = 16

  /// The head that was read last.
  package private(set) var head = ResponseHead()
  /// The fields behind the body that was read last; of a part `end` only.
  var trailer: FieldBlock? { body.fields }
  /// Give chunks as they come, checked, with all framing up to and with the last chunk's line. May be set when the head has
  /// been read.
  package var relaysChunks: Bool {
    get { body.relaysChunks }
    set { body.relaysChunks = newValue }
  }

  /// Read the token counts of the body as it passes. May be called when the head has been read.
  package mutating func readUsage() { body.usage = UsageScanner() }

  /// The token counts that have passed; `nil` where they are not read.
  package var usage: TokenUsage? { body.usage?.usage }

  private var line = StatusLine()
  private var state = State.idle
  private var body = HTTP1BodyReader()
  private var isHead = false
  /// The request offers WebSocket.
  package var offersUpgrade = false
  private var interims = 0
  /// The status of the response allows no body, and its fields speak of one: bytes of that may follow at any time, and would
  /// be taken for the next response.
  private(set) var contradictsItself = false
  private var input = HTTP1Input()
  private let limits: HTTP1Limits

  package init(limits: HTTP1Limits) { self.limits = limits }

  /// A request is being sent; `isHead` says that its method is HEAD. Whatever came before that cannot be its response, and
  /// is a fault.
  package mutating func begin(isHead: Bool) {
    guard case .idle = state, input.count == 0 else {
      if case .fault = state { return }
      return _ = fail(.unasked)
    }
    self.isHead = isHead
    offersUpgrade = false
    interims = 0
    state = .head(HeadEnd())
  }

  /// Nothing is asked: what comes is not HTTP, up to the end of the connection.
  mutating func beginTunnel() {
    body.begin(.untilClose)
    state = .body
  }

  /// Whether a byte of a response has come, and its end has not.
  package var hasBegun: Bool {
    switch state {
    case .idle: false
    case .head: interims > 0 || input.count > 0
    default: true
    }
  }

  /// The response has ended, and no byte has come behind it.
  var isAtRest: Bool {
    if case .idle = state { return input.count == 0 }
    return false
  }

  /// Takes bytes that came behind all others.
  package mutating func receive(_ bytes: ByteBuffer) {
    if case .fault = state { return }
    input.receive(bytes)
  }

  /// The connection has ended: says whether the response ended with it.
  package mutating func close() -> Bool {
    guard case .body = state, body.endsWithConnection else { return false }
    state = .idle
    return true
  }

  /// The next part.
  package mutating func next() -> Part {
    switch state {
    case .idle: return input.count > 0 ? fail(.unasked) : .needMore
    case .head(let end): return readHead(end)
    case .body: return readBody()
    case .fault(let fault): return .fault(fault)
    }
  }

  private mutating func fail(_ fault: HTTP1Fault) -> Part {
    state = .fault(fault)
    input.removeAll()
    return .fault(fault)
  }

  private mutating func readHead(_ end: HeadEnd) -> Part {
    var end = end
    guard let first = input.first else { return .needMore }
    guard first == UInt8(ascii: "H") else { return fail(.statusLine) }
    while true {
      switch input.look({ end.look($0, limit: limits.headBytes) }) {
      case .needMore:
        state = .head(end)
        return .needMore
      case .line(let count):
        let fault = input.look { line.read(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        if let fault { return fail(fault) }
      case .found(let count): return parse(count)
      case .fault(let fault): return fail(fault == .targetTooLong ? .headTooLarge : fault)
      }
    }
  }

  private mutating func parse(_ count: Int) -> Part {
    let result = input.look { bytes in
      ResponseHeadParser.parse(
        UnsafeRawBufferPointer(rebasing: bytes[..<count]), line: line, isHead: isHead, offersUpgrade: offersUpgrade,
        limits: limits, into: &head)
    }
    switch result {
    case .fault(let fault): return fail(fault)
    case .framing(let framing, let contradicts):
      input.consume(count)
      contradictsItself = contradicts
      return begin(framing)
    case .switched:
      input.consume(count)
      beginTunnel()
      return .switched
    }
  }

  private mutating func begin(_ framing: BodyFraming) -> Part {
    if head.status < 200 {
      interims += 1
      if interims > Self.maximumInterims { return fail(.tooManyInterims) }
      state = .head(HeadEnd())
      return .interim
    }
    body.begin(framing)
    state = .body
    return .head(framing)
  }

  private mutating func readBody() -> Part {
    switch body.next(&input, limits) {
    case .needMore: return .needMore
    case .piece(let piece, let data): return .body(piece, data: data)
    case .end:
      state = .idle
      return .end
    case .fault(let fault): return fail(fault)
    }
  }
}
