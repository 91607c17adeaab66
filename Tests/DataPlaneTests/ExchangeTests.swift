import NIOCore
import Routing
import Testing

@testable import DataPlane

/// One request as a state machine: events in, actions out.
@Suite struct ExchangeTests {
  @Test func routesAsSoonAsTheModelIsKnown() {
    var driver = Driver(#"{"model":"chat","prompt":"hello"}"#)
    driver.send(#"{"model":"ch"#)
    #expect(driver.take() == [])
    driver.send(#"at","prom"#)
    #expect(driver.take() == [.decide(BodyFacts(model: "chat", modelRange: 9..<15))])
    driver.exchange.decided(Self.plan(), into: &driver.actions)
    #expect(driver.take() == [.dispatch(Self.first, fresh: false)])
    #expect(!driver.exchange.readsClient)
    driver.connected()
    let actions = driver.take()
    #expect(Array(actions.dropFirst()) == [upstreamBody(#"{"model":"chat","prom"#)])
    driver.send(#"pt":"hello"}"#)
    driver.end()
    #expect(driver.take() == [upstreamBody(#"pt":"hello"}"#), .upstreamEnd])
  }

  @Test func rewritesTheModelAndItsLength() {
    let text = #"{"model":"chat","prompt":"hello"}"#
    var driver = Driver.dispatched(text, rewrite: "chat-version-2")
    driver.connected()
    let actions = driver.take()
    var sent = ByteBuffer()
    for case .upstreamBody(var piece) in actions { sent.writeBuffer(&piece) }
    #expect(String(buffer: sent) == #"{"model":"chat-version-2","prompt":"hello"}"#)
    guard case .upstreamHead(let fields) = actions[0] else { return #expect(Bool(false), "no head") }
    #expect(fields.framing == .length(sent.readableBytes))
    #expect(fields.model == "chat")
  }

  @Test func triesTheNextCandidateWithTheWholeBody() {
    var driver = Driver.dispatched()
    driver.exchange.upstreamFailed(GatewayError(.connectFailed, "refused"), into: &driver.actions)
    #expect(
      driver.take() == [
        .releaseUpstream(reusable: false), .endpointFailed(Self.first.id), .dispatch(Self.second, fresh: false),
      ])
    driver.connected()
    #expect(Array(driver.take().dropFirst()) == [upstreamBody(#"{"model":"chat"}"#), .upstreamEnd])
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "reset"), into: &driver.actions)
    #expect(status(driver.take()) == 502)
  }

  @Test(arguments: [("POST", false), ("PATCH", false), ("GET", true), ("HEAD", true), ("PUT", true), ("DELETE", true)])
  func whatAnEndpointHasSeenIsSentAgainOnlyIfItMayBeSeenTwice(_ method: String, _ isSentAgain: Bool) {
    var driver = Driver.dispatched(method: method)
    driver.exchange.decided(Self.plan(), into: &driver.actions)
    driver.connected()
    _ = driver.take()
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "reset"), into: &driver.actions)
    let actions = driver.take()
    #expect(actions.contains(.dispatch(Self.second, fresh: false)) == isSentAgain)
    #expect(status(actions) == (isSentAgain ? nil : 502))
  }

  @Test func anEndpointThatDoesNotAnswerInTimeIsGivenUpWithoutAnother() {
    var driver = Driver.dispatched()
    driver.connected()
    _ = driver.take()
    #expect(driver.exchange.upstreamWait == .firstByte)
    driver.exchange.upstreamTimedOut(.firstByte, into: &driver.actions)
    let actions = driver.take()
    #expect(status(actions) == 504 && driver.exchange.record.error?.kind == .responseTimeout)
    #expect(actions.prefix(2) == [.releaseUpstream(reusable: false), .endpointFailed(Self.first.id)])
  }

