import NIOCore
import NIOHPACK
import Routing

/// Reads what comes over one stream of HTTP/2 into the parts of a response: what has come waits here until it is asked for.
///
/// As strict as the reader of HTTP/1: what is relayed may be read by somebody who reads bytes. Source: RFC 9113, section 8.
struct HTTP2ResponseReader {
  /// The next part of a response.
  enum Part: Equatable {
    /// None before more comes.
    case needMore
    /// An interim response, whose head is in ``HTTP2ResponseReader/head``; the response itself follows.
    case interim
    /// The head, which is in ``HTTP2ResponseReader/head``.
    case head(BodyFraming)
    case body(ByteBuffer)
    case end
    /// Nothing can be read from here on.
    case lost(GatewayError)
  }

  private enum Arrival {
    case fields(HPACKHeaders, ends: Bool)
    case data(ByteBuffer, ends: Bool)
    case lost(GatewayError)
  }

  private enum State {
    case head
    /// A body of which so many bytes are left, where that is known.
    case body(left: Int?)
    case over
  }

  /// The head that was read last.
  private(set) var head = ResponseHead()
  /// The fields behind the body; of a part `end` only.
  private(set) var trailer: FieldBlock?
  /// Whether anything of a response has come.
  private(set) var hasBegun = false
  /// Whether the end of the response has come.
  private(set) var isWhole = false

  private var arrivals: CircularBuffer<Arrival> = []
  private var state = State.head
  private var endIsDue = false
  private var isHead = false
  private var interims = 0
  private var lists = 0
  private var scanner: UsageScanner?
  private let limits: HTTP1Limits

  init(limits: HTTP1Limits) { self.limits = limits }

  /// A request is being sent; `isHead` says that its method is HEAD, which has no body in its response.
  mutating func begin(isHead: Bool) { self.isHead = isHead }

  /// Read the token counts of the body as it passes.
  mutating func readUsage() { scanner = UsageScanner() }

  /// The token counts that have passed; `nil` where they are not read.
  var usage: TokenUsage? { scanner?.usage }

  /// Whether something waits to be asked for.
  var hasMore: Bool { endIsDue || !arrivals.isEmpty }

  /// A header list has come.
  mutating func receive(_ fields: HPACKHeaders, ends: Bool) {
    guard !isWhole else { return }
    (hasBegun, isWhole) = (true, ends)
    lists += 1
    // Also of those that nobody has asked for yet: interim responses, a head and a trailer.
    if lists > HTTP1ResponseReader.maximumInterims + 2 { return refuse(HTTP1Fault.tooManyInterims.reason) }
    arrivals.append(.fields(fields, ends: ends))
  }

  /// Bytes of the body have come.
  mutating func receive(_ piece: ByteBuffer, ends: Bool) {
    guard !isWhole else { return }
    isWhole = ends
    if piece.readableBytes > 0 || ends { arrivals.append(.data(piece, ends: ends)) }
  }

  /// Nothing more will come, and the response is not whole.
  mutating func lose(_ failure: GatewayError) {
    guard !isWhole else { return }
    isWhole = true
    arrivals.append(.lost(failure))
  }

  /// The next part.
  mutating func next() -> Part {
    if endIsDue { return end() }
    guard let arrival = arrivals.popFirst() else { return .needMore }
    switch (arrival, state) {
    case (_, .over): return .needMore
    case (.lost(let failure), _): return over(.lost(failure))
    case (.fields(let fields, let ends), .head): return readHead(fields, ends)
    case (.fields(let fields, let ends), .body): return readTrailer(fields, ends)
    case (.data, .head): return fault("a body came before its head")
    case (.data(let piece, let ends), .body(let left)): return readBody(piece, ends, left)
    }
  }

  private mutating func refuse(_ reason: String) {
    isWhole = true
    arrivals.append(.lost(GatewayError(.invalidResponse, reason)))
  }

  private mutating func over(_ part: Part) -> Part {
    (state, endIsDue, isWhole) = (.over, false, true)
    arrivals.removeAll()
    return part
  }

  private mutating func fault(_ reason: String) -> Part { over(.lost(GatewayError(.invalidResponse, reason))) }

  private mutating func readHead(_ fields: HPACKHeaders, _ ends: Bool) -> Part {
    let length: Int?
    do throws(HTTP2ResponseFault) {
      length = try HTTP2ResponseHead.read(fields, limits: limits, into: &head)
    } catch {
      return fault(error.reason)
    }
    if head.status == 101 { return fault(HTTP1Fault.switchingProtocols.reason) }
    if head.status < 200 {
      interims += 1
      if interims > HTTP1ResponseReader.maximumInterims { return fault(HTTP1Fault.tooManyInterims.reason) }
      return ends || length ?? 0 > 0 ? fault(HTTP1Fault.interimBody.reason) : .interim
    }
    endIsDue = ends
    if isHead || head.status == 204 || head.status == 304 {
      state = .body(left: 0)
      return .head(.none)
    }
    state = .body(left: length)
    if let length { return .head(.length(length)) }
    return .head(ends ? .length(0) : .chunked)
  }

  private mutating func readBody(_ piece: ByteBuffer, _ ends: Bool, _ left: Int?) -> Part {
    endIsDue = ends
    guard piece.readableBytes > 0 else { return next() }
    if let left {
      guard piece.readableBytes <= left else { return fault("its body is longer than its head says") }
      state = .body(left: left - piece.readableBytes)
    }
    if scanner != nil { piece.withUnsafeReadableBytes { scanner?.scan($0) } }
    return .body(piece)
  }

  private mutating func readTrailer(_ fields: HPACKHeaders, _ ends: Bool) -> Part {
    guard ends, let trailer = HTTP2RequestReader.trailer(fields, limits: limits) else {
      return fault("behind its body came headers that are no trailer")
    }
    if !trailer.fields.isEmpty { self.trailer = trailer }
    return end()
  }

  private mutating func end() -> Part {
    if case .body(let left?) = state, left > 0 { return fault("its body is shorter than its head says") }
    return over(.end)
  }
}
