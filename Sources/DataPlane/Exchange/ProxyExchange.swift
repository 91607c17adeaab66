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
  /// Endpoints that do not even refuse a connection cost a timeout each: after so many, nobody waits for another.
  static let maximumConnectTimeouts = 3
  /// When an answer is given early, so many bytes of the request's rest are worth reading to keep the connection.
  static let maximumDiscardedBytes = 64 << 10

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
  /// What makes the head unfit to be served.
  let headFault: GatewayError?
  var body: RequestBody
  var bodyLength: MessageRewriter.BodyLength
  var isInspecting: Bool
  var requestEnded = false
  var plan: ForwardPlan?
  var candidate = 0
  var retriedStale = false
  /// Endpoints that took the request and then were lost, without a byte of a response.
  var lostEndpoints = 0
  var connectTimeouts = 0
  var upstream = Upstream.none
  var upstreamKeepsAlive = false
  var upstreamWritable = true
  var clientWritable = true
  /// The endpoint was sent all that had come when it was connected: from then on each piece goes as it comes.
  var hasCaughtUp = false
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
    headFault = HeadCheck.fault(of: original)
    clientKeepsAlive = !original.endsConnection && headFault == nil
    bodyLength = Self.bodyLength(of: original)
    record.method = original.method.rawValue
    record.listenerAddress = client.listenerAddress
    record.listenerPort = client.listenerPort
    let inspection = BodyInspection(method: original.method.rawValue, headers: HeaderView(headers: original.headers))
    if case .none = inspection { isInspecting = false } else { isInspecting = bodyLength != .none }
    body = RequestBody(inspects: isInspecting, isStrict: inspection == .strict)
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

  private static func bodyLength(of head: HTTPRequestHead) -> MessageRewriter.BodyLength {
    if head.headers.contains(name: "transfer-encoding") { return .chunked }
    guard let text = head.headers.first(name: "content-length") else { return .none }
    // The parser has seen that these are digits of a number below 2^64, and leaves spaces behind them. What is too
    // large for us must not become a request without a length: its body would be read as a further request.
    return .bytes(Int(text.prefix { $0 != " " && $0 != "\t" }) ?? .max)
  }
}
