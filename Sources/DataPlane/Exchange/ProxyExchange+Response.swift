import NIOCore
import Routing

// The way of the response: from an endpoint, or from ourselves, to the client.
extension ProxyExchange {
  /// An interim response of the endpoint. `100 Continue` is the gateway's own affair: it asked for none.
  mutating func interimResponse(_ head: ResponseHead, into actions: inout ExchangeActions) {
    guard case .connected = upstream, response == .none, !isFinished else { return }
    guard head.status != 100, self.head.version > .http1_0 else { return }
    actions.append(.clientInterim(head))
  }

  /// The head of the endpoint's response. From here on no other endpoint can be tried, unless the route asks for that.
  /// `hasBudget` takes one of the pool's retries, if one is left.
  mutating func responseHead(
    _ head: ResponseHead, _ framing: BodyFraming, hasBudget: () -> Bool = { true }, into actions: inout ExchangeActions
  ) {
    guard case .connected = upstream, response == .none, !isFinished else { return }
    if plan?.treatment?.retry?.codes.contains(head.status) == true {
      triedEndpoints += 1
      guard mayRepeat, hasBudget(), hasNextEndpoint() else { return relay(head, framing, into: &actions) }
      release(reusable: false, into: &actions)
      return repeatRequest(into: &actions)
    }
    relay(head, framing, into: &actions)
  }

  /// Hands the response to the client; first to the picker, where one is to see it.
  mutating func relay(_ head: ResponseHead, _ framing: BodyFraming, into actions: inout ExchangeActions) {
    if picking == .picked { return show(head, framing, into: &actions) }
    response = .streaming(framing)
    count(into: &actions)
    let content = Self.content(of: head)
    if framing == .chunked || framing == .untilClose, content == .events { events = EventBoundary() }
    let isInference = record.pool.map { $0.kind != .service } ?? false
    tellsUsage = isInference && content != .other && (200..<300).contains(head.status)
    record.isStreamed = content == .events
    record.status = head.status
    body.release()
    actions.append(.clientHead(Self.changed(head, by: plan?.treatment), framing))
  }

  /// The head as the client gets it.
  static func changed(_ head: ResponseHead, by treatment: RequestTreatment?) -> ResponseHead {
    guard let treatment, !treatment.responseChanges.isEmpty else { return head }
    var changed = head
    for change in treatment.responseChanges { changed.block.apply(change) }
    return changed
  }

  /// Bytes of the endpoint's response, so many of them data.
  mutating func responseBody(_ piece: ByteBuffer, data: Int? = nil, into actions: inout ExchangeActions) {
    if case .tunnel = response { return tunnel(fromEndpoint: piece, into: &actions) }
    guard case .streaming = response else { return }
    record.responseBytes += data ?? piece.readableBytes
    guard events != nil else { return actions.append(.clientBody(piece)) }
    if let whole = events?.take(piece) { actions.append(.clientBody(whole)) }
  }

  /// The fields behind the endpoint's body.
  mutating func responseTrailer(_ fields: FieldBlock, into actions: inout ExchangeActions) {
    guard case .streaming = response else { return }
    actions.append(.clientTrailer(fields))
  }

  /// The endpoint's response is complete, or its side of a tunnel.
  mutating func responseEnd(into actions: inout ExchangeActions) {
    if case .tunnel = response { return tunnelEndedByEndpoint(into: &actions) }
    guard case .streaming = response else { return }
    if let rest = events?.finish() { actions.append(.clientBody(rest)) }
    release(reusable: sentEnd, into: &actions)
    actions.append(.clientEnd)
    finish(.complete(ends: false), into: &actions)
  }

