import NIOHTTP1
import Routing

/// Where a request came from, as its forwarding headers tell.
struct ClientInfo: Equatable {
  /// The client's IP address.
  var address: String?
  /// The address that the client connected to; `nil` when the gateway listens on all.
  var listenerAddress: String?
  /// The listener's port, as the Gateway declares it.
  var listenerPort: Int
}

/// How heads change on their way through the gateway.
enum MessageRewriter {
  /// The client's head without forged headers, and with the target in origin form (`/path?query`).
  static func sanitized(_ head: HTTPRequestHead) -> HTTPRequestHead {
    var head = head
    if head.headers.contains(where: { ReservedHeaders.isReserved($0.name) }) {
      var kept = HTTPHeaders()
      kept.reserveCapacity(head.headers.count)
      for (name, value) in head.headers where !ReservedHeaders.isReserved(name) { kept.add(name: name, value: value) }
      head.headers = kept
    }
    if case .absolute(let host, let target) = RequestTarget(head.uri) {
      head.headers.replaceOrAdd(name: "host", value: host)
      head.uri = target
    }
    return head
  }

  /// The head that an endpoint gets.
  static func upstream(
    _ head: HTTPRequestHead, endpoint: EndpointID, client: ClientInfo, model: String?, baseModel: String?,
    bodyLength: BodyLength, requestID: String
  ) -> HTTPRequestHead {
    var headers = endToEnd(head.headers, dropping: ["content-length", "expect", "x-forwarded-proto"])
    if !headers.contains(name: "host") { headers.add(name: "host", value: endpoint.description) }
    switch bodyLength {
    case .none: break
    case .bytes(let count): headers.add(name: "content-length", value: String(count))
    case .chunked: headers.add(name: "transfer-encoding", value: "chunked")
    }
    for (name, value) in [("X-Gateway-Model-Name", model), ("X-Gateway-Base-Model-Name", baseModel)] {
      if let value, isFieldValue(value) { headers.add(name: name, value: value) }
    }
    if let address = client.address {
      let earlier = headers["x-forwarded-for"]
      headers.replaceOrAdd(name: "x-forwarded-for", value: (earlier + [address]).joined(separator: ", "))
    }
    headers.add(name: "x-forwarded-proto", value: "http")
    if !headers.contains(name: "x-request-id") { headers.add(name: "x-request-id", value: requestID) }
    return HTTPRequestHead(version: .http1_1, method: head.method, uri: head.uri, headers: headers)
  }

  /// How the body of a request is framed towards the endpoint.
  enum BodyLength: Equatable {
    case none
    case bytes(Int)
    case chunked
  }

  /// How the body of a response is framed.
  enum ResponseFraming: Equatable {
    /// There is none: the status or the method says so.
    case noBody
    case length
    case chunked
    /// It ends with the connection.
    case untilClose
  }

  /// How the endpoint framed its response.
  static func framing(of head: HTTPResponseHead, method: HTTPMethod) -> ResponseFraming {
    if method == .HEAD || head.status.code == 204 || head.status.code == 304 { return .noBody }
    if head.headers.contains(name: "transfer-encoding") { return .chunked }
    return head.headers.contains(name: "content-length") ? .length : .untilClose
  }

  /// The head that the client gets. A client of HTTP/1.0 does not know chunks: its response ends with the connection.
  static func downstream(
    _ head: HTTPResponseHead, framing: ResponseFraming, clientVersion: HTTPVersion, keepAlive: Bool
  ) -> HTTPResponseHead {
    var headers = endToEnd(head.headers, dropping: framing == .chunked ? ["content-length"] : [])
    let isOld = !clientVersion.isHTTP11
    if (framing == .chunked || framing == .untilClose) && !isOld {
      headers.add(name: "transfer-encoding", value: "chunked")
    }
    addConnection(to: &headers, keepAlive: keepAlive, clientVersion: clientVersion)
    return HTTPResponseHead(version: .http1_1, status: head.status, headers: headers)
  }

  /// Adds the `connection` header where the version's default differs.
  static func addConnection(to headers: inout HTTPHeaders, keepAlive: Bool, clientVersion: HTTPVersion) {
    if !keepAlive {
      headers.add(name: "connection", value: "close")
    } else if !clientVersion.isHTTP11 {
      headers.add(name: "connection", value: "keep-alive")
    }
  }

  /// Headers without those of one connection, those that `Connection` names and may name, and `dropping`.
  private static func endToEnd(_ headers: HTTPHeaders, dropping: [String]) -> HTTPHeaders {
    let named = headers[canonicalForm: "connection"]
    var kept = HTTPHeaders()
    kept.reserveCapacity(headers.count + 6)
    for (name, value) in headers where !HeaderRules.isHopByHop(name) {
      if dropping.contains(where: { ASCIIText.isSame($0, name) }) { continue }
      if named.contains(where: { ASCIIText.isSame($0, name) }) && !HeaderRules.isForEveryone(name) { continue }
      kept.add(name: name, value: value)
    }
    return kept
  }

  /// Whether text may stand in a header: a model's name may hold line breaks, which would forge further headers.
  private static func isFieldValue(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }
}

extension HTTPVersion {
  /// Whether the version knows chunks, `Host` and connections that stay: 1.1 and later.
  var isHTTP11: Bool { major > 1 || (major == 1 && minor >= 1) }
}
