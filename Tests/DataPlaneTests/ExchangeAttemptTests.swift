import NIOCore
import Routing
import Testing

@testable import DataPlane

/// Which endpoints a request is sent to, how often, and what counts as in flight.
@Suite struct ExchangeAttemptTests {
  typealias Driver = ExchangeTests.Driver

  @Test func triesTheNextCandidateWithTheWholeBody() {
    var driver = Driver.dispatched()
    driver.exchange.upstreamFailed(GatewayError(.connectFailed, "refused"), into: &driver.actions)
    #expect(
      driver.take() == [
        .releaseUpstream(reusable: false), .endpointFailed(ExchangeTests.first.id),
        .dispatch(ExchangeTests.second.id, fresh: false),
      ])
    driver.connected()
    #expect(Array(driver.take().dropFirst()) == [upstreamBody(#"{"model":"chat"}"#), .upstreamEnd])
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "reset"), into: &driver.actions)
    #expect(status(driver.take()) == 502)
  }

  @Test(arguments: [("POST", false), ("PATCH", false), ("GET", true), ("HEAD", true), ("PUT", true), ("DELETE", true)])
  func whatAnEndpointHasSeenIsSentAgainOnlyIfItMayBeSeenTwice(_ method: String, _ isSentAgain: Bool) {
    var driver = Driver.dispatched(method: method)
    driver.exchange.decided(ExchangeTests.plan(), into: &driver.actions)
    driver.connected()
    _ = driver.take()
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "reset"), into: &driver.actions)
    let actions = driver.take()
    #expect(actions.contains(.dispatch(ExchangeTests.second.id, fresh: false)) == isSentAgain)
    #expect(status(actions) == (isSentAgain ? nil : 502))
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
      driver.exchange.decided(ExchangeTests.plan(), into: &driver.actions)
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
    #expect(record.endpoint == (before == .nothing ? nil : ExchangeTests.first.id))
  }

  @Test func aStaleConnectionIsReplacedOnceOnTheSameEndpoint() {
    var driver = Driver.dispatched()
    driver.connected(reused: true)
    _ = driver.take()
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "closed"), into: &driver.actions)
    #expect(driver.take() == [.releaseUpstream(reusable: false), .dispatch(ExchangeTests.first.id, fresh: true)])
    #expect(driver.exchange.record.attempts == 2 && driver.exchange.record.retries == 0)
    driver.connected()
    _ = driver.take()
    driver.exchange.upstreamFailed(GatewayError(.connectFailed, "refused"), into: &driver.actions)
    #expect(driver.take().last == .finish(.complete(ends: false)))
    #expect(driver.exchange.record.attempts == 2 && driver.exchange.record.retries == 0)
  }

  @Test func anEndpointThatResetsAStreamOfARestedConnectionHasHadTheRequest() {
    var driver = Driver.dispatched()
    driver.connected(reused: true)
    _ = driver.take()
    driver.exchange.endpointIsThere()
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "it reset the request"), into: &driver.actions)
    #expect(status(driver.take()) == 502)
    #expect(driver.exchange.record.attempts == 1)
  }

  @Test func onceARequestAStaleConnectionIsReplaced() {
    var driver = Driver.dispatched()
    driver.connected(reused: true)
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "closed"), into: &driver.actions)
    driver.exchange.upstreamFailed(GatewayError(.connectFailed, "refused"), into: &driver.actions)
    #expect(driver.take().last == .dispatch(ExchangeTests.second.id, fresh: false))
    driver.connected(reused: true)
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "closed"), into: &driver.actions)
    #expect(status(driver.take()) == 502)
  }

  @Test func endpointsThatDoNotAnswerAtAllAreWaitedForThreeTimes() {
    var driver = Driver(#"{"model":"chat"}"#)
    driver.send(#"{"model":"chat"}"#)
    driver.end()
    driver.exchange.decided(ExchangeTests.plan(Array(repeating: ExchangeTests.first, count: 10)), into: &driver.actions)
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
}
