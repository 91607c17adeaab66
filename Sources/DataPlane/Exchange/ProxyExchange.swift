import NIOCore
import Routing

/// One request from its head to the end of its response, as a state machine that does no I/O and knows no protocol.
///
/// Each event appends what is to be done to a queue; ``readsClient`` and ``readsUpstream`` say whose bytes may be
/// read now, which is the back-pressure. After `finish` every event is ignored.
struct ProxyExchange {
  /// So many endpoints are turned to for one request: it may be what makes them crash, and those that do not even refuse a
  /// connection cost a timeout each.
  static let maximumAttempts = 3

  /// The part of the request that is with an endpoint.
  enum Upstream: Equatable {
    case none
    /// It waits before it is sent again.
    case backingOff
    case connecting(fresh: Bool)
    case connected(reused: Bool)

    /// Whether an endpoint has been turned to.
    var isDispatched: Bool { self != .none && self != .backingOff }
  }

  /// How far the answer to the client is.
  enum Response: Equatable {
    case none
    case streaming(BodyFraming)
    /// Client and endpoint speak another protocol.
    case tunnel(Tunnel)
    case finished
  }

  let client: ClientInfo
  /// The listener's trusted callers, where the request is of one of them.
  let callers: TrustedCallers?
  let requestID: RequestID
  let maximumBodyBytes: Int
  /// Bytes of the body that are kept while it is sent, so that it can be sent again.
  let maximumReplayBytes: Int
  private(set) var head: RequestHead
  /// The head as endpoints get it, where that is another one.
  var changedHead: RequestHead?
  /// How the client framed the body.
  let framing: BodyFraming
  let passage: Passage
  /// What makes the head unfit to be served.
  let headFault: GatewayError?
  var body: RequestBody
  var isInspecting: Bool
  var requestEnded = false
  var plan: ForwardPlan?
  /// What waits for room in its pool.
  var waiting: WaitingRequest?
  var triedEndpoints = 0
  var retriedStale = false
  var upstream = Upstream.none
  var upstreamWritable = true
  var clientWritable = true
  /// The endpoint was sent all that had come when it was connected: from then on each piece goes as it comes.
  var hasCaughtUp = false
  var sentEnd = false
  /// The fields behind the client's body.
  var trailer: FieldBlock?
  /// The endpoint's in-flight count holds the request: it has come whole, or is being answered. What is only being uploaded
  /// is no work yet.
  var isCounted = false
  var response = Response.none
  /// Holds back parts of events; `nil` for responses that are no stream of them.
  var events: EventBoundary?
  /// How far an external picker is with it.
  var picking = PickingStage.none
  /// Bytes of the body that a picker was shown.
  var shownBytes = 0
  /// A response that waits for its picker.
  var heldResponse: HeldResponse?
  /// The response may tell how many tokens it is.
  var tellsUsage = false
  /// What is known for the report; the shell adds the times.
  var record = ProxyRecord()

  /// A request whose head has come, and whose rules ask `need` of the body; `passage` is for what is no request. `storage` is an empty array whose memory is used.
  init(
    head: RequestHead, framing: BodyFraming, need: BodyNeed, fault: GatewayError? = nil, passage: Passage? = nil,
    client: ClientInfo, callers: TrustedCallers? = nil, requestID: RequestID,
    maximumBodyBytes: Int, maximumReplayBytes: Int = 1 << 20, storage: [ByteBuffer] = []
  ) {
    self.head = head
    self.framing = framing
    self.client = client
    self.callers = callers
    self.requestID = requestID
    self.maximumBodyBytes = maximumBodyBytes
    self.maximumReplayBytes = maximumReplayBytes
    headFault = fault
    self.passage = passage ?? (WebSocketUpgrade.isOffered(by: head, framing) ? .upgrade : .none)
    record.method = head.methodText
    record.listenerAddress = client.listenerAddress
    record.listenerPort = client.listenerPort
    let inspection = need == .none ? .none : BodyInspection(head)
    isInspecting = inspection != .none && framing != .none && framing != .length(0)
    body = RequestBody(
      need: isInspecting ? need : .none, inspection: inspection, maximumBytes: maximumBodyBytes, storage: storage)
  }

  /// Whether nothing more will come of this request.
  @inline(__always) var isFinished: Bool { response == .finished }

  /// The client has been told a status.
  @inline(__always) var isAnswering: Bool {
    switch response {
    case .streaming, .tunnel: true
    case .none, .finished: false
    }
  }

  /// The head that endpoints get.
  @inline(__always) var outgoingHead: RequestHead { changedHead ?? head }

  /// Whether bytes of the client may be read now.
  @inline(__always) var readsClient: Bool {
    if isFinished || requestEnded {
      if case .tunnel = response { return upstreamWritable }
      return true
    }
    switch upstream {
    case .connected: return upstreamWritable
    case .connecting, .backingOff: return false
    case .none:
      // A client that waits for 100 Continue is told to go on once the request is let in.
      if waiting != nil { return body.receivedBytes < maximumReplayBytes && !expectsContinue }
      return plan == nil || picking == .request && unshownBytes < Self.maximumUnshownBytes
    }
  }

  /// Whether the request waits for bytes of its body.
  @inline(__always) var awaitsBody: Bool { !isFinished && !requestEnded && readsClient }

  /// What the request waits for at its endpoint.
  @inline(__always) var upstreamWait: UpstreamWait? {
    switch upstream {
    case .none, .backingOff: return nil
    case .connecting: return .connection
    case .connected:
      if case .streaming = response { return clientWritable ? .nextBytes : nil }
      if picking == .response { return nil }
      if !upstreamWritable { return .upload }
      if case .tunnel = response { return .tunnelBytes }
      return sentEnd ? .firstByte : nil
    }
  }

  /// Whether bytes of the endpoint may be read now.
  @inline(__always) var readsUpstream: Bool { clientWritable && picking != .response }
}

// An exchange is large: a getter that is not inlined moves all of it. Measured: 65 KB a request, and a retain of each part.

/// What a connection must know of an exchange after each event.
struct ExchangeStanding: Equatable {
  /// Whether bytes of the client may be read now.
  var readsClient = true
  /// Whether the request waits for bytes of its body.
  var awaitsBody = false
  /// Whether bytes of the endpoint may be read now.
  var readsUpstream = true
  /// What the request waits for at its endpoint.
  var upstreamWait: UpstreamWait?
  /// Bytes of memory that the body keeps.
  var heldBytes = 0
  /// How far an external picker is with the request, and whether it is what is waited for.
  var picking = PickingStage.none
  var awaitsPicker = false
}

extension ProxyExchange {
  /// The exchange of a connection that has served no request yet.
  static var resting: ProxyExchange {
    var exchange = ProxyExchange(
      head: RequestHead(), framing: .none, need: .none,
      client: ClientInfo(address: nil, listenerAddress: nil, listenerPort: 0), requestID: RequestID(loop: 0, number: 0),
      maximumBodyBytes: 0)
    exchange.response = .finished
    return exchange
  }

  /// Lets go of what a finished exchange still holds; its body's memory can be used again.
  mutating func rest() -> [ByteBuffer] {
    head = RequestHead()
    changedHead = nil
    plan = nil
    heldResponse = nil
    waiting = nil
    return body.takeStorage()
  }

  /// How the exchange stands.
  @inline(__always) var standing: ExchangeStanding {
    ExchangeStanding(
      readsClient: readsClient, awaitsBody: awaitsBody, readsUpstream: readsUpstream, upstreamWait: upstreamWait,
      heldBytes: body.heldBytes, picking: picking, awaitsPicker: awaitsPicker)
  }
}