  @Test func aStreamThatPausesTooLongEndsWithAnErrorEvent() {
    var driver = Driver.dispatched()
    driver.connected()
    driver.respond(["content-type": "text/event-stream", "transfer-encoding": "chunked"])
    #expect(driver.exchange.upstreamWait == .nextBytes)
    driver.exchange.clientWritability(false, into: &driver.actions)
    #expect(driver.exchange.upstreamWait == nil, "it waits for the client, not for the endpoint")
    driver.exchange.clientWritability(true, into: &driver.actions)
    _ = driver.take()
    driver.exchange.upstreamTimedOut(.nextBytes, into: &driver.actions)
    #expect(driver.take().last == .finish(.complete(ends: true)))
    #expect(driver.exchange.record.error?.kind == .responseStalled)
  }

  @Test func anUploadIsInFlightOnceItIsWholeOrBeingAnswered() {
    var whole = Driver.dispatched()
    #expect(whole.counts == 1)
    whole.connected()
    whole.respond(["content-length": "2"])
    _ = whole.take()
    #expect(whole.counts == 1)
    for isAnswered in [false, true] {
      var driver = Driver(#"{"model":"chat","prompt":"hello"}"#)
      driver.send(#"{"model":"chat","#)
      driver.exchange.decided(Self.plan(), into: &driver.actions)
      driver.connected()
      _ = driver.take()
      #expect(driver.counts == 0)
      if isAnswered { driver.respond(["content-length": "2"]) }
      driver.send(#""prompt":"hello"}"#)
      driver.end()
      _ = driver.take()
      #expect(driver.counts == 1)
    }
  }

  @Test func eachEndpointThatIsTurnedToCountsTheRequest() {
    var driver = Driver.dispatched()
    driver.exchange.upstreamFailed(GatewayError(.connectFailed, "refused"), into: &driver.actions)
    _ = driver.take()
    #expect(driver.counts == 2)
  }

  @Test func aPoolWithoutRetriesLeftIsNotAskedAgain() {
    var driver = Driver.dispatched()
    driver.exchange.upstreamFailed(
      GatewayError(.connectFailed, "refused"), hasBudget: { false }, into: &driver.actions)
    #expect(status(driver.take()) == 503)
  }

  @Test func aRequestThatTakesTooLongAsAWholeEndsWhereverItIs() {
    var waiting = Driver.dispatched()
    waiting.exchange.deadlineExceeded(into: &waiting.actions)
    let actions = waiting.take()
    #expect(actions.first == .releaseUpstream(reusable: false) && status(actions) == 504)
    #expect(waiting.exchange.record.error?.kind == .deadlineExceeded)
    var streaming = Driver.dispatched()
    streaming.connected()
    streaming.respond(["content-length": "10"])
    _ = streaming.take()
    streaming.exchange.deadlineExceeded(into: &streaming.actions)
    #expect(streaming.take() == [.releaseUpstream(reusable: false), .finish(.truncated)])
  }

  @Test func allRefusedIs503() {
    var driver = Driver.dispatched()
    driver.exchange.upstreamFailed(GatewayError(.connectFailed, "refused"), into: &driver.actions)
    driver.exchange.upstreamFailed(GatewayError(.connectFailed, "refused"), into: &driver.actions)
    let actions = driver.take()
    #expect(status(actions) == 503)
    #expect(actions.last == .finish(.complete(ends: false)))
  }

  @Test func aGatewayWithoutRoomBlamesNoEndpointAndLetsTheClientGo() {
    var driver = Driver.dispatched()
    driver.exchange.upstreamFailed(
      ConnectReason.failure(IOError(errnoCode: 24, reason: "socket")), into: &driver.actions)
    let actions = driver.take()
    #expect(status(actions) == 503)
    #expect(
      actions == [
        .releaseUpstream(reusable: false), .clientAnswer(.overloaded, ends: true), .finish(.complete(ends: true)),
      ])
    #expect(driver.exchange.record.error == .overloaded)
  }

  /// What happens on the way before no descriptor is left, and what the record then says.
  enum BeforeNoRoom: CaseIterable {
    case nothing, refused, stale
  }

  @Test(arguments: BeforeNoRoom.allCases)
  func anEndpointForWhichThereIsNoRoomWasNotAsked(_ before: BeforeNoRoom) {
    var driver = Driver.dispatched()
    switch before {
    case .nothing: break
    case .refused: driver.exchange.upstreamFailed(GatewayError(.connectFailed, "refused"), into: &driver.actions)
    case .stale:
      driver.connected(reused: true)
      driver.exchange.upstreamFailed(GatewayError(.noResponse, "closed"), into: &driver.actions)
    }
    driver.exchange.upstreamFailed(.overloaded, into: &driver.actions)
    let record = driver.exchange.record
    #expect(record.status == 503 && record.error == .overloaded && record.retries == 0)
    #expect(record.attempts == (before == .nothing ? 0 : 1))
    #expect(record.endpoint == (before == .nothing ? nil : Self.first.id))
  }

  @Test func aStaleConnectionIsReplacedOnceOnTheSameEndpoint() {
    var driver = Driver.dispatched()
    driver.connected(reused: true)
    _ = driver.take()
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "closed"), into: &driver.actions)
    #expect(driver.take() == [.releaseUpstream(reusable: false), .dispatch(Self.first, fresh: true)])
    #expect(driver.exchange.record.attempts == 2 && driver.exchange.record.retries == 0)
    driver.connected()
    _ = driver.take()
    driver.exchange.upstreamFailed(GatewayError(.connectFailed, "refused"), into: &driver.actions)
    #expect(driver.take().last == .finish(.complete(ends: false)))
    #expect(driver.exchange.record.attempts == 2 && driver.exchange.record.retries == 0)
  }

