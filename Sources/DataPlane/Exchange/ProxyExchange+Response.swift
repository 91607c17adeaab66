import NIOCore
import NIOHTTP1
import Routing

// The way of the response: from an endpoint, or from ourselves, to the client.
extension ProxyExchange {
  /// The head of the endpoint's response. From here on no other endpoint can be tried.
  mutating func responseHead(_ head: HTTPResponseHead, into actions: inout ExchangeActions) {
    guard case .connected = upstream, response == .none, !isFinished else { return }
    if let reason = HeadCheck.reason(against: head) { return refuse(reason, into: &actions) }
    let framing = MessageRewriter.framing(of: head, method: self.head.method)
    response = .streaming(framing)
    upstreamKeepsAlive = head.isKeepAlive && framing != .untilClose
    isEventStream = Self.isEventStream(head)
    record.isStreamed = isEventStream
    record.status = Int(head.status.code)
    body.release()
    let keepAlive = keepsClient(framing)
    actions.append(
      .clientHead(
        MessageRewriter.downstream(head, framing: framing, clientVersion: self.head.version, keepAlive: keepAlive)))
  }

  /// Bytes of the endpoint's response.
  mutating func responseBody(_ piece: ByteBuffer, into actions: inout ExchangeActions) {
    guard case .streaming = response else { return }
    record.responseBytes += piece.readableBytes
    if isEventStream { rememberTail(piece) }
    actions.append(.clientBody(piece))
  }

  /// The endpoint's response is complete.
  mutating func responseEnd(into actions: inout ExchangeActions) {
    guard case .streaming(let framing) = response else { return }
    release(reusable: upstreamKeepsAlive && sentEnd, into: &actions)
    actions.append(.clientEnd)
    finish(keepsClient(framing) && restIsWorthReading ? .keepAlive : .close, into: &actions)
  }

  /// No connection came about, or it ended before the response did.
  mutating func upstreamFailed(_ failure: GatewayError, into actions: inout ExchangeActions) {
    guard !isFinished, upstream != .none, let plan else { return }
    let wasReused = upstream == .connected(reused: true)
    let endpoint = plan.candidates[candidate].id
    release(reusable: false, into: &actions)
    if case .streaming(let framing) = response {
      return lose(endpoint, failure, framing: framing, into: &actions)
    }
    if wasReused && !retriedStale {
      // The endpoint may have closed a resting connection just as we took it: that says nothing about the endpoint.
      retriedStale = true
      return dispatch(fresh: true, into: &actions)
    }
    // Our own want says nothing about the endpoint, and the client's connection is one that others wait for.
    if failure.source == .internal {
      takeAttemptBack(plan)
      return fail(failure, closes: true, into: &actions)
    }
    actions.append(.endpointFailed(endpoint))
    retriedStale = false
    candidate += 1
    count(failure)
    if failure.mayRetry && candidate < plan.candidates.count && lostEndpoints < Self.maximumLostEndpoints
      && connectTimeouts < Self.maximumConnectTimeouts
    {
      record.retries += 1
      return dispatch(fresh: false, into: &actions)
    }
    fail(
      .noEndpointAnswered(pool: plan.pool, tried: candidate, last: endpoint, failure: failure), into: &actions)
  }

  /// The client takes more bytes, or none for now.
  mutating func clientWritability(_ isWritable: Bool, into actions: inout ExchangeActions) {
    clientWritable = isWritable
  }

  /// The client's connection is gone.
  mutating func clientClosed(into actions: inout ExchangeActions) {
    guard !isFinished else { return }
    record.error = .clientClosed
    if upstream != .none { release(reusable: false, into: &actions) }
    finish(.abort, into: &actions)
  }

  /// The client takes nothing of its response.
  mutating func clientStalled(into actions: inout ExchangeActions) {
    guard !isFinished else { return }
    record.error = .clientStalled
    if upstream != .none { release(reusable: false, into: &actions) }
    cutShort(into: &actions)
  }

  /// The gateway is shutting down: this connection serves no further request.
  mutating func drain() { isDraining = true }

  /// Answers with an error of our own; only before a response has begun. `closes`: the rest of the request is not to
  /// be waited for.
  mutating func fail(_ error: GatewayError, closes: Bool = false, into actions: inout ExchangeActions) {
    let keepAlive = clientKeepsAlive && !isDraining && !closes && restIsWorthReading
    record.status = error.status
    record.error = error
    let answer = error.response(keepAlive: keepAlive, clientVersion: head.version)
    actions.append(.clientHead(answer.head))
    if head.method != .HEAD {
      record.responseBytes = answer.body.readableBytes
      actions.append(.clientBody(answer.body))
    }
    actions.append(.clientEnd)
    finish(keepAlive ? .keepAlive : .close, into: &actions)
  }

