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
    #expect(driver.take() == [.dispatch(Self.first.id, fresh: false)])
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
    #expect(actions.first == .upstreamHead)
    let fields = driver.exchange.upstreamFields
    #expect(fields?.framing == .length(sent.readableBytes))
    #expect(fields?.model == "chat")
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
