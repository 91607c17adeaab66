import NIOCore
import Routing

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
    /// It is given to WebSocket.
    case upgrade
  }
}

/// Writes heads as HTTP/1.1. What is kept of a head is copied as it came, in runs.
enum HTTP1Writer {
  /// The head that an endpoint gets.
  static func request(_ head: RequestHead, _ extra: UpstreamFields, into out: inout ByteBuffer) {
    let block = head.block
    let fields = ForwardedFields(head, extra)
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
      copy(block, bytes, into: &out) { fields.keeps($0, of: bytes) }
    }
    write(fields.framing, into: &out)
    fields.forEachAdded { name, write in
      out.writeStaticString(name)
      out.writeStaticString(": ")
      write(&out)
      out.writeStaticString("\r\n")
    }
    out.writeStaticString(extra.passage == .upgrade ? "connection: upgrade\r\nupgrade: websocket\r\n\r\n" : "\r\n")
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
      // method, and must not be told with one, nor has 101 (RFC 9110, section 8.6).
      let keepsLength = extra.framing == .none && head.status != 204 && head.status != 101
      copy(block, bytes, into: &out) { field in
        if field.known == .contentLength { return keepsLength }
        if field.known == .xRequestID || field.known == .xSwitchyard { return false }
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
    case .upgrade: out.writeStaticString("connection: upgrade\r\nupgrade: websocket\r\n\r\n")
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
}
