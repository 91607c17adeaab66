import NIOCore
import Routing

/// A client's connection of HTTP/1 as a state machine that does no I/O: whose turn it is, and what becomes of the
/// connection after a response.
struct HTTP1Connection {
  /// When an answer is given early, so many bytes of the request's rest are worth reading to keep the connection.
  static let maximumDiscardedBytes = 64 << 10

  /// What the connection is at.
  enum Phase: Equatable {
    /// No request is being served.
    case idle
    /// A request is being served.
    case serving
    /// A request was answered before it had come whole: its rest is dropped.
    case discarding
    /// The client speaks another protocol with the endpoint.
    case tunnel
    /// No request can follow.
    case closing
  }

  /// What comes next of the bytes that have come.
  enum Step: Equatable {
    case nothing
    /// A request begins, whose head is in ``HTTP1Connection/head``; with what makes it unfit to be served.
    case begin(BodyFraming, GatewayError?)
    /// Bytes of the request's body, or of the other protocol.
    case body(ByteBuffer)
    case end
    /// What came cannot be read on; a request is being served if it was not whole.
    case fault(GatewayError)
  }

  /// What becomes of the connection after a response.
  enum Verdict: Equatable {
    /// The next request is served.
    case next
    /// The rest of the request is read and dropped, then the next one is served.
    case discard
    /// It is closed after the client could read all.
    case close
    /// It is reset: the client would take a plain close for the end of the response, which was cut short.
    case reset
  }

  private(set) var phase = Phase.idle
  /// The connection closes after the request that is being served, whatever the client asked.
  var isDraining = false
  private var reader: HTTP1RequestReader
  private let limits: HTTP1Limits
  private var keepsAlive = true
  private var isAsking = false
  /// What came could not be read on, and was told so: once, since who is told takes all steps that there are.
  private var isBroken = false
  /// How the response that is being sent ends.
  private var framing = BodyFraming.none
  /// How far the end of a client that speaks another protocol is.
  private var inputEnd = InputEnd.none

  private enum InputEnd { case none, hasCome, told }

  init(limits: HTTP1Limits) {
    self.limits = limits
    reader = HTTP1RequestReader(limits: limits)
  }

  /// The head of the request that began last.
  var head: RequestHead { reader.head }

  /// The fields behind the body of the request that has come whole.
  var trailer: FieldBlock? { reader.trailer }

  /// The request that is being served has come whole.
  var requestEnded: Bool { reader.isBetweenRequests }

  /// Bytes of the next request's head have come, and not yet all.
  var isInHead: Bool { phase == .idle && reader.isInHead }

  /// The request has come whole, and bytes behind it.
  var isAhead: Bool { phase == .serving && requestEnded && reader.holdsBytes }

  /// Takes bytes. What comes behind the last request is nobody's.
  mutating func receive(_ bytes: ByteBuffer) {
    if phase == .closing || (phase == .serving && requestEnded && !keepsAlive) { return }
    reader.receive(bytes)
  }

  /// The next step; asked for when the one before has been taken, and only while the request's body is wanted.
  mutating func next() -> Step {
    switch phase {
    case .idle: return nextHead()
    case .serving: return nextPart()
    case .discarding:
      while phase == .discarding {
        switch reader.next() {
        case .body, .head: continue
        case .end: phase = .idle
        case .needMore: return .nothing
        case .fault:
          phase = .closing
          return .nothing
        }
      }
      return nextHead()
    case .tunnel:
      if reader.holdsBytes { return .body(reader.takeRest()) }
      guard inputEnd == .hasCome else { return .nothing }
      inputEnd = .told
      return .end
    case .closing: return .nothing
    }
  }

  /// The client sends nothing more; it matters to those who speak another protocol.
  mutating func endInput() { if inputEnd == .none { inputEnd = .hasCome } }

  private mutating func nextHead() -> Step {
    switch reader.next() {
    case .head(let framing, let hosts):
      phase = .serving
      let fault = reader.settle(hosts: hosts) ?? unmetExpectation ?? lastForward
      keepsAlive = fault == nil && ConnectionOptions(head.block).staysOpen(head.version)
      isAsking = head.version > .http1_0 && head.block.value(of: .expect, is: "100-continue")
      self.framing = .none
      return .begin(framing, fault)
    case .fault(let fault):
      phase = .serving
      isBroken = true
      keepsAlive = false
      isAsking = false
      self.framing = .none
      return .fault(fault.requestError(limits: limits))
    case .needMore, .body, .end: return .nothing
    }
  }

