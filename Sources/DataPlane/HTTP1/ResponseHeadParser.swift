import Routing

/// The first line of a response.
struct StatusLine {
  private(set) var version = ProtocolVersion.http1_1
  private(set) var status = 0
  /// The bytes of the line with its end.
  private(set) var count = 0

  /// Reads a line, its end included. Source: RFC 9112, section 4.
  mutating func read(_ bytes: UnsafeRawBufferPointer) -> HTTP1Fault? {
    guard bytes.count >= 14, let version = ProtocolVersion(UnsafeRawBufferPointer(rebasing: bytes[0..<8])) else {
      return .statusLine
    }
    let digits = UnsafeRawBufferPointer(rebasing: bytes[9..<12])
    guard bytes[8] == HTTP1Bytes.space, let status = HTTP1Bytes.number(digits), status >= 100 else {
      return .statusLine
    }
    // The reason may be missing with its space: some servers send neither, and no two read that differently.
    let end = HTTP1Bytes.valueEnd(bytes, from: 12)
    guard bytes[12] == HTTP1Bytes.space || end == 12 else { return .statusLine }
    guard end == bytes.count - 2 else {
      return bytes[end] == HTTP1Bytes.carriageReturn ? .lineEnd : .statusLine
    }
    (self.version, self.status, count) = (version, status, bytes.count)
    return nil
  }
}

/// Reads the head of a response whose bytes are all there, behind its first line.
enum ResponseHeadParser {
  /// What reading a head gives.
  enum Result: Equatable {
    /// The head is whole, and its body is framed like this, if the request's method lets it have one. `contradicts`: its status
    /// allows no body, and its fields speak of one.
    case framing(BodyFraming, contradicts: Bool)
    /// It takes up the request's offer of WebSocket: what follows is not HTTP.
    case switched
    case fault(HTTP1Fault)
  }

  /// Reads a head, its first line and its empty line included.
  ///
  /// - Parameters:
  ///   - isHead: whether the request's method was HEAD, which has no body in its response.
  ///   - offersUpgrade: whether the request offered WebSocket.
  static func parse(
    _ bytes: UnsafeRawBufferPointer, line: StatusLine, isHead: Bool, offersUpgrade: Bool = false, limits: HTTP1Limits,
    into head: inout ResponseHead
  ) -> Result {
    head.removeAll()
    head.block.append(bytes)
    head.version = line.version
    head.status = line.status
    var fields = FieldReader()
    if let fault = fields.read(bytes, from: line.count, limit: limits.fields, into: &head.block) {
      return .fault(fault)
    }
    if head.status == 101 { return switching(fields, head, isOffered: offersUpgrade) }
    return framing(fields, head, isHead: isHead)
  }

  private static func switching(_ fields: FieldReader, _ head: ResponseHead, isOffered: Bool) -> Result {
    guard isOffered, head.version > .http1_0, WebSocketUpgrade.isTaken(by: head.block) else {
      return .fault(.switchingProtocols)
    }
    return fields.hasCoding || fields.length ?? 0 > 0 ? .fault(.interimBody) : .switched
  }

  /// Source: RFC 9112, section 6.3.
  private static func framing(_ fields: FieldReader, _ head: ResponseHead, isHead: Bool) -> Result {
    if fields.hasCoding {
      guard head.version > .http1_0 else { return .fault(.codingOfOldVersion) }
      guard fields.isChunked else { return .fault(.unknownCoding) }
    }
    let speaksOfBody = fields.hasCoding || fields.length ?? 0 > 0
    if head.status < 200 {
      // Its body would be read as the response behind it.
      return speaksOfBody ? .fault(.interimBody) : .framing(.none, contradicts: false)
    }
    if head.status == 204 || head.status == 304 { return .framing(.none, contradicts: speaksOfBody) }
    if isHead { return .framing(.none, contradicts: false) }
    if fields.hasCoding { return .framing(.chunked, contradicts: false) }
    return .framing(fields.length.map { .length($0) } ?? .untilClose, contradicts: false)
  }
}
