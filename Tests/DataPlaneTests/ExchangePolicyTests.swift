import NIOCore
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// What a route's policy changes about a request's way.
@Suite struct ExchangePolicyTests {
  private typealias Driver = ExchangeTests.Driver
  private static let refused = GatewayError(.connectFailed, "refused")

  private func driver(
    _ retry: RetryPolicy? = nil, timeouts: RuleTimeouts = RuleTimeouts(),
    candidates: [Endpoint] = [ExchangeTests.first, ExchangeTests.second]
  ) -> Driver {
    var driver = Driver.dispatched(
      candidates: candidates, treatment: RequestTreatment(timeouts: timeouts, retry: retry))
    driver.connected()
    _ = driver.take()
    return driver
  }

  @Test func aStatusThatTheRouteNamesIsAskedForAgain() {
    var driver = driver(RetryPolicy(codes: [503], attempts: 1))
    driver.respond(["content-length": "2"], status: 503)
    #expect(
      driver.take() == [.releaseUpstream(reusable: false), .dispatch(ExchangeTests.second.id, fresh: false)])
    driver.connected()
    driver.respond(["content-length": "2"], status: 503)
    // No further one is allowed: the client gets what there is.
    #expect(status(driver.take()) == 503)
    #expect(driver.exchange.record.retries == 1)
  }

  @Test func aStatusIsNotAskedForAgainWithoutBudgetOrWhereTheRouteDoesNotNameIt() {
    var poor = driver(RetryPolicy(codes: [503], attempts: 3))
    poor.respond(["content-length": "2"], status: 503, hasBudget: false)
    #expect(status(poor.take()) == 503)
    var other = driver(RetryPolicy(codes: [500], attempts: 3))
    other.respond(["content-length": "2"], status: 503)
    #expect(status(other.take()) == 503)
  }

  @Test func aRouteMayHaveAPostSentTwiceAndToTheOnlyEndpoint() {
    var driver = driver(RetryPolicy(attempts: 2), candidates: [ExchangeTests.first])
    for _ in 0..<2 {
      driver.exchange.upstreamFailed(GatewayError(.noResponse, "reset"), into: &driver.actions)
      #expect(driver.take().last == .dispatch(ExchangeTests.first.id, fresh: false))
      driver.connected()
      _ = driver.take()
    }
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "reset"), into: &driver.actions)
    #expect(status(driver.take()) == 502)
  }

  @Test func aRouteMayForbidEveryRetry() {
    var driver = Driver.dispatched(treatment: RequestTreatment(retry: RetryPolicy(attempts: 0)))
    driver.exchange.upstreamFailed(Self.refused, into: &driver.actions)
    #expect(status(driver.take()) == 503)
  }

  @Test func aPauseComesBeforeTheNextAttempt() {
    var driver = driver(RetryPolicy(codes: [500], attempts: 2, backOff: 20_000_000))
    driver.respond(["content-length": "2"], status: 500)
    #expect(driver.take() == [.releaseUpstream(reusable: false), .backOff(20_000_000)])
    #expect(!driver.exchange.readsClient || driver.exchange.requestEnded)
    driver.exchange.backOffEnded(into: &driver.actions)
    #expect(driver.take() == [.dispatch(ExchangeTests.second.id, fresh: false)])
  }

  @Test func aClientThatLeavesDuringThePauseEndsTheRequest() {
    var driver = driver(RetryPolicy(codes: [500], attempts: 2, backOff: 20_000_000))
    driver.respond(["content-length": "2"], status: 500)
    _ = driver.take()
    driver.exchange.clientClosed(into: &driver.actions)
    #expect(driver.take() == [.finish(.truncated)])
    driver.exchange.backOffEnded(into: &driver.actions)
    #expect(driver.take().isEmpty)
  }

  @Test func anAttemptThatTakesTooLongIsAnsweredOrAskedForAgain() {
    var driver = driver(timeouts: RuleTimeouts(backendRequest: 5))
    driver.exchange.attemptTimedOut(into: &driver.actions)
    let actions = driver.take()
    #expect(actions.first == .releaseUpstream(reusable: false))
    #expect(status(actions) == 504)
    #expect(driver.exchange.record.error?.kind == .attemptTimeout)

    var retried = self.driver(RetryPolicy(codes: [504], attempts: 1), timeouts: RuleTimeouts(backendRequest: 5))
    retried.exchange.attemptTimedOut(into: &retried.actions)
    #expect(
      retried.take() == [
        .releaseUpstream(reusable: false), .dispatch(ExchangeTests.second.id, fresh: false), .limitAttempt(5),
      ])
  }

  @Test func aResponseThatTakesTooLongIsCutShort() {
    var driver = driver(RetryPolicy(codes: [504], attempts: 1), timeouts: RuleTimeouts(backendRequest: 5))
    driver.respond(["content-length": "200"])
    driver.exchange.responseBody(ByteBuffer(string: "part"), into: &driver.actions)
    _ = driver.take()
    driver.exchange.attemptTimedOut(into: &driver.actions)
    #expect(driver.take() == [.releaseUpstream(reusable: false), .finish(.truncated)])
  }

  @Test func theRoutesTimeForTheWholeRequestIsAskedForAndNamed() {
    var driver = Driver(#"{"model":"chat"}"#)
    driver.send(#"{"model":"chat"}"#)
    let treatment = RequestTreatment(timeouts: RuleTimeouts(request: 7))
    driver.exchange.decided(ExchangeTests.plan(treatment: treatment), into: &driver.actions)
    #expect(driver.take().contains(.limitRequest(7)))
    driver.exchange.deadlineExceeded(into: &driver.actions)
    #expect(driver.exchange.record.error?.message.contains("timeouts.request") == true)
  }

  @Test func headersOfTheResponseChangeAndThoseOfAnErrorToo() {
    let change = HeaderChange(set: [.init("x-served-by", "switchyard")], remove: ["server"])
    let treatment = RequestTreatment(responseChanges: [change], answerFields: change.set)
    var driver = Driver.dispatched(treatment: treatment)
    driver.connected()
    _ = driver.take()
    driver.respond(["server": "uvicorn", "content-length": "2"])
    guard case .clientHead(let head, _)? = driver.take().first else { return #expect(Bool(false), "no head") }
    #expect(head.block.text("server") == nil)
    #expect(head.block.text("x-served-by") == "switchyard")

    var failed = Driver.dispatched(candidates: [ExchangeTests.first], treatment: treatment)
    failed.exchange.upstreamFailed(Self.refused, into: &failed.actions)
    let error = failed.take().compactMap { action -> GatewayError? in
      if case .clientAnswer(let error, _) = action { error } else { nil }
    }
    #expect(error.first?.fields == change.set)
  }

  @Test(arguments: [
    (LocalResponse(status: 204), BodyFraming.none, 0),
    (LocalResponse(status: 302, fields: [.init("location", "/x")]), .length(0), 0),
    (LocalResponse(status: 200, body: Array("{}".utf8)), .length(2), 2),
  ])
  func theGatewayAnswersItself(_ answer: LocalResponse, _ framing: BodyFraming, _ bytes: Int) {
    var driver = Driver("{}")
    driver.send("{}")
    driver.end()
    _ = driver.take()
    driver.exchange.decided(.respond(answer), into: &driver.actions)
    let actions = driver.take()
    guard case .clientHead(let head, framing)? = actions.first else { return #expect(Bool(false), "\(actions)") }
    #expect(head.status == answer.status)
    #expect(actions.last == .finish(.complete(ends: false)))
    #expect(driver.exchange.record.responseBytes == bytes)
    #expect(driver.exchange.record.error == nil)
  }
}