  /// No connection came about, or it ended before the response did. `hasBudget` takes one of the pool's retries, if one is left.
  mutating func upstreamFailed(
    _ failure: GatewayError, hasBudget: () -> Bool = { true }, into actions: inout ExchangeActions
  ) {
    guard !isFinished, upstream.isDispatched, let plan else { return }
    let attempt = upstream
    let endpoint = plan.candidates.current.state.id
    release(reusable: false, into: &actions)
    if isAnswering { return lose(endpoint, failure, into: &actions) }
    if failure.kind == .invalidResponse {
      // No other is asked: this one has done the work.
      return fail(.invalidResponse(endpoint, failure.message), into: &actions)
    }
    let isStale = attempt == .connected(reused: true) || failure.kind == .requestRefused
    if isStale && !retriedStale && !body.isReleased {
      // The endpoint may have closed a resting connection just as we took it, or ends one that others use: that says nothing
      // about the endpoint.
      retriedStale = true
      return dispatch(fresh: true, into: &actions)
    }
    // Our own want says nothing about the endpoint, and the client's connection is one that others wait for.
    if failure.source == .internal {
      takeAttemptBack(plan, attempt)
      return fail(failure, ends: true, into: &actions)
    }
    actions.append(.endpointFailed(endpoint))
    triedEndpoints += 1
    if maySendAgain(after: failure, of: attempt), hasBudget(), hasNextEndpoint() {
      return repeatRequest(into: &actions)
    }
    fail(
      .noEndpointAnswered(pool: plan.pool, tried: triedEndpoints, last: endpoint, failure: failure), into: &actions)
  }

  /// The endpoint has shown that it has the request: a connection that had rested was none that it had left.
  mutating func endpointIsThere() {
    if upstream == .connected(reused: true) { upstream = .connected(reused: false) }
  }

  /// The endpoint took, or sent, nothing for as long as it may.
  mutating func upstreamTimedOut(_ wait: UpstreamWait, into actions: inout ExchangeActions) {
    guard !isFinished, case .connected = upstream, let plan else { return }
    let endpoint = plan.candidates.current.state.id
    release(reusable: false, into: &actions)
    if isAnswering {
      if wait == .tunnelBytes { return tunnelRested(into: &actions) }
      return end(
        with: wait == .upload ? .uploadStalled(endpoint) : .lostMidStream(endpoint, .responseStalled), into: &actions)
    }
    actions.append(.endpointFailed(endpoint))
    // It has the request, or some of it, and may still be at work on it: no other is asked.
    fail(wait == .upload ? .uploadStalled(endpoint) : .responseTimeout(endpoint), into: &actions)
  }

  /// The attempt has taken as long as the route lets one take.
  mutating func attemptTimedOut(hasBudget: () -> Bool = { true }, into actions: inout ExchangeActions) {
    guard !isFinished, upstream.isDispatched, let plan else { return }
    let endpoint = plan.candidates.current.state.id
    release(reusable: false, into: &actions)
    if isAnswering { return end(with: .attemptTimeout(endpoint), into: &actions) }
    // To the client the status would be this one.
    let isRepeated = plan.treatment?.retry?.codes.contains(GatewayError.attemptTimeout(endpoint).status) == true
    triedEndpoints += 1
    // A response that its picker looks at has come.
    if isRepeated, picking != .response, mayRepeat, hasBudget(), hasNextEndpoint() {
      return repeatRequest(into: &actions)
    }
    fail(.attemptTimeout(endpoint), into: &actions)
  }

  /// The request has taken as long as a request may.
  mutating func deadlineExceeded(into actions: inout ExchangeActions) {
    guard !isFinished else { return }
    leaveUpstream(into: &actions)
    if isAnswering { return end(with: .deadlineExceeded, into: &actions) }
    let limit = plan?.treatment?.timeouts.request ?? waiting?.requestTimeout
    let error = limit == nil ? GatewayError.deadlineExceeded : .routeDeadlineExceeded
    fail(error, ends: !requestEnded, into: &actions)
  }

  /// The client takes more bytes, or none for now.
  mutating func clientWritability(_ isWritable: Bool, into actions: inout ExchangeActions) {
    clientWritable = isWritable
  }

  /// The client's connection is gone.
  mutating func clientClosed(into actions: inout ExchangeActions) {
    guard !isFinished else { return }
    record.error = .clientClosed
    leaveUpstream(into: &actions)
    finish(.truncated, into: &actions)
  }

  /// The client takes nothing of its response.
  mutating func clientStalled(into actions: inout ExchangeActions) {
    guard !isFinished else { return }
    record.error = .clientStalled
    leaveUpstream(into: &actions)
    finish(.truncated, into: &actions)
  }

