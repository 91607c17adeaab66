import NIOCore
import Routing

/// What the gateway adds to a request on its way to an endpoint.
struct UpstreamFields: Equatable {
  var endpoint: EndpointID
  var client: ClientInfo
  /// The model and the base model of it, as the body named it.
  var model: String?
  var baseModel: String?
  /// How the body is framed towards the endpoint.
  var framing: BodyFraming
  /// For a request that has no identifier of its own.
  var requestID: RequestID
}

/// How a response's head tells a client of HTTP/1 what comes.
struct DownstreamFields: Equatable {
  /// How the body is framed towards the client.
  var framing: BodyFraming
  /// The value of `Connection`, where the version's default is not meant.
  var connection: StaticConnection?
  /// For a response without a date of its own.
  var date: HTTPDate

  enum StaticConnection: String, Equatable {
    case close
    case keepAlive = "keep-alive"
  }
}

/// Writes heads as HTTP/1.1. What is kept of a head is copied as it came, in runs.
enum HTTP1Writer {
  /// The head that an endpoint gets.
  static func request(_ head: RequestHead, _ extra: UpstreamFields, into out: inout ByteBuffer) {
    let block = head.block
    block.bytes.withUnsafeBytes { bytes in
      out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[head.method.range]))
      out.writeInteger(HTTP1Bytes.space)
      out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[head.path.range]))
      if let query = head.query {
        out.writeInteger(UInt8(ascii: "?"))
        out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[query.range]))
      }
      out.writeStaticString(" HTTP/1.1\r\nhost: ")
      if head.authority.count > 0 {
        out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[head.authority.range]))
      } else {
        out.writeString(extra.endpoint.description)
      }
      out.writeStaticString("\r\n")
      let named = NamedByConnection(block)
      let forwards = MaxForwards.left(head)
      let keepsID = RequestID.isKept(block)
      copy(block, bytes, into: &out) { field in
        switch field.known {
        case .maxForwards: forwards == nil && !named.takesAway(field, of: bytes)
        case .xRequestID: keepsID
        case .other, .added, .contentType, .contentEncoding, .date: !named.takesAway(field, of: bytes)
        default: false
        }
      }
      if let forwards { out.writeString("max-forwards: \(max(forwards, 1) - 1)\r\n") }
    }
    add(extra, to: head, into: &out)
    out.writeStaticString("\r\n")
  }

  private static func add(_ extra: UpstreamFields, to head: RequestHead, into out: inout ByteBuffer) {
    let block = head.block
    // Some servers ask a length even of no body, where the method may have one (RFC 9110, section 8.6).
    let hasLength = extra.framing != .none || !(head.isMethod("POST") || head.isMethod("PUT") || head.isMethod("PATCH"))
    write(hasLength ? extra.framing : .length(0), into: &out)
    for (name, value) in [("X-Gateway-Model-Name: ", extra.model), ("X-Gateway-Base-Model-Name: ", extra.baseModel)] {
      guard let value, isFieldValue(value) else { continue }
      out.writeString(name)
      out.writeString(value)
      out.writeStaticString("\r\n")
    }
    addForwarding(extra, to: block, into: &out)
    if !RequestID.isKept(block) { write(extra.requestID, for: block, into: &out) }
    // RFC 9110, section 7.6.3: a gateway says that it was here, and in which version it got the request; a name instead of its
    // address tells nobody where it is.
    switch head.version {
    case .http1_0: out.writeStaticString("via: 1.0 switchyard\r\n")
    case .http1_1: out.writeStaticString("via: 1.1 switchyard\r\n")
    case .http2: out.writeStaticString("via: 2 switchyard\r\n")
    }
  }

  private static func addForwarding(_ extra: UpstreamFields, to block: FieldBlock, into out: inout ByteBuffer) {
    if block.contains(.xForwardedFor) || extra.client.address != nil {
      out.writeStaticString("x-forwarded-for: ")
      var isFirst = true
      for field in block.fields where field.known == .xForwardedFor {
        if !isFirst { out.writeStaticString(", ") }
        block.withBytes(field.value) { _ = out.writeBytes($0) }
        isFirst = false
      }
      if let address = extra.client.address {
        if !isFirst { out.writeStaticString(", ") }
        out.writeString(address)
      }
      out.writeStaticString("\r\n")
    }
    out.writeStaticString(
      extra.client.listener == nil ? "x-forwarded-proto: http\r\n" : "x-forwarded-proto: https\r\n")
  }

  private static func write(_ id: RequestID, for block: FieldBlock, into out: inout ByteBuffer) {
    out.writeStaticString("x-request-id: ")
    id.write(for: block, into: &out)
    out.writeStaticString("\r\n")
  }

  /// The head that a client gets.
  ///
  /// - Parameters:
  ///   - request: the head of its request, which may name it.
  ///   - id: the name of its request, where it has given none.
  static func response(
    _ head: ResponseHead, _ extra: DownstreamFields, to request: RequestHead, _ id: RequestID,
    into out: inout ByteBuffer
  ) {
    let block = head.block
    begin(status: head.status, into: &out)
    block.bytes.withUnsafeBytes { bytes in
      let named = NamedByConnection(block)
      // A length that came stays where there is no body: it tells of the one that a GET would have. 204 has none for any
      // method, and must not be told with one (RFC 9110, section 8.6).
      let keepsLength = extra.framing == .none && head.status != 204
      copy(block, bytes, into: &out) { field in
        if field.known == .contentLength { return keepsLength }
        if field.known == .xRequestID { return false }
        return !field.known.isHopByHop && !named.takesAway(field, of: bytes)
      }
    }
    write(extra.framing, into: &out)
    write(id, for: request.block, into: &out)
    if !block.contains(.date) { extra.date.write(into: &out) }
    end(extra, into: &out)
  }

  /// The head of an interim response.
  static func interim(_ head: ResponseHead, into out: inout ByteBuffer) {
    let block = head.block
    begin(status: head.status, into: &out)
    block.bytes.withUnsafeBytes { bytes in
      let named = NamedByConnection(block)
      copy(block, bytes, into: &out) { field in
        !field.known.isHopByHop && field.known != .contentLength && !named.takesAway(field, of: bytes)
      }
    }
    out.writeStaticString("\r\n")
  }

  /// The fields behind a body, without the empty line that ends them.
  static func trailer(_ block: FieldBlock, into out: inout ByteBuffer) {
    block.bytes.withUnsafeBytes { bytes in
      copy(block, bytes, into: &out) { HeaderRules.mayTrail($0, of: block) }
    }
  }

  /// An answer of our own, with its body unless the method is HEAD; returns the bytes of the body.
  static func answer(
    _ error: GatewayError, _ shape: ErrorShape, _ extra: DownstreamFields, to request: RequestHead, _ id: RequestID,
    into out: inout ByteBuffer
  ) -> Int {
    let isHead = request.isMethod("HEAD")
    let body = error.body(shape)
    // A status of gRPC stands for that of HTTP, which is 200 then.
    begin(status: shape == .grpc ? 200 : error.status, into: &out)
    out.writeStaticString("content-type: ")
    out.writeStaticString(shape.contentType)
    out.writeStaticString("\r\n")
    if shape == .grpc {
      out.writeString("grpc-status: \(error.grpcStatus)\r\ngrpc-message: ")
      out.writeBytes(error.grpcMessage)
      out.writeStaticString("\r\n")
    }
    write(.length(body.count), into: &out)
    for field in error.fields { out.writeString("\(field.name): \(field.value)\r\n") }
    if let seconds = error.retryAfterSeconds { out.writeString("retry-after: \(seconds)\r\n") }
    write(id, for: request.block, into: &out)
    extra.date.write(into: &out)
    end(extra, into: &out)
    if !isHead { out.writeBytes(body) }
    return isHead ? 0 : body.count
  }

  private static func begin(status: Int, into out: inout ByteBuffer) {
    out.writeStaticString("HTTP/1.1 ")
    out.writeString(String(status))
    out.writeInteger(HTTP1Bytes.space)
    out.writeString(StatusReason.text(status))
    out.writeStaticString("\r\n")
  }

  private static func end(_ extra: DownstreamFields, into out: inout ByteBuffer) {
    switch extra.connection {
    case .close: out.writeStaticString("connection: close\r\n\r\n")
    case .keepAlive: out.writeStaticString("connection: keep-alive\r\n\r\n")
    case nil: out.writeStaticString("\r\n")
    }
  }

  private static func write(_ framing: BodyFraming, into out: inout ByteBuffer) {
    switch framing {
    case .none, .untilClose: break
    case .length(let count):
      out.writeStaticString("content-length: ")
      out.writeString(String(count))
      out.writeStaticString("\r\n")
    case .chunked: out.writeStaticString("transfer-encoding: chunked\r\n")
    }
  }

  /// Copies the fields that are kept, neighbours in one go.
  private static func copy(
    _ block: FieldBlock, _ bytes: UnsafeRawBufferPointer, into out: inout ByteBuffer, keeping keeps: (HeadField) -> Bool
  ) {
    var run = 0..<0
    for field in block.fields where keeps(field) {
      if field.isPlain, field.line.lowerBound == run.upperBound {
        run = run.lowerBound..<field.line.upperBound
        continue
      }
      if !run.isEmpty { out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[run])) }
      run = 0..<0
      if field.isPlain { run = field.line } else { rewrite(field, bytes, into: &out) }
    }
    if !run.isEmpty { out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[run])) }
  }

  private static func rewrite(_ field: HeadField, _ bytes: UnsafeRawBufferPointer, into out: inout ByteBuffer) {
    out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[field.name]))
    out.writeStaticString(": ")
    out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[field.value]))
    out.writeStaticString("\r\n")
  }

  /// Whether text may stand in a header: a model's name may hold line breaks, which would forge further headers.
  private static func isFieldValue(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }
}
