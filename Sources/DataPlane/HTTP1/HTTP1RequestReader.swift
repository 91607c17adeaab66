package import NIOCore
package import Routing

/// Reads the requests of a connection, one after another: bytes in, parts out when they are asked for. What a client sends
/// ahead stays as bytes until its turn.
package struct HTTP1RequestReader {
  /// The next part of a request.
  package enum Part: Equatable {
    /// None before more bytes come.
    case needMore
    /// The head, which is in ``HTTP1RequestReader/head``; so many fields `Host` were in it.
    case head(BodyFraming, hosts: Int)
    case body(ByteBuffer)
    case end
    /// Nothing can be read from here on.
    case fault(HTTP1Fault)
  }

  private enum State {
    case head(HeadEnd)
    case body
    case fault(HTTP1Fault)
  }

  /// The head that was read last.
  package private(set) var head = RequestHead()
  /// The fields behind the body that was read last; of a part `end` only.
  var trailer: FieldBlock? { body.fields }
  private var line = RequestLine()
  private var state = State.head(HeadEnd())
  private var body = HTTP1BodyReader()
  private var input = HTTP1Input()
  private let limits: HTTP1Limits

  package init(limits: HTTP1Limits) { self.limits = limits }

  /// Bytes of a head have come, and not yet all.
  package var isInHead: Bool {
    if case .head = state { return input.count > 0 }
    return false
  }

  /// Bytes have come that have not been read.
  var holdsBytes: Bool { input.count > 0 }

  /// Nothing of a request has been read that has not ended.
  package var isBetweenRequests: Bool {
    if case .head = state { return true }
    return false
  }

  /// Bytes of the body that have not been read yet; `nil` when that is not known.
  package var bodyLeft: Int? {
    switch state {
    case .head: 0
    case .body: body.left
    case .fault: nil
    }
  }

  /// Takes bytes that came behind all others.
  package mutating func receive(_ bytes: ByteBuffer) {
    if case .fault = state { return }
    input.receive(bytes)
  }

  /// All bytes that have come and have not been read, which are not HTTP.
  mutating func takeRest() -> ByteBuffer { input.take(input.count) }

  /// Lets go of the memory of a large head.
  package mutating func shrink() {
    if head.block.bytes.capacity > 4096 { head = RequestHead() }
  }

  /// Splits the target of the head that was read; see ``RequestTarget``.
  mutating func settle(hosts: Int) -> GatewayError? { RequestTarget.settle(&head, hosts: hosts) }

  /// The next part.
  package mutating func next() -> Part {
    switch state {
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
    skipEmptyLines()
    guard let first = input.first else { return .needMore }
    guard HTTP1Bytes.isToken(first) else {
      if first == HTTP1Bytes.carriageReturn, input.count == 1 { return .needMore }
      return fail(first == HTTP1Bytes.carriageReturn || first == HTTP1Bytes.lineFeed ? .lineEnd : .requestLine)
    }
    while true {
      switch input.look({ end.look($0, limit: limits.headBytes) }) {
      case .needMore:
        state = .head(end)
        return .needMore
      case .line(let count):
        let fault = input.look { line.read(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        if let fault { return fail(fault) }
      case .found(let count): return parse(count)
      case .fault(let fault): return fail(fault)
      }
    }
  }

  /// Line ends before a head are ignored (RFC 9112, section 2.2).
  private mutating func skipEmptyLines() {
    guard input.first == HTTP1Bytes.carriageReturn else { return }
    let count = input.look { bytes in
      var count = 0
      while count + 1 < bytes.count, bytes[count] == HTTP1Bytes.carriageReturn,
        bytes[count + 1] == HTTP1Bytes.lineFeed
      {
        count += 2
      }
      return count
    }
    input.consume(count)
  }

  private mutating func parse(_ count: Int) -> Part {
    let result = input.look { bytes in
      RequestHeadParser.parse(
        UnsafeRawBufferPointer(rebasing: bytes[..<count]), line: line, limits: limits, into: &head)
    }
    switch result {
    case .fault(let fault): return fail(fault)
    case .framing(let framing, let hosts):
      input.consume(count)
      body.begin(framing)
      state = .body
      return .head(framing, hosts: hosts)
    }
  }

  private mutating func readBody() -> Part {
    switch body.next(&input, limits) {
    case .needMore: return .needMore
    case .piece(let piece, _): return .body(piece)
    case .end:
      state = .head(HeadEnd())
      return .end
    case .fault(let fault): return fail(fault)
    }
  }
}
