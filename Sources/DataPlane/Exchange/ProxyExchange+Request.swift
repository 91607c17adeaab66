import NIOCore
import NIOHTTP1
import Routing

// The way of the request: from the client, through the decision, to an endpoint.
extension ProxyExchange {
  /// The first event: acts on the head.
  mutating func begin(into actions: inout ExchangeActions) {
    if let headFault { return fail(headFault, into: &actions) }
    if case .bytes(let count) = bodyLength, count > maximumBodyBytes {
      return fail(.bodyTooLarge(limit: maximumBodyBytes), into: &actions)
    }
    guard isInspecting else { return actions.append(.decide(head, model: nil)) }
    if expectsContinue { actions.append(.sendContinue) }
  }

  /// Bytes of the client's body.
  mutating func requestBody(_ piece: ByteBuffer, into actions: inout ExchangeActions) {
    guard !isFinished, !requestEnded else { return }
    if response != .none && upstream == .none { return }
    if bodyLength == .none { return giveUp(.malformed("a body without a length"), into: &actions) }
    if body.receivedBytes + piece.readableBytes > maximumBodyBytes {
      return tooLarge(into: &actions)
    }
    let inspection = isInspecting ? body.inspect(piece) : nil
    if inspection == nil { body.append(piece) }
    if body.hasSecondModel { return giveUp(.duplicateModel, closes: false, into: &actions) }
    if let inspection { conclude(inspection, into: &actions) } else { pump(piece, into: &actions) }
  }

  /// The client's body is complete.
  mutating func requestEnd(into actions: inout ExchangeActions) {
    guard !requestEnded else { return }
    requestEnded = true
    if isFinished { return }
    if isInspecting { return conclude(body.inspectEnd(), into: &actions) }
    pump(into: &actions)
  }

  /// The router has answered.
  mutating func decided(_ decision: RoutingDecision, into actions: inout ExchangeActions) {
    guard !isFinished, plan == nil else { return }
    switch decision {
    case .reject(let error):
      record.subject = error.subject
      fail(error, into: &actions)
    case .forward(let plan):
      self.plan = plan
      record.subject = plan.subject
      if let model = plan.rewriteModel { body.rewriteModel(to: model) }
      if !isInspecting && expectsContinue && !requestEnded { actions.append(.sendContinue) }
      dispatch(fresh: false, into: &actions)
    }
  }

  /// A connection to the endpoint stands.
  mutating func upstreamConnected(reused: Bool, into actions: inout ExchangeActions) {
    guard case .connecting = upstream, let plan else { return }
    upstream = .connected(reused: reused)
    upstreamWritable = true
    hasCaughtUp = false
    sentEnd = false
    actions.append(
      .upstreamHead(
        MessageRewriter.upstream(
          head, endpoint: plan.candidates[candidate].id, client: client, model: plan.model,
          baseModel: plan.baseModel, bodyLength: outgoingLength, requestID: requestID)))
    pump(into: &actions)
  }

  /// The endpoint takes more bytes, or none for now.
  mutating func upstreamWritability(_ isWritable: Bool, into actions: inout ExchangeActions) {
    upstreamWritable = isWritable
  }

  /// The client's bytes stopped coming.
  mutating func bodyTimedOut(into actions: inout ExchangeActions) {
    guard awaitsBody else { return }
    giveUp(.bodyTimeout, into: &actions)
  }

  /// Sends what has come and was not sent: all of it, or the piece that came just now.
  mutating func pump(_ piece: ByteBuffer? = nil, into actions: inout ExchangeActions) {
    guard case .connected = upstream, !sentEnd else { return }
    if !hasCaughtUp {
      hasCaughtUp = true
      for piece in body.takeAll() { actions.append(.upstreamBody(piece)) }
    } else if let piece {
      actions.append(.upstreamBody(piece))
    }
    guard requestEnded else { return }
    sentEnd = true
    actions.append(.upstreamEnd)
  }

  /// Turns to the present candidate.
  mutating func dispatch(fresh: Bool, into actions: inout ExchangeActions) {
    guard let plan, plan.candidates.indices.contains(candidate) else {
      return fail(.noCandidate, into: &actions)
    }
    upstream = .connecting(fresh: fresh)
    record.endpoint = plan.candidates[candidate].id
    record.attempts += 1
    actions.append(.dispatch(plan.candidates[candidate], fresh: fresh))
  }

  var expectsContinue: Bool {
    head.version.isHTTP11 && bodyLength != .none && body.receivedBytes == 0
      && head.headers.first(name: "expect")?.lowercased() == "100-continue"
  }

  private var outgoingLength: MessageRewriter.BodyLength {
    guard case .bytes(let count) = bodyLength else { return bodyLength }
    return .bytes(count + body.lengthChange)
  }

  private mutating func conclude(_ inspection: RequestBody.Inspection, into actions: inout ExchangeActions) {
    switch inspection {
    case .needMore: break
    case .known(let model):
      isInspecting = false
      record.model = model
      actions.append(.decide(head, model: model))
    case .invalid(let message):
      isInspecting = false
      fail(GatewayError(.invalidBody, message), into: &actions)
    }
  }

  private mutating func tooLarge(into actions: inout ExchangeActions) {
    giveUp(.bodyTooLarge(limit: maximumBodyBytes), into: &actions)
  }
}
