import NIOCore
import NIOHTTP1
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
    #expect(driver.take() == [.decide(driver.exchange.head, model: "chat")])
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
    guard case .upstreamHead(let head) = actions[0] else { return #expect(Bool(false), "no head") }
    #expect(head.headers["content-length"] == [String(sent.readableBytes)])
    #expect(head.headers["x-gateway-model-name"] == ["chat"])
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

  @Test func allRefusedIs503() {
    var driver = Driver.dispatched()
    driver.exchange.upstreamFailed(GatewayError(.connectFailed, "refused"), into: &driver.actions)
    driver.exchange.upstreamFailed(GatewayError(.connectFailed, "refused"), into: &driver.actions)
    let actions = driver.take()
    #expect(status(actions) == 503)
    #expect(actions.last == .finish(.keepAlive))
  }

  @Test func aGatewayWithoutRoomBlamesNoEndpointAndLetsTheClientGo() {
    var driver = Driver.dispatched()
    driver.exchange.upstreamFailed(
      ConnectReason.failure(IOError(errnoCode: 24, reason: "socket")), into: &driver.actions)
    let actions = driver.take()
    #expect(status(actions) == 503)
    #expect(actions.first == .releaseUpstream(reusable: false) && actions.last == .finish(.close))
    #expect(!actions.contains(.endpointFailed(Self.first.id)))
    #expect(driver.exchange.record.error == .overloaded)
    guard case .clientHead(let head) = actions[1] else { return #expect(Bool(false), "no head") }
    #expect(head.headers["retry-after"] == ["1"])
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
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "closed"), into: &driver.actions)
    #expect(
      driver.take() == [
        .releaseUpstream(reusable: false), .endpointFailed(Self.first.id), .dispatch(Self.second, fresh: false),
      ])
    #expect(driver.exchange.record.attempts == 3 && driver.exchange.record.retries == 1)
  }

  @Test func aWholeResponseGivesTheConnectionBack() {
    var driver = Driver.dispatched()
    driver.connected()
    _ = driver.take()
    driver.respond(["content-length": "2", "connection": "keep-alive"])
    driver.exchange.responseBody(ByteBuffer(string: "{}"), into: &driver.actions)
    driver.exchange.responseEnd(into: &driver.actions)
    let actions = driver.take()
    let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "2"])
    #expect(
      actions == [
        .clientHead(head), .clientBody(ByteBuffer(string: "{}")), .releaseUpstream(reusable: true), .clientEnd,
        .finish(.keepAlive),
      ])
  }

  @Test func aLostStreamOfEventsEndsWithAnErrorEvent() {
    var driver = Driver.dispatched()
    driver.connected()
    driver.respond(["content-type": "text/event-stream", "transfer-encoding": "chunked"])
    driver.exchange.responseBody(ByteBuffer(string: "data: {}"), into: &driver.actions)
    _ = driver.take()
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "reset"), into: &driver.actions)
    let actions = driver.take()
    #expect(actions.first == .releaseUpstream(reusable: false))
    #expect(actions[1] == .clientBody(ByteBuffer(string: "\n\n")))
    guard case .clientBody(let event) = actions[2] else { return #expect(Bool(false), "no event") }
    #expect(String(buffer: event).hasPrefix(#"data: {"error":{"message":"The model server at 10.0.0.1:8000 was lost"#))
    #expect(actions.suffix(2) == [.clientEnd, .finish(.close)])
    #expect(driver.exchange.record.error?.kind == .endpointLost)
  }

  @Test func aLostResponseIsCutShort() {
    var driver = Driver.dispatched()
    driver.connected()
    driver.respond(["content-length": "10"])
    _ = driver.take()
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "reset"), into: &driver.actions)
    #expect(driver.take() == [.releaseUpstream(reusable: false), .finish(.abort)])
  }

  @Test func aClientThatKnowsOnlyTheConnectionsEndIsReset() {
    for (headers, ending) in [
      (["transfer-encoding": "chunked"], .reset), ([:], .reset), (["content-length": "9"], .abort),
    ] as [(HTTPHeaders, ExchangeAction.Ending)] {
      var driver = Driver.dispatched(version: .http1_0)
      driver.connected()
      driver.respond(headers)
      _ = driver.take()
      driver.exchange.upstreamFailed(GatewayError(.noResponse, "reset"), into: &driver.actions)
      #expect(driver.take() == [.releaseUpstream(reusable: false), .finish(ending)])
    }
  }

  @Test func nothingIsAddedToACompressedStream() {
    var driver = Driver.dispatched()
    driver.connected()
    driver.respond(["content-type": "text/event-stream", "content-encoding": "gzip", "transfer-encoding": "chunked"])
    _ = driver.take()
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "reset"), into: &driver.actions)
    #expect(driver.take() == [.releaseUpstream(reusable: false), .finish(.abort)])
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
      #expect(driver.exchange.record.modelLabel == (declared ? "chat" : ""))
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
    #expect(driver.take() == [.releaseUpstream(reusable: false), .finish(.abort)])
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
