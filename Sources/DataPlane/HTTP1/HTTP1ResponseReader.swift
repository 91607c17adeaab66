package import NIOCore
package import Routing

/// Reads the responses of a connection to an endpoint: bytes in, parts out.
package struct HTTP1ResponseReader {
  /// The next part of a response.
  package enum Part: Equatable {
    /// None before more bytes come.
    case needMore
    /// An interim response, whose head is in ``HTTP1ResponseReader/head``; the response itself follows.
    case interim
    /// The head, which is in ``HTTP1ResponseReader/head``.
    case head(BodyFraming)
    /// Bytes of the body, so many of them data: all, but for ``HTTP1ResponseReader/relaysChunks``.
    case body(ByteBuffer, data: Int)
    case end
    /// Nothing can be read from here on.
    case fault(HTTP1Fault)
  }

  private enum State {
    /// No request was sent: no bytes may come.
    case idle
    case head(HeadEnd)
    case length(Int)
    case chunks(ChunkReader)
    case trailer(TrailerReader)
    case untilClose
    case end
    case fault(HTTP1Fault)
  }

  /// The head that was read last.
  package private(set) var head = ResponseHead()
  /// The fields behind the body that was read last; of a part `end` only.
  private(set) var trailer: FieldBlock?
  /// Give chunks as they come, checked, with all framing up to and with the last chunk's line. May be set when the head has
  /// been read.
  package var relaysChunks = false
  private var line = StatusLine()
  private var state = State.idle
  private var isHead = false
  private var hadInterim = false
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
    relaysChunks = false
    trailer = nil
    hadInterim = false
    state = .head(HeadEnd())
  }

  /// Whether a byte of a response has come, and its end has not.
  package var hasBegun: Bool {
    switch state {
    case .idle: false
    case .head: hadInterim || input.count > 0
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
    guard case .untilClose = state else { return false }
    state = .idle
    return true
  }

  /// The next part.
  package mutating func next() -> Part {
    switch state {
    case .idle: return input.count > 0 ? fail(.unasked) : .needMore
    case .head(let end): return readHead(end)
    case .length(let left): return readLength(left)
    case .chunks(let chunks): return relaysChunks ? relayChunks(chunks) : readChunks(chunks)
    case .trailer(let trailer): return readTrailer(trailer)
    case .untilClose: return input.count > 0 ? body(input.count, data: input.count) : .needMore
    case .end:
      state = .idle
      return .end
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
        UnsafeRawBufferPointer(rebasing: bytes[..<count]), line: line, isHead: isHead, limits: limits, into: &head)
    }
    switch result {
    case .fault(let fault): return fail(fault)
    case .framing(let framing):
      input.consume(count)
      return begin(framing)
    }
  }

  private mutating func begin(_ framing: BodyFraming) -> Part {
    if head.status < 200 {
      hadInterim = true
      state = .head(HeadEnd())
      return .interim
    }
    switch framing {
    case .none, .length(0): state = .end
    case .length(let length): state = .length(length)
    case .chunked: state = .chunks(ChunkReader())
    case .untilClose: state = .untilClose
    }
    return .head(framing)
  }

  private mutating func readLength(_ left: Int) -> Part {
    guard input.count > 0 else { return .needMore }
    let count = min(left, input.count)
    state = count == left ? .end : .length(left - count)
    return body(count, data: count)
  }

  private mutating func readChunks(_ chunks: ChunkReader) -> Part {
    var chunks = chunks
    while input.count > 0, !chunks.isInTrailer {
      switch input.look({ chunks.step($0, limits: limits) }) {
      case .framing(let count): input.consume(count)
      case .data(let count):
        state = .chunks(chunks)
        return body(count, data: count)
      case .fault(let fault): return fail(fault)
      }
    }
    if chunks.isInTrailer { return readTrailer(TrailerReader()) }
    state = .chunks(chunks)
    return .needMore
  }

  private mutating func relayChunks(_ chunks: ChunkReader) -> Part {
    var chunks = chunks
    var (count, data) = (0, 0)
    let fault = input.look { bytes -> HTTP1Fault? in
      while count < bytes.count, !chunks.isInTrailer {
        let before = chunks
        switch chunks.step(UnsafeRawBufferPointer(rebasing: bytes[count...]), limits: limits) {
        case .framing(let taken): count += taken
        case .data(let taken):
          count += taken
          data += taken
        case .fault(let fault):
          chunks = before
          return fault
        }
      }
      return nil
    }
    // What is right before the fault goes out first, as it would have if it had come alone.
    if let fault, count == 0 { return fail(fault) }
    state = chunks.isInTrailer ? .trailer(TrailerReader()) : .chunks(chunks)
    return count > 0 ? body(count, data: data) : .needMore
  }

  private mutating func readTrailer(_ trailer: TrailerReader) -> Part {
    var trailer = trailer
    switch input.look({ trailer.look($0, limits: limits) }) {
    case .needMore:
      state = .trailer(trailer)
      return .needMore
    case .end(let count, let fields):
      input.consume(count)
      self.trailer = fields
      state = .idle
      return .end
    case .fault(let fault): return fail(fault)
    }
  }

  private mutating func body(_ count: Int, data: Int) -> Part { .body(input.take(count), data: data) }
}
