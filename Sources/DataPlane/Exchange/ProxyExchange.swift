import NIOCore
import NIOHTTP1
import Routing

/// One request from its head to the end of its response, as a state machine that does no I/O.
///
/// Each event appends what is to be done to a queue; ``readsClient`` and ``readsUpstream`` say whose bytes may be
/// read now, which is the back-pressure. After `finish` every event is ignored.
struct ProxyExchange {
  /// A request that makes model servers crash must not be carried through a whole pool: after so many endpoints
  /// were lost with it, it fails. Endpoints that do not accept a connection do not count.
  static let maximumLostEndpoints = 3

  /// The part of the request that is with an endpoint.
  enum Upstream: Equatable {
    case none
    case connecting(fresh: Bool)
    case connected(reused: Bool)
  }

  /// How far the answer to the client is.
  enum Response: Equatable {
    case none
    case streaming(MessageRewriter.ResponseFraming)
    case finished
  }

  let client: ClientInfo
  let requestID: String
  let maximumBodyBytes: Int
  let clientKeepsAlive: Bool
  let head: HTTPRequestHead
  var body: RequestBody
  var bodyLength: MessageRewriter.BodyLength
  var isInspecting: Bool
  var requestEnded = false
  var plan: ForwardPlan?
  var candidate = 0
  var retriedStale = false
  /// Endpoints that took the request and then were lost, without a byte of a response.
  var lostEndpoints = 0
  var upstream = Upstream.none
  var upstreamKeepsAlive = false
  var upstreamWritable = true
  var clientWritable = true
  var sentPieces = 0
  var sentEnd = false
  var response = Response.none
  var isEventStream = false
  var streamTail: (UInt8, UInt8) = (0x0A, 0x0A)
  /// The connection closes after this request, whatever the client asked.
  var isDraining = false
  /// What is known for the report; the shell adds the times.
  var record = ProxyRecord()

  /// A request whose head has come.
  init(head original: HTTPRequestHead, client: ClientInfo, requestID: String, maximumBodyBytes: Int) {
    head = MessageRewriter.sanitized(original)
    self.client = client
    self.requestID = requestID
    self.maximumBodyBytes = maximumBodyBytes
    // An upgrade is not taken up, and what follows such a request is not known to be HTTP.
    clientKeepsAlive = original.isKeepAlive && !original.headers.contains(name: "upgrade")
    bodyLength = Self.bodyLength(of: original)
    let content = Self.content(of: head)
    record.method = original.method.rawValue
    record.listenerAddress = client.listenerAddress
    record.listenerPort = client.listenerPort
    isInspecting = bodyLength != .none && content != .other
    body = RequestBody(inspects: isInspecting, isStrict: content == .json)
  }

  /// Whether nothing more will come of this request.
  var isFinished: Bool { response == .finished }

  /// Whether bytes of the client may be read now.
  var readsClient: Bool {
    if isFinished || requestEnded { return true }
    switch upstream {
    case .connected: return upstreamWritable
    case .connecting: return false
    case .none: return plan == nil
    }
  }

  /// Whether the request waits for bytes of its body.
  var awaitsBody: Bool { !isFinished && !requestEnded && readsClient }

  /// Whether bytes of the endpoint may be read now.
  var readsUpstream: Bool { clientWritable }

  private enum Content { case json, undeclared, other }

  /// What the body is, as far as the head tells.
  private static func content(of head: HTTPRequestHead) -> Content {
    guard head.method == .POST || head.method == .PUT || head.method == .PATCH else { return .other }
    if let coding = head.headers.first(name: "content-encoding"), coding.lowercased() != "identity" { return .other }
    guard let type = head.headers.first(name: "content-type") else { return .undeclared }
    let essence = type.prefix { $0 != ";" }.lowercased()
    return essence.hasPrefix("application/json") || essence.hasSuffix("+json") ? .json : .other
  }

  private static func bodyLength(of head: HTTPRequestHead) -> MessageRewriter.BodyLength {
    if head.headers.contains(name: "transfer-encoding") { return .chunked }
    guard let text = head.headers.first(name: "content-length"), let count = Int(text) else { return .none }
    return .bytes(count)
  }
}