  @Test func onceARequestAStaleConnectionIsReplaced() {
    var driver = Driver.dispatched()
    driver.connected(reused: true)
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "closed"), into: &driver.actions)
    driver.exchange.upstreamFailed(GatewayError(.connectFailed, "refused"), into: &driver.actions)
    #expect(driver.take().last == .dispatch(Self.second, fresh: false))
    driver.connected(reused: true)
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "closed"), into: &driver.actions)
    #expect(status(driver.take()) == 502)
  }

  @Test func aWholeResponseGivesTheConnectionBack() {
    var driver = Driver.dispatched()
    driver.connected()
    _ = driver.take()
    driver.respond(["content-length": "2"])
    driver.exchange.responseBody(ByteBuffer(string: "{}"), into: &driver.actions)
    driver.exchange.responseEnd(into: &driver.actions)
    let actions = driver.take()
    #expect(
      Array(actions.dropFirst()) == [
        .clientBody(ByteBuffer(string: "{}")), .releaseUpstream(reusable: true), .clientEnd,
        .finish(.complete(ends: false)),
      ])
  }

  @Test func aLostStreamOfEventsEndsWithAnErrorEvent() {
    var driver = Driver.dispatched()
    driver.connected()
    driver.respond(["content-type": "text/event-stream", "transfer-encoding": "chunked"])
    driver.exchange.responseBody(ByteBuffer(string: "data: {}\n\ndata: half"), into: &driver.actions)
    #expect(driver.take().last == .clientBody(ByteBuffer(string: "data: {}\n\n")))
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "reset"), into: &driver.actions)
    let actions = driver.take()
    #expect(actions.first == .releaseUpstream(reusable: false))
    guard case .clientBody(let event) = actions[1] else { return #expect(Bool(false), "no event") }
    #expect(String(buffer: event).hasPrefix(#"data: {"error":{"message":"The model server at 10.0.0.1:8000 was lost"#))
    #expect(actions.suffix(2) == [.clientEnd, .finish(.complete(ends: true))])
    #expect(driver.exchange.record.error?.kind == .endpointLost)
  }

  @Test func aLostResponseIsCutShort() {
    var driver = Driver.dispatched()
    driver.connected()
    driver.respond(["content-length": "10"])
    _ = driver.take()
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "reset"), into: &driver.actions)
    #expect(driver.take() == [.releaseUpstream(reusable: false), .finish(.truncated)])
  }

  @Test func nothingIsAddedToACompressedStream() {
    var driver = Driver.dispatched()
    driver.connected()
    driver.respond(["content-type": "text/event-stream", "content-encoding": "gzip", "transfer-encoding": "chunked"])
    _ = driver.take()
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "reset"), into: &driver.actions)
    #expect(driver.take() == [.releaseUpstream(reusable: false), .finish(.truncated)])
  }

  @Test func endpointsThatDoNotAnswerAtAllAreWaitedForThreeTimes() {
    var driver = Driver(#"{"model":"chat"}"#)
    driver.send(#"{"model":"chat"}"#)
    driver.end()
    driver.exchange.decided(Self.plan(Array(repeating: Self.first, count: 10)), into: &driver.actions)
    for _ in 0..<3 {
      #expect(status(driver.take()) == nil)
      driver.exchange.upstreamFailed(
        GatewayError(.connectTimeout, "no connection within 1000 ms"), into: &driver.actions)
    }
    #expect(status(driver.take()) == 503)
    #expect(driver.exchange.record.attempts == 3 && driver.exchange.record.retries == 2)
  }

  @Test func aConnectionThatTookTooLongIsToldFromOneRefused() {
    let late = ConnectReason.failure(ChannelError.connectTimeout(.seconds(1)))
    #expect(late == GatewayError(.connectTimeout, "no connection within 1000 ms"))
    #expect(ConnectReason.failure(IOError(errnoCode: 111, reason: "connect")).kind == .connectFailed)
  }

  @Test func theModelIsALabelOnlyWhereItIsDeclared() {
    for declared in [true, false] {
      var driver = Driver(#"{"model":"chat"}"#)
      driver.send(#"{"model":"chat"}"#)
      driver.exchange.decided(Self.plan(declared: declared), into: &driver.actions)
      #expect(driver.exchange.record.subject.model == (declared ? "chat" : nil))
      #expect(driver.exchange.record.model == "chat")
    }
  }

  @Test func theRecordOfARejectedRequestSaysWhomItConcerned() {
    let subject = RequestSubject(
      pool: PoolID(.inferencePool, ObjectName(namespace: "default", name: "gemma3")), model: "chat")
    var driver = Driver(#"{"model":"chat"}"#)
    driver.send(#"{"model":"chat"}"#)
    driver.exchange.decided(
      .reject(GatewayError(.saturated, "busy").about(subject)), into: &driver.actions)
    #expect(driver.exchange.record.subject == subject)
    #expect(driver.exchange.record.error?.kind == .saturated)
  }

  @Test func aGoneClientFreesTheEndpointOnce() {
    var driver = Driver.dispatched()
    driver.connected()
    _ = driver.take()
    driver.exchange.clientClosed(into: &driver.actions)
    #expect(driver.take() == [.releaseUpstream(reusable: false), .finish(.truncated)])
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "late"), into: &driver.actions)
    driver.exchange.clientClosed(into: &driver.actions)
    #expect(driver.take() == [])
  }

  @Test func backPressureBothWays() {
    var driver = Driver(#"{"model":"chat","prompt":"…"}"#)
    driver.send(#"{"model":"chat""#)
    driver.exchange.decided(Self.plan(), into: &driver.actions)
    driver.connected()
    #expect(driver.exchange.readsClient)
    driver.exchange.upstreamWritability(false, into: &driver.actions)
    #expect(!driver.exchange.readsClient)
    #expect(!driver.exchange.awaitsBody)
    driver.exchange.clientWritability(false, into: &driver.actions)
    #expect(!driver.exchange.readsUpstream)
  }
}
