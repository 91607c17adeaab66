import NIOHPACK
import Routing

/// Reads the header list of a request of HTTP/2 into the head that HTTP/1 is read into, and as strictly: what is relayed may
/// be read by somebody who reads bytes.
///
/// Source: RFC 9113, section 8.
struct HTTP2RequestReader {
  private let limits: HTTP1Limits
  private var method: String?
  private var scheme: String?
  private var path: String?
  private var authority: String?
  private var host: String?
  private var cookie: String?
  private var length: Int?
  private var isInFields = false
  private var fault: GatewayError?

  /// Fills the head; returns how the body is framed, and what makes the request unfit to be served.
  static func read(
    _ headers: HPACKHeaders, endsStream: Bool, limits: HTTP1Limits, into head: inout RequestHead
  ) -> (framing: BodyFraming, fault: GatewayError?) {
    var reader = HTTP2RequestReader(limits: limits)
    head.removeAll()
    head.version = .http2
    for (name, value, _) in headers where reader.fault == nil { reader.take(name, value, into: &head.block) }
    reader.settle(&head)
    return (reader.framing(endsStream), reader.fault)
  }

  /// The fields behind a body; `nil` where the list is no such.
  static func trailer(_ headers: HPACKHeaders, limits: HTTP1Limits) -> FieldBlock? {
    var block = FieldBlock()
    for (name, value, _) in headers {
      guard HTTP2Fields.isName(name), HTTP2Fields.isValue(value), block.fields.count < limits.fields else { return nil }
      block.append(name: name, value: value)
      if let field = block.fields.last, field.known.isHopByHop || field.known == .contentLength { return nil }
    }
    return block
  }

  private init(limits: HTTP1Limits) { self.limits = limits }

  private mutating func take(_ name: String, _ value: String, into block: inout FieldBlock) {
    guard HTTP2Fields.isValue(value) else {
      return fault = .malformedHTTP2("the value of a header has a control character")
    }
    if name.utf8.first == HTTP1Bytes.colon { return takePseudo(name, value) }
    isInFields = true
    guard HTTP2Fields.isName(name) else {
      return fault = .malformedHTTP2("the name of a header is empty, or has a byte that it must not have")
    }
    guard block.fields.count < limits.fields else { return fault = .headTooLarge(limits) }
    switch name {
    case "host":
      if host != nil { return fault = .severalHosts }
      host = value
    case "cookie": cookie = cookie.map { $0 + "; " + value } ?? value
    case "content-length": takeLength(value, into: &block)
    case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "http2-settings":
      fault = .malformedHTTP2("the header \(name) concerns a connection of HTTP/1")
    case "te" where value != "trailers": fault = .malformedHTTP2("the header te is not 'trailers'")
    default: block.append(name: name, value: value)
    }
  }

  private mutating func takePseudo(_ name: String, _ value: String) {
    if isInFields { return fault = .malformedHTTP2("the pseudo-header \(name) stands behind a header") }
    let isRepeated: Bool
    switch name {
    case ":method": (isRepeated, method) = (method != nil, value)
    case ":scheme": (isRepeated, scheme) = (scheme != nil, value)
    case ":path": (isRepeated, path) = (path != nil, value)
    case ":authority": (isRepeated, authority) = (authority != nil, value)
    default: return fault = .malformedHTTP2("a pseudo-header is not known")
    }
    if isRepeated { fault = .malformedHTTP2("the pseudo-header \(name) is there twice") }
  }

  private mutating func takeLength(_ value: String, into block: inout FieldBlock) {
    var value = value
    guard let number = value.withUTF8({ HTTP1Bytes.number(UnsafeRawBufferPointer($0)) }), length == nil else {
      return fault = .malformedHTTP2("content-length is no number, or is there twice")
    }
    length = number
    block.append(name: "content-length", value: value)
  }

  /// Puts method, target and host in their places.
  private mutating func settle(_ head: inout RequestHead) {
    if let cookie { head.block.append(name: "cookie", value: cookie) }
    if let path { head.path = head.block.append(path) }
    guard fault == nil else { return }
    guard let method, HTTP2Fields.isToken(method) else {
      return fault = .malformedHTTP2(":method is missing or no method")
    }
    head.method = head.block.append(method)
    if method == "CONNECT" { return fault = .connectMethod }
    guard scheme == "http" || scheme == "https" else {
      return fault = .malformedHTTP2(":scheme is neither http nor https")
    }
    guard let path, Self.isPath(path) else { return fault = .invalidTarget }
    if let authority, let host, authority.lowercased() != host.lowercased() {
      return fault = .malformedHTTP2("the header host is not the same as :authority")
    }
    if let host = authority ?? host { head.block.append(name: "host", value: host) }
    fault = RequestTarget.settle(&head, hosts: 1)
  }

  private static func isPath(_ path: String) -> Bool {
    (path.utf8.first == UInt8(ascii: "/") || path == "*")
      && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }
  }

  private func framing(_ endsStream: Bool) -> BodyFraming {
    if let length { return .length(length) }
    return endsStream ? .none : .chunked
  }
}

/// What is allowed in the fields of HTTP/2.
enum HTTP2Fields {
  /// Whether text is a token of HTTP.
  static func isToken(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy(HTTP1Bytes.isToken) }

  /// Whether text is the name of a field: a token without capitals.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { HTTP1Bytes.isToken($0) && !(0x41...0x5A).contains($0) }
  }

  /// Whether text is the value of a field: no control characters, no blanks at its ends.
  static func isValue(_ text: String) -> Bool {
    if let first = text.utf8.first, ASCIIBytes.isBlank(first) { return false }
    if let last = text.utf8.last, ASCIIBytes.isBlank(last) { return false }
    return text.utf8.allSatisfy(HTTP1Bytes.isValue)
  }
}
