import NIOCore
import Routing
import Testing

@testable import DataPlane

/// Requests whose pool names a picker of its own.
@Suite struct ExchangePickingTests {
  static let picker = ExternalPicker(
    service: ObjectName(namespace: "default", name: "epp"), port: 9002,
    endpoints: [EndpointID(address: "10.0.1.1", port: 9002)])
  private static let first = ExchangeTests.first.id
  private static let second = ExchangeTests.second.id

  /// A request that has come whole, and that its picker is asked about.
  private func asked(
    _ body: String = #"{"model":"chat"}"#, mode: ExternalPicker.FailureMode = .close, fallback: WaitingRequest? = nil
  ) -> ExchangeTests.Driver {
    var picker = Self.picker
    picker.failureMode = mode
    var driver = ExchangeTests.Driver(body)
    driver.send(body)
    let plan = ExchangeTests.plan(picker: .external(picker), fallback: fallback)
    driver.exchange.decided(plan, into: &driver.actions)
    driver.end()
    #expect(driver.take() == [.decide(BodyFacts(model: "chat", modelRange: 9..<15)), .ask(picker)])
    #expect(driver.exchange.awaitsPicker)
    return driver
  }

  /// One that is with the endpoints that the picker has listed.
  private func connected(_ endpoints: [EndpointID] = [second, first], body: [[UInt8]]? = nil) -> ExchangeTests.Driver {
    var driver = asked()
    let picked = PickedRequest(endpoints: endpoints, head: HeadMutation([.set("x-by", "epp")]), body: body)
    driver.exchange.picked(picked, now: 0, into: &driver.actions)
    driver.connected()
    return driver
  }

  @Test func itGoesWhereThePickerSaysWithWhatItHasChanged() {
    var driver = connected()
    #expect(
      driver.take() == [
        .dispatch(Self.second, fresh: false), .upstreamHead, upstreamBody(#"{"model":"chat"}"#), .upstreamEnd,
      ])
    #expect(driver.exchange.outgoingHead.block.text("x-by") == "epp")
    #expect(driver.exchange.head.block.text("x-by") == nil, "the client's own head stays what it was")
  }

  @Test func aBodyInPlaceOfTheClientsHasItsOwnLength() {
    var driver = connected(body: [Array("ab".utf8), Array("cde".utf8)])
    #expect(driver.take().suffix(3) == [upstreamBody("ab"), upstreamBody("cde"), .upstreamEnd])
    #expect(driver.exchange.upstreamFields?.framing == .length(5))
  }

  @Test func theListIsWalkedAsTheDeliveryContractAllows() {
    var driver = asked()
    driver.exchange.picked(PickedRequest(endpoints: [Self.second, Self.first]), now: 0, into: &driver.actions)
    driver.exchange.upstreamFailed(GatewayError(.connectFailed, "refused"), into: &driver.actions)
    #expect(driver.take().last == .dispatch(Self.first, fresh: false))
    driver.exchange.upstreamFailed(GatewayError(.connectFailed, "refused"), into: &driver.actions)
    #expect(driver.exchange.record.error?.kind == .noEndpointAnswered)
  }

  @Test func aListOfOneIsNotExtendedByOthers() {
    var driver = asked()
    driver.exchange.picked(PickedRequest(endpoints: [Self.second]), now: 0, into: &driver.actions)
    driver.exchange.upstreamFailed(GatewayError(.connectFailed, "refused"), into: &driver.actions)
    #expect(status(driver.take()) == 503)
  }

  @Test func addressesThatAreNotOfThePoolAreLeftOut() {
    var driver = asked()
    let foreign = EndpointID(address: "192.0.2.66", port: 22)
    driver.exchange.picked(PickedRequest(endpoints: [foreign, Self.second]), now: 0, into: &driver.actions)
    #expect(driver.take() == [.dispatch(Self.second, fresh: false)])
  }

  @Test func aPickOutsideOfThePoolIsRefused() {
    var driver = asked()
    let foreign = EndpointID(address: "192.0.2.66", port: 22)
    driver.exchange.picked(PickedRequest(endpoints: [foreign]), now: 0, into: &driver.actions)
    let actions = driver.take()
    #expect(actions.first == .stopPicking(.done))
    #expect(status(actions) == 503)
    #expect(driver.exchange.record.error?.kind == .pickerFailed)
    #expect(driver.exchange.record.error?.message.contains("192.0.2.66:22") == true)
  }