  /// Ends the request for the client's fault, whatever has been sent. `closes`: nothing more is expected of the client.
  mutating func giveUp(_ error: GatewayError, closes: Bool = true, into actions: inout ExchangeActions) {
    guard !isFinished else { return }
    if upstream != .none { release(reusable: false, into: &actions) }
    if response == .none { return fail(error, closes: closes, into: &actions) }
    record.error = error
    cutShort(into: &actions)
  }

  /// The endpoint was lost after its response began: the client must not take what it has for the whole.
  private mutating func lose(
    _ endpoint: EndpointID, _ failure: GatewayError, framing: MessageRewriter.ResponseFraming,
    into actions: inout ExchangeActions
  ) {
    let error = GatewayError.lostMidStream(endpoint, failure)
    record.error = error
    guard isEventStream, framing == .chunked || framing == .untilClose else { return cutShort(into: &actions) }
    if streamTail != (0x0A, 0x0A) { actions.append(.clientBody(ByteBuffer(string: "\n\n"))) }
    actions.append(.clientBody(error.event))
    actions.append(.clientEnd)
    finish(.close, into: &actions)
  }

  /// The endpoint answered what cannot be relayed. No other is asked: this one has done the work.
  private mutating func refuse(_ reason: String, into actions: inout ExchangeActions) {
    guard let plan else { return }
    release(reusable: false, into: &actions)
    fail(.invalidResponse(plan.candidates[candidate].id, reason), into: &actions)
  }

  /// The present candidate was not asked: the record ends with the one before it, if any was.
  private mutating func takeAttemptBack(_ plan: ForwardPlan) {
    record.attempts -= 1
    // It was asked over the stale connection.
    if retriedStale { return }
    record.endpoint = candidate > 0 ? plan.candidates[candidate - 1].id : nil
    if candidate > 0 { record.retries -= 1 }
  }

  private mutating func count(_ failure: GatewayError) {
    switch failure.kind {
    case .connectTimeout: connectTimeouts += 1
    case .noResponse: lostEndpoints += 1
    default: break
    }
  }

  /// Ends a response before its end, so that the client can tell.
  private mutating func cutShort(into actions: inout ExchangeActions) {
    var endsWithConnection = false
    if case .streaming(let framing) = response {
      endsWithConnection = !head.version.isHTTP11 && (framing == .chunked || framing == .untilClose)
    }
    finish(endsWithConnection ? .reset : .abort, into: &actions)
  }

  private mutating func release(reusable: Bool, into actions: inout ExchangeActions) {
    upstream = .none
    actions.append(.releaseUpstream(reusable: reusable))
  }

  private mutating func finish(_ ending: ExchangeAction.Ending, into actions: inout ExchangeActions) {
    response = .finished
    body.release()
    actions.append(.finish(ending))
  }

  /// Whether the request has ended, or what is left of its body is known, coming and little enough to wait for it.
  private var restIsWorthReading: Bool {
    if requestEnded { return true }
    guard case .bytes(let count) = bodyLength, !expectsContinue else { return false }
    return count - body.receivedBytes <= Self.maximumDiscardedBytes
  }

  /// An error event can be added to a stream of events only if that is not compressed.
  private static func isEventStream(_ head: HTTPResponseHead) -> Bool {
    guard head.headers.first(name: "content-type")?.lowercased().hasPrefix("text/event-stream") == true else {
      return false
    }
    return head.headers.first(name: "content-encoding").map { ASCIIText.isSame($0, "identity") } ?? true
  }

  /// Whether the client's connection can serve another request after a response framed like this.
  private func keepsClient(_ framing: MessageRewriter.ResponseFraming) -> Bool {
    let needsClose = !head.version.isHTTP11 && (framing == .chunked || framing == .untilClose)
    return clientKeepsAlive && !isDraining && !needsClose
  }

  private mutating func rememberTail(_ piece: ByteBuffer) {
    let count = piece.readableBytes
    guard count > 0, let last = piece.getInteger(at: piece.writerIndex - 1, as: UInt8.self) else { return }
    let beforeLast = count > 1 ? piece.getInteger(at: piece.writerIndex - 2, as: UInt8.self) : streamTail.1
    streamTail = (beforeLast ?? 0, last)
  }
}
