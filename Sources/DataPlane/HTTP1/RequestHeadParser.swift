import Routing

/// The first line of a request.
struct RequestLine {
  private(set) var method = 0..<0
  private(set) var target = 0..<0
  private(set) var version = ProtocolVersion.http1_1
  /// The bytes of the line with its end.
  private(set) var count = 0

  /// Reads a line, its end included. Source: RFC 9112, section 3.
  mutating func read(_ bytes: UnsafeRawBufferPointer) -> HTTP1Fault? {
    let methodEnd = HTTP1Bytes.tokenEnd(bytes, from: 0)
    guard methodEnd > 0, bytes[methodEnd] == HTTP1Bytes.space else { return .requestLine }
    var end = methodEnd + 1
    // Who gets a fragment may drop it or take it for a part of the path.
    while bytes[end] > 0x20, bytes[end] < 0x7F, bytes[end] != UInt8(ascii: "#") { end += 1 }
    guard bytes[end] == HTTP1Bytes.space else {
      return bytes[end] == HTTP1Bytes.carriageReturn ? .requestLine : .targetByte
    }
    guard end > methodEnd + 1, end + 11 == bytes.count else { return .requestLine }
    let number = UnsafeRawBufferPointer(rebasing: bytes[end + 1..<end + 9])
    guard let version = ProtocolVersion(number) else {
      return ProtocolVersion.isHTTP(number) ? .version : .requestLine
    }
    guard bytes[end + 9] == HTTP1Bytes.carriageReturn else { return .requestLine }
    (method, target, self.version, count) = (0..<methodEnd, methodEnd + 1..<end, version, bytes.count)
    return nil
  }
}

/// Reads the head of a request whose bytes are all there, behind its first line.
enum RequestHeadParser {
  /// What reading a head gives.
  enum Result: Equatable {
    /// The head is whole, and its body is framed like this.
    case framing(BodyFraming, hosts: Int)
    case fault(HTTP1Fault)
  }

  /// Reads a head, its first line and its empty line included.
  static func parse(
    _ bytes: UnsafeRawBufferPointer, line: RequestLine, limits: HTTP1Limits, into head: inout RequestHead
  ) -> Result {
    head.removeAll()
    head.block.append(bytes)
    head.method = ByteRange(start: line.method.lowerBound, count: line.method.count)
    head.path = ByteRange(start: line.target.lowerBound, count: line.target.count)
    head.version = line.version
    var fields = FieldReader()
    if let fault = fields.read(bytes, from: line.count, limit: limits.fields, into: &head.block) {
      return .fault(fault)
    }
    if fields.hasCoding {
      guard head.version > .http1_0 else { return .fault(.codingOfOldVersion) }
      if fields.isChunked { return .framing(.chunked, hosts: fields.hosts) }
      return .fault(fields.endsChunked ? .unknownCoding : .codingOrder)
    }
    return .framing(fields.length.map { .length($0) } ?? .none, hosts: fields.hosts)
  }
}

extension ProtocolVersion {
  /// Reads `HTTP/1.x`; `nil` for another version. Later minor versions are as 1.1 (RFC 9110, section 2.5).
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard Self.isHTTP(bytes), bytes[5] == UInt8(ascii: "1") else { return nil }
    self = bytes[7] == 0x30 ? .http1_0 : .http1_1
  }

  /// Whether the eight bytes name a version of HTTP, any.
  static func isHTTP(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let name: StaticString = "HTTP/"
    for index in 0..<5 where bytes[index] != name.utf8Start[index] { return false }
    return bytes[5] &- 0x30 < 10 && bytes[6] == UInt8(ascii: ".") && bytes[7] &- 0x30 < 10
  }
}