  /// RFC 9110, section 10.1.1: whoever cannot meet an expectation says so. HTTP/1.0 knows none.
  private var unmetExpectation: GatewayError? {
    let block = reader.head.block
    guard block.contains(.expect), reader.head.version > .http1_0 else { return nil }
    let isMet = block.fields.allSatisfy { field in
      field.known != .expect || block.withBytes(field.value) { $0.isEmpty || ASCIIBytes.isSame($0, "100-continue") }
    }
    return isMet ? nil : .unknownExpectation
  }

  /// Who gets a request that must go no further answers it, as far as it can.
  private var lastForward: GatewayError? { MaxForwards.left(reader.head) == 0 ? .lastForward : nil }

  private mutating func nextPart() -> Step {
    if isBroken || reader.isBetweenRequests { return .nothing }
    switch reader.next() {
    case .body(let piece):
      isAsking = false
      return .body(piece)
    case .end: return .end
    case .fault(let fault):
      isBroken = true
      keepsAlive = false
      return .fault(fault.requestError(limits: limits))
    case .needMore, .head: return .nothing
    }
  }

  /// A response begins whose body the endpoint framed like this: how it is framed here, and what `Connection` says.
  mutating func respond(_ framing: BodyFraming, date: HTTPDate) -> DownstreamFields {
    switch framing {
    case .none, .length: self.framing = framing
    // A client of HTTP/1.0 does not know chunks: its response ends with the connection.
    case .chunked, .untilClose: self.framing = head.version > .http1_0 ? .chunked : .untilClose
    }
    let stays = keepsAlive && !isDraining && self.framing != .untilClose
    return DownstreamFields(framing: self.framing, connection: connectionField(stays: stays), date: date)
  }

  /// The endpoint took up the client's offer to speak another protocol: what has come behind the request's head is of that.
  mutating func upgrade(date: HTTPDate) -> DownstreamFields {
    phase = .tunnel
    keepsAlive = false
    framing = .untilClose
    return DownstreamFields(framing: .none, connection: .upgrade, date: date)
  }

  /// An answer of our own begins; `ends`: the connection must serve no further request.
  mutating func answer(ends: Bool, date: HTTPDate) -> DownstreamFields {
    let stays = keepsAlive && !isDraining && !ends && restIsWorthReading
    if !stays { keepsAlive = false }
    return DownstreamFields(framing: .none, connection: connectionField(stays: stays), date: date)
  }

  private mutating func connectionField(stays: Bool) -> DownstreamFields.StaticConnection? {
    guard stays else {
      keepsAlive = false
      return .close
    }
    return head.version > .http1_0 ? nil : .keepAlive
  }

  /// The response has ended.
  mutating func finish(_ ending: ExchangeAction.Ending) -> Verdict {
    switch ending {
    case .truncated:
      phase = .closing
      // Length or chunks tell that something is missing. A reset would tell it too, but take along what the client has not read yet,
      // whole answers to earlier requests among it.
      return framing == .untilClose ? .reset : .close
    case .complete(let ends):
      if keepsAlive && !isDraining && !ends {
        if requestEnded {
          phase = .idle
          return .next
        }
        if restIsWorthReading {
          phase = .discarding
          return .discard
        }
      }
      phase = .closing
      return .close
    }
  }

  /// The client was told to send the body that it asked about.
  mutating func continued() { isAsking = false }

  /// No request will be served any more.
  mutating func close() { phase = .closing }

  /// Lets go of memory that an idle connection does not need.
  mutating func shrink() { reader.shrink() }

  /// Whether the request has ended, or what is left of its body is known, coming and little enough to wait for it.
  private var restIsWorthReading: Bool {
    if requestEnded { return true }
    guard !isAsking, let left = reader.bodyLeft else { return false }
    return left <= Self.maximumDiscardedBytes
  }
}
