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
  /// A client's offer of WebSocket is passed on by HTTP/1.1; a connection has no head.
  var passage = Passage.none
  /// The host that the client asked for, where endpoints are told another head than came.
  var host: String?
}

/// What becomes of a request's fields on their way to an endpoint, whatever protocol carries them.
struct ForwardedFields {
  private let head: RequestHead
  private let extra: UpstreamFields
  private let named: NamedByConnection
  private let forwards: Int?
  private let keepsID: Bool

  /// - Parameter head: the head that endpoints get.
  init(_ head: RequestHead, _ extra: UpstreamFields) {
    self.head = head
    self.extra = extra
    named = NamedByConnection(head.block)
    forwards = MaxForwards.left(head)
    keepsID = RequestID.isKept(head.block)
  }

  /// How the body is framed. Some servers ask a length even of no body, where the method may have one (RFC 9110, section
  /// 8.6).
  var framing: BodyFraming {
    let hasLength = extra.framing != .none || !(head.isMethod("POST") || head.isMethod("PUT") || head.isMethod("PATCH"))
    return hasLength ? extra.framing : .length(0)
  }

  /// Whether a field passes as it came. `bytes` are those of the head's block.
  func keeps(_ field: HeadField, of bytes: UnsafeRawBufferPointer) -> Bool {
    switch field.known {
    case .maxForwards: forwards == nil && !named.takesAway(field, of: bytes)
    case .xRequestID: keepsID
    case .other, .added, .contentType, .contentEncoding, .date, .xForwarded: !named.takesAway(field, of: bytes)
    default: false
    }
  }

  /// Hands out the fields that the gateway writes itself, but for those that frame and address a message: the name, in
  /// lower case, and what writes the value.
  func forEachAdded(_ body: (_ name: StaticString, _ write: (inout ByteBuffer) -> Void) -> Void) {
    if let forwards { body("max-forwards") { $0.writeString(String(max(forwards, 1) - 1)) } }
    if let model = extra.model, Self.isFieldValue(model) { body("x-gateway-model-name") { $0.writeString(model) } }
    if let model = extra.baseModel, Self.isFieldValue(model) {
      body("x-gateway-base-model-name") { $0.writeString(model) }
    }
    addForwarding(body)
    if !keepsID { body("x-request-id") { extra.requestID.write(for: head.block, into: &$0) } }
    // RFC 9110, section 7.6.3: a gateway says that it was here, and in which version it got the request; a name instead of its
    // address tells nobody where it is.
    body("via") { out in
      switch head.version {
      case .http1_0: out.writeStaticString("1.0 switchyard")
      case .http1_1: out.writeStaticString("1.1 switchyard")
      case .http2: out.writeStaticString("2 switchyard")
      }
    }
  }

  /// Where the request comes from. What the head says of it, a trusted caller says, or a route.
  private func addForwarding(_ body: (StaticString, (inout ByteBuffer) -> Void) -> Void) {
    let block = head.block
    if block.contains(.xForwardedFor) || extra.client.address != nil, !block.isWithheld(.xForwardedFor) {
      body("x-forwarded-for") { out in
        writeChain(.xForwardedFor, into: &out)
        if let address = extra.client.address { out.writeString(address) }
      }
    }
    if !block.isWithheld(.xForwardedProto) {
      body("x-forwarded-proto") { out in
        if !write(.xForwardedProto, into: &out) { out.writeStaticString(scheme) }
      }
    }
    if block.contains(.xForwardedHost) || !hasNoHost, !block.isWithheld(.xForwardedHost) {
      body("x-forwarded-host") { out in
        if !write(.xForwardedHost, into: &out) { writeHost(into: &out) }
      }
    }
    if !block.isWithheld(.xForwardedPort) {
      body("x-forwarded-port") { out in
        if !write(.xForwardedPort, into: &out) { out.writeString(String(head.toldPort ?? extra.client.listenerPort)) }
      }
    }
    guard block.contains(.forwarded) else { return }
    body("forwarded") { out in
      writeChain(.forwarded, into: &out)
      writeLink(into: &out)
    }
  }

  private var scheme: StaticString { extra.client.listener == nil ? "http" : "https" }

  private var hasNoHost: Bool { extra.host?.isEmpty ?? (head.authority.count == 0) }

  private func writeHost(into out: inout ByteBuffer) {
    if let host = extra.host {
      out.writeString(host)
    } else {
      head.block.withBytes(head.authority.range) { _ = out.writeBytes($0) }
    }
  }

  /// The first value that came under a name, if one did.
  private func write(_ known: KnownField, into out: inout ByteBuffer) -> Bool {
    guard let field = head.block.first(known) else { return false }
    head.block.withBytes(field.value) { _ = out.writeBytes($0) }
    return true
  }

  /// What came under a name, up to where our own link goes; without our own, nothing follows.
  private func writeChain(_ known: KnownField, into out: inout ByteBuffer) {
    var isFirst = true
    for field in head.block.fields where field.known == known {
      if !isFirst { out.writeStaticString(", ") }
      head.block.withBytes(field.value) { _ = out.writeBytes($0) }
      isFirst = false
    }
    if !isFirst, extra.client.address != nil { out.writeStaticString(", ") }
  }

  /// What we saw, as RFC 7239, section 4, writes it. A name that holds a colon is quoted.
  private func writeLink(into out: inout ByteBuffer) {
    guard let address = extra.client.address else { return }
    out.writeString(address.contains(":") ? "for=\"[\(address)]\"" : "for=\(address)")
    if !hasNoHost {
      out.writeStaticString(";host=\"")
      writeHost(into: &out)
      out.writeStaticString("\"")
    }
    out.writeStaticString(";proto=")
    out.writeStaticString(scheme)
  }

  /// Whether text may stand in a header: a model's name may hold line breaks, which would forge further headers.
  static func isFieldValue(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }
}