  @Test(arguments: [false, true]) func withFailCloseARequestThatIsNotPickedForGets503(hasTimedOut: Bool) {
    var driver = asked()
    if hasTimedOut {
      driver.exchange.pickerTimedOut(now: 0, into: &driver.actions)
    } else {
      driver.exchange.pickFailed(GatewayError(.pickerFailed, "gone"), now: 0, into: &driver.actions)
    }
    let actions = driver.take()
    #expect(actions.first == .stopPicking(hasTimedOut ? .timedOut : .done))
    #expect(status(actions) == 503)
    #expect(driver.exchange.record.error?.kind == (hasTimedOut ? .pickerTimeout : .pickerFailed))
    #expect(driver.exchange.record.pickerFailure == driver.exchange.record.error?.kind)
  }

  @Test func withFailOpenItIsPickedForByUs() {
    var driver = asked(mode: .open)
    driver.exchange.pickerTimedOut(now: 0, into: &driver.actions)
    #expect(driver.take() == [.stopPicking(.timedOut), .dispatch(Self.first, fresh: false)])
    #expect(driver.exchange.record.pickerFailure == .pickerTimeout)
    #expect(driver.exchange.record.error == nil)
    driver.connected()
    driver.respond(["content-length": "0"])
    #expect(status(driver.take()) == 200)
  }

  @Test func withFailOpenAFullPoolTurnsAwayAsWithoutAPicker() throws {
    var driver = asked(mode: .open, fallback: try ExchangeTests.waiting())
    let full = GatewayError(.saturated, "busy")
    driver.exchange.pickFailed(
      GatewayError(.pickerFailed, "it broke"), now: 0, admit: { _ in .reject(full) }, into: &driver.actions)
    let actions = driver.take()
    #expect(actions.first == .stopPicking(.done) && status(actions) == 429)
    #expect(driver.exchange.record.error == full && driver.exchange.record.pickerFailure == .pickerFailed)
  }

  @Test(arguments: [true, false]) func withFailOpenAFullPoolLetsWaitAsWithoutAPicker(hasRoomInTime: Bool) throws {
    let request = try ExchangeTests.waiting()
    var driver = asked(mode: .open, fallback: request)
    driver.exchange.pickerTimedOut(now: 0, admit: { $0 === request ? .later : .now }, into: &driver.actions)
    #expect(driver.take() == [.stopPicking(.timedOut), .queue] && driver.exchange.waiting === request)
    guard hasRoomInTime else {
      driver.exchange.notAdmitted(request.expired, into: &driver.actions)
      #expect(status(driver.take()) == 429 && driver.exchange.record.error?.kind == .queueTimeout)
      return
    }
    driver.exchange.admitted(ExchangeTests.plan([ExchangeTests.second]), into: &driver.actions)
    #expect(driver.take() == [.dispatch(Self.second, fresh: false)], "the picker is not asked again")
    driver.connected()
    driver.respond(["content-length": "0"])
    #expect(status(driver.take()) == 200)
  }