  /// Answers as the request's rule asks.
  mutating func respond(_ answer: LocalResponse, into actions: inout ExchangeActions) {
    record.status = answer.status
    let head = ResponseHead(status: answer.status, fields: answer.fields.map { ($0.name, $0.value) })
    // A status without a body must not be told with a length (RFC 9110, section 8.6).
    actions.append(.clientHead(head, answer.status == 204 ? .none : .length(answer.body.count)))
    if !answer.body.isEmpty, !self.head.isMethod("HEAD") {
      record.responseBytes = answer.body.count
      actions.append(.clientBody(ByteBuffer(bytes: answer.body)))
    }
    actions.append(.clientEnd)
    finish(.complete(ends: false), into: &actions)
  }

  /// Answers with an error of our own; only before a response has begun. `ends`: nothing more is expected of the client.
  mutating func fail(_ error: GatewayError, ends: Bool = false, into actions: inout ExchangeActions) {
    record.status = passage.isConnection ? 0 : error.status
    record.error = error
    // A plan brings its rule's headers itself.
    let error = plan == nil ? waiting?.answered(error, to: head) ?? error : error
    actions.append(.clientAnswer(plan?.treatment.map { error.with($0.answerFields) } ?? error, ends: ends))
    finish(.complete(ends: ends), into: &actions)
  }

  /// Ends the request for the client's fault, whatever has been sent. `ends`: nothing more is expected of the client.
  mutating func giveUp(_ error: GatewayError, ends: Bool = false, into actions: inout ExchangeActions) {
    guard !isFinished else { return }
    leaveUpstream(into: &actions)
    if response == .none { return fail(error, ends: ends, into: &actions) }
    record.error = error
    finish(.truncated, into: &actions)
  }

  /// The endpoint was lost after its response began: the client must not take what it has for the whole.
  private mutating func lose(_ endpoint: EndpointID, _ failure: GatewayError, into actions: inout ExchangeActions) {
    end(with: .lostMidStream(endpoint, failure), into: &actions)
  }

  /// Ends a response that has begun, by an error event where it is a stream of events between two of them, else cut short.
  mutating func end(with error: GatewayError, into actions: inout ExchangeActions) {
    record.error = error
    guard let events, !events.isInside else { return finish(.truncated, into: &actions) }
    actions.append(.clientBody(error.event(ErrorShape(head))))
    actions.append(.clientEnd)
    finish(.complete(ends: true), into: &actions)
  }

  /// The present candidate was not asked: the record ends with the one before it, if any was.
  private mutating func takeAttemptBack(_ plan: ForwardPlan, _ attempt: Upstream) {
    record.attempts -= 1
    // It was asked over the stale connection.
    if attempt == .connecting(fresh: true) { return }
    record.endpoint = plan.candidates.previous?.state.id
    if triedEndpoints > 0 { record.retries -= 1 }
  }

  /// Lets go of the endpoint, if one was turned to.
  mutating func leaveUpstream(into actions: inout ExchangeActions) {
    if upstream.isDispatched { release(reusable: false, into: &actions) }
    upstream = .none
  }

  mutating func release(reusable: Bool, into actions: inout ExchangeActions) {
    upstream = .none
    isCounted = false
    actions.append(.releaseUpstream(reusable: reusable))
  }

  mutating func finish(_ ending: ExchangeAction.Ending, into actions: inout ExchangeActions) {
    response = .finished
    record.requestBytes += body.receivedBytes
    body.release()
    actions.append(.finish(ending))
  }

  private enum Content { case events, json, other }

  /// What can be read or added in a body: in neither case may it be compressed.
  private static func content(of head: ResponseHead) -> Content {
    guard let type = head.block.first(.contentType),
      !head.block.contains(.contentEncoding) || head.block.value(of: .contentEncoding, is: "identity")
    else { return .other }
    return head.block.withBytes(type.value) { bytes in
      if ASCIIBytes.hasPrefix(bytes, "text/event-stream") { return .events }
      return ASCIIBytes.hasPrefix(bytes, "application/json") ? .json : .other
    }
  }
}
