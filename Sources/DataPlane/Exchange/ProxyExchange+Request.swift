import NIOCore
import Routing

// The way of the request: from the client, through the decision, to an endpoint.
extension ProxyExchange {
  /// The first event: acts on the head.
  mutating func begin(into actions: inout ExchangeActions) {
    if let headFault { return fail(headFault, into: &actions) }
    if case .length(let count) = framing, count > maximumBodyBytes {
      return fail(.bodyTooLarge(limit: maximumBodyBytes), into: &actions)
    }
    guard isInspecting else { return actions.append(.decide(BodyFacts())) }
    if expectsContinue { actions.append(.sendContinue) }
  }

  /// Bytes of the client's body, or of a tunnel.
  mutating func requestBody(_ piece: ByteBuffer, into actions: inout ExchangeActions) {
    if case .tunnel = response { return tunnel(fromClient: piece, into: &actions) }
    guard !isFinished, !requestEnded else { return }
    if response != .none && upstream == .none { return }
    if body.receivedBytes + piece.readableBytes > maximumBodyBytes {
      return tooLarge(into: &actions)
    }
    let piece = body.append(piece)
    if let fault = body.fault { return giveUp(fault, into: &actions) }
    if isInspecting { conclude(into: &actions) } else { pump(piece, into: &actions) }
  }

  /// The fields behind the client's body.
  mutating func requestTrailer(_ fields: FieldBlock) {
    guard !isFinished, !requestEnded else { return }
    trailer = fields
  }

  /// The client's body is complete, or its side of a tunnel.
  mutating func requestEnd(into actions: inout ExchangeActions) {
    if case .tunnel = response { return tunnelEndedByClient(into: &actions) }
    guard !requestEnded else { return }
    requestEnded = true
    if isFinished { return }
    body.finish()
    if let fault = body.fault { return giveUp(fault, into: &actions) }
    if upstream.isDispatched { count(into: &actions) }
    if isInspecting { conclude(into: &actions) } else { pump(into: &actions) }
  }

  /// The router has answered.
  mutating func decided(_ decision: RoutingDecision, into actions: inout ExchangeActions) {
    guard !isFinished, plan == nil, waiting == nil else { return }
    switch decision {
    case .wait(let request): queue(request, into: &actions)
    case .reject(let error):
      record.subject = error.subject
      fail(error, into: &actions)
    case .respond(let answer):
      record.subject = answer.subject
      respond(answer, into: &actions)
    case .forward(let plan):
      self.plan = plan
      record.subject = plan.subject
      record.model = plan.model
      changedHead = plan.treatment?.head
      if let limit = plan.treatment?.timeouts.request { actions.append(.limitRequest(limit)) }
      if let model = plan.rewriteModel { rewriteModel(to: model) }
      if !isInspecting && expectsContinue && !requestEnded { actions.append(.sendContinue) }
      pick(into: &actions)
    }
  }

  /// A connection to the endpoint stands.
  mutating func upstreamConnected(reused: Bool, into actions: inout ExchangeActions) {
    guard case .connecting = upstream else { return }
    upstream = .connected(reused: reused)
    upstreamWritable = true
    hasCaughtUp = false
    sentEnd = false
    actions.append(.upstreamHead)
    if passage.isConnection { return open(ResponseHead(status: 101), into: &actions) }
    pump(into: &actions)
  }

  /// The endpoint takes more bytes, or none for now.
  mutating func upstreamWritability(_ isWritable: Bool, into actions: inout ExchangeActions) {
    upstreamWritable = isWritable
  }

  /// The client's bytes stopped coming.
  mutating func bodyTimedOut(into actions: inout ExchangeActions) {
    guard awaitsBody else { return }
    giveUp(.bodyTimeout, ends: true, into: &actions)
  }

  /// Sends what has come and was not sent: all of it, or the piece that came just now.
  mutating func pump(_ piece: ByteBuffer? = nil, into actions: inout ExchangeActions) {
    guard case .connected = upstream, !sentEnd else { return }
    if !hasCaughtUp {
      hasCaughtUp = true
      for piece in body.takeAll() { actions.append(.upstreamBody(piece)) }
    } else if let piece, piece.readableBytes > 0 {
      actions.append(.upstreamBody(piece))
    }
    if max(body.receivedBytes, body.sentBytes) > maximumReplayBytes { body.release() }
    guard requestEnded else { return }
    sentEnd = true
    if let trailer { actions.append(.upstreamTrailer(trailer)) }
    actions.append(.upstreamEnd)
  }

  /// In the body, else in the head; what was compressed goes on as what comes out of it.
  private mutating func rewriteModel(to model: String) {
    let isInBody = body.rewriteModel(to: model)
    if isInBody && !body.isDecoded { return }
    var changed = outgoingHead
    if isInBody { changed.block.removeAll(.contentEncoding) } else { changed.rewriteModel(to: model) }
    changedHead = changed
  }

  /// Turns to the present candidate.
  mutating func dispatch(fresh: Bool, into actions: inout ExchangeActions) {
    guard let endpoint = plan?.candidates.current.state.id else { return }
    let fresh = fresh || passage.isConnection
    upstream = .connecting(fresh: fresh)
    record.endpoint = endpoint
    record.attempts += 1
    actions.append(.dispatch(endpoint, fresh: fresh))
    if let limit = plan?.treatment?.timeouts.backendRequest, limit > 0 { actions.append(.limitAttempt(limit)) }
    if requestEnded { count(into: &actions) }
  }

  /// Counts the request as in flight at the endpoint, once.
  mutating func count(into actions: inout ExchangeActions) {
    guard !isCounted else { return }
    isCounted = true
    actions.append(.countInFlight)
  }

  @inline(__always) var expectsContinue: Bool {
    head.version > .http1_0 && framing != .none && body.receivedBytes == 0
      && head.block.value(of: .expect, is: "100-continue")
  }

  /// What the gateway adds to the head that the present candidate gets.
  @inline(__always) var upstreamFields: UpstreamFields? {
    guard let plan else { return nil }
    return UpstreamFields(
      endpoint: plan.candidates.current.state.id, client: client, model: plan.model, baseModel: plan.baseModel,
      framing: outgoingFraming, requestID: requestID, passage: passage,
      host: changedHead == nil ? nil : head.block.text(head.authority.range))
  }

  @inline(__always) private var outgoingFraming: BodyFraming {
    if body.isReplaced { return .length(body.sentBytes) }
    if body.isDecoded { return requestEnded ? .length(body.sentBytes) : .chunked }
    guard case .length(let count) = framing else { return framing }
    return .length(count + body.lengthChange)
  }

  private mutating func conclude(into actions: inout ExchangeActions) {
    guard case .known(let facts) = body.knowledge else { return }
    isInspecting = false
    record.model = facts.model
    actions.append(.decide(facts))
  }

  private mutating func tooLarge(into actions: inout ExchangeActions) {
    giveUp(.bodyTooLarge(limit: maximumBodyBytes), ends: true, into: &actions)
  }
}