  @Test func thePickersOwnAnswerIsTheClients() {
    var driver = asked()
    let answer = LocalResponse(
      status: 429, fields: [HeaderChange.Field("content-type", "text/plain")], body: Array("shed".utf8))
    driver.exchange.pickerAnswered(answer, into: &driver.actions)
    let head = ResponseHead(status: 429, fields: [("content-type", "text/plain")])
    #expect(
      driver.take() == [
        .stopPicking(.done), .clientHead(head, .length(4)), .clientBody(ByteBuffer(string: "shed")), .clientEnd,
        .finish(.complete(ends: false)),
      ])
    #expect(driver.exchange.record.error?.kind == .pickerRejected)
    #expect(driver.exchange.record.attempts == 0)
  }

  @Test func theResponsesHeadWaitsUntilThePickerHasSeenIt() {
    var driver = connected()
    _ = driver.take()
    driver.respond(["content-length": "2"])
    let head = ResponseHead(status: 200, fields: [("content-length", "2")])
    #expect(driver.take() == [.showResponse(head, Self.second, hasBody: true)])
    #expect(!driver.exchange.readsUpstream && driver.exchange.awaitsPicker && driver.exchange.upstreamWait == nil)
    driver.exchange.responsePicked(HeadMutation([.set("x-served", "b")]), into: &driver.actions)
    guard case .clientHead(let changed, .length(2))? = driver.take().first else {
      Issue.record("no head for the client")
      return
    }
    #expect(changed.block.text("x-served") == "b")
    #expect(driver.exchange.readsUpstream)
    driver.exchange.responseEnd(into: &driver.actions)
    #expect(driver.take().last == .finish(.complete(ends: false)))
  }

  /// What a picker does wrong when the work is done costs no response, whatever the failure mode.
  @Test(arguments: [false, true]) func aPickerThatDoesNotLookAtTheResponseIsPassedBy(hasTimedOut: Bool) {
    var driver = connected()
    driver.respond(["content-length": "2"])
    _ = driver.take()
    if hasTimedOut {
      driver.exchange.pickerTimedOut(now: 0, into: &driver.actions)
    } else {
      driver.exchange.pickerEnded(failure: GatewayError(.pickerFailed, "gone"), into: &driver.actions)
    }
    let actions = driver.take()
    #expect(actions.first == .stopPicking(hasTimedOut ? .timedOut : .done))
    #expect(status(actions) == 200)
    #expect(driver.exchange.record.error == nil)
    #expect(driver.exchange.record.pickerFailure == (hasTimedOut ? .pickerTimeout : .pickerFailed))
  }

  /// The endpoint has answered: the request is not sent again, whatever the route asks for.
  @Test func anAttemptThatEndsWhileItsPickerLooksAtItIsTheLast() {
    let retry = RetryPolicy(codes: [504], attempts: 2, backOff: 0)
    let treatment = RequestTreatment(timeouts: RuleTimeouts(request: 10, backendRequest: 5), retry: retry)
    var driver = ExchangeTests.Driver("{}")
    driver.send("{}")
    driver.end()
    driver.exchange.decided(
      ExchangeTests.plan(treatment: treatment, picker: .external(Self.picker)), into: &driver.actions)
    driver.exchange.picked(PickedRequest(endpoints: [Self.second, Self.first]), now: 0, into: &driver.actions)
    driver.connected()
    driver.respond(["content-length": "2"])
    _ = driver.take()
    driver.exchange.attemptTimedOut(into: &driver.actions)
    #expect(status(driver.take()) == 504)
    #expect(driver.exchange.isFinished)
  }

  @Test func aPickerCanEndAResponseThatHasBegun() {
    var driver = connected()
    driver.respond(["content-type": "text/event-stream", "transfer-encoding": "chunked"])
    driver.exchange.responsePicked(HeadMutation(), into: &driver.actions)
    driver.exchange.responseBody(ByteBuffer(string: "data: a\n\n"), into: &driver.actions)
    _ = driver.take()
    driver.exchange.pickerAnswered(LocalResponse(status: 429), into: &driver.actions)
    let actions = driver.take()
    #expect(actions.contains(.releaseUpstream(reusable: false)))
    #expect(actions.last == .finish(.complete(ends: true)))
    #expect(driver.exchange.record.error?.kind == .pickerRejected)
  }

  /// A picker that has not taken what it was shown keeps its client from sending more.
  @Test func aBodyIsReadNoFurtherThanThePickerTakesIt() {
    var driver = ExchangeTests.Driver("", headers: ["content-length": "900000"], maximum: 1 << 20)
    driver.send(#"{"model":"chat","#)
    driver.exchange.decided(ExchangeTests.plan(picker: .external(Self.picker)), into: &driver.actions)
    #expect(driver.exchange.readsClient && driver.exchange.awaitsBody && !driver.exchange.awaitsPicker)
    driver.send(String(repeating: "x", count: ProxyExchange.maximumUnshownBytes))
    #expect(!driver.exchange.readsClient && driver.exchange.awaitsPicker)
    driver.exchange.shown(100_000)
    #expect(driver.exchange.readsClient && !driver.exchange.awaitsPicker)
  }
}
