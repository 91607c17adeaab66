import NIOCore
import NIOHTTP1
import Routing
import Testing

@testable import DataPlane

/// One request as a state machine: events in, actions out.
@Suite struct ExchangeTests {
  static let first = Endpoint(
    id: EndpointID(address: "10.0.0.1", port: 8000), pod: ObjectName(namespace: "default", name: "a"))
  static let second = Endpoint(
    id: EndpointID(address: "10.0.0.2", port: 8000), pod: ObjectName(namespace: "default", name: "b"))

  static func plan(
    _ candidates: [Endpoint] = [first, second], declared: Bool = false, rewrite: String? = nil
  ) -> RoutingDecision {
    .forward(
      ForwardPlan(
        route: ObjectName(namespace: "default", name: "route"),
        pool: PoolID(.inferencePool, ObjectName(namespace: "default", name: "pool")), candidates: candidates,
        model: "chat", isModelDeclared: declared, rewriteModel: rewrite))
  }

  /// An exchange and the actions it asked for since the last look.
  struct Driver {
    var exchange: ProxyExchange
    var actions = ExchangeActions()

    init(_ body: String, headers: HTTPHeaders = [:], version: HTTPVersion = .http1_1, maximum: Int = 1 << 20) {
      var all: HTTPHeaders = ["host": "x", "content-type": "application/json"]
      all.add(contentsOf: headers)
      if !all.contains(name: "content-length") && !all.contains(name: "transfer-encoding") {
        all.add(name: "content-length", value: String(body.utf8.count))
      }
      let head = HTTPRequestHead(version: version, method: .POST, uri: "/v1/completions", headers: all)
      exchange = ProxyExchange(
        head: head, client: ClientInfo(address: "192.0.2.1", listenerAddress: nil, listenerPort: 80), requestID: "id",
        maximumBodyBytes: maximum)
      exchange.begin(into: &actions)
    }

    mutating func send(_ text: String) { exchange.requestBody(ByteBuffer(string: text), into: &actions) }

    /// Sends so many pieces of a byte; returns them all.
    mutating func send(pieces: Int) -> String {
      let digits = (0..<pieces).map { String($0 % 10) }
      for digit in digits { send(digit) }
      return digits.joined()
    }

    mutating func end() { exchange.requestEnd(into: &actions) }

    mutating func take() -> [ExchangeAction] {
      defer { actions.removeAll() }
      return Array(actions)
    }

    /// A request that is with its first endpoint, whole.
    static func dispatched(
      _ body: String = #"{"model":"chat"}"#, rewrite: String? = nil, version: HTTPVersion = .http1_1
    ) -> Driver {
      var driver = Driver(body, version: version)
      driver.send(body)
      driver.exchange.decided(plan(rewrite: rewrite), into: &driver.actions)
      driver.end()
      _ = driver.take()
      return driver
    }

    mutating func connected(reused: Bool = false) {
      exchange.upstreamConnected(reused: reused, into: &actions)
    }

    mutating func respond(_ headers: HTTPHeaders) {
      exchange.responseHead(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers), into: &actions)
    }
  }

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
    #expect(Array(actions.dropFirst()) == [body(#"{"model":"chat","prom"#)])
    driver.send(#"pt":"hello"}"#)
    driver.end()
    #expect(driver.take() == [body(#"pt":"hello"}"#), .upstreamEnd])
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
    driver.exchange.upstreamFailed(.connect("refused"), into: &driver.actions)
    #expect(
      driver.take() == [
        .releaseUpstream(reusable: false), .endpointFailed(Self.first.id), .dispatch(Self.second, fresh: false),
      ])
    driver.connected()
    #expect(Array(driver.take().dropFirst()) == [body(#"{"model":"chat"}"#), .upstreamEnd])
    driver.exchange.upstreamFailed(.closed("reset"), into: &driver.actions)
    #expect(status(driver.take()) == 502)
  }

  @Test func allRefusedIs503() {
    var driver = Driver.dispatched()
    driver.exchange.upstreamFailed(.connect("refused"), into: &driver.actions)
    driver.exchange.upstreamFailed(.connect("refused"), into: &driver.actions)
    let actions = driver.take()
    #expect(status(actions) == 503)
    #expect(actions.last == .finish(.keepAlive))
  }

  @Test func aStaleConnectionIsReplacedOnceOnTheSameEndpoint() {
    var driver = Driver.dispatched()
    driver.connected(reused: true)
    _ = driver.take()
    driver.exchange.upstreamFailed(.closed("closed"), into: &driver.actions)
    #expect(driver.take() == [.releaseUpstream(reusable: false), .dispatch(Self.first, fresh: true)])
    driver.connected()
    _ = driver.take()
    driver.exchange.upstreamFailed(.closed("closed"), into: &driver.actions)
    #expect(
      driver.take() == [
        .releaseUpstream(reusable: false), .endpointFailed(Self.first.id), .dispatch(Self.second, fresh: false),
      ])
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
    driver.exchange.upstreamFailed(.closed("reset"), into: &driver.actions)
    let actions = driver.take()
    #expect(actions.first == .releaseUpstream(reusable: false))
    #expect(actions[1] == .clientBody(ByteBuffer(string: "\n\n")))
    guard case .clientBody(let event) = actions[2] else { return #expect(Bool(false), "no event") }
    #expect(String(buffer: event).hasPrefix(#"data: {"error":{"message":"The model server at 10.0.0.1:8000 was lost"#))
    #expect(actions.suffix(2) == [.clientEnd, .finish(.close)])
    #expect(driver.exchange.record.failure != nil)
  }

  @Test func aLostResponseIsCutShort() {
    var driver = Driver.dispatched()
    driver.connected()
    driver.respond(["content-length": "10"])
    _ = driver.take()
    driver.exchange.upstreamFailed(.closed("reset"), into: &driver.actions)
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
      driver.exchange.upstreamFailed(.closed("reset"), into: &driver.actions)
      #expect(driver.take() == [.releaseUpstream(reusable: false), .finish(ending)])
    }
  }

  @Test func nothingIsAddedToACompressedStream() {
    var driver = Driver.dispatched()
    driver.connected()
    driver.respond(["content-type": "text/event-stream", "content-encoding": "gzip", "transfer-encoding": "chunked"])
    _ = driver.take()
    driver.exchange.upstreamFailed(.closed("reset"), into: &driver.actions)
    #expect(driver.take() == [.releaseUpstream(reusable: false), .finish(.abort)])
  }

  @Test func endpointsThatDoNotAnswerAtAllAreWaitedForThreeTimes() {
    var driver = Driver(#"{"model":"chat"}"#)
    driver.send(#"{"model":"chat"}"#)
    driver.end()
    driver.exchange.decided(Self.plan(Array(repeating: Self.first, count: 10)), into: &driver.actions)
    for _ in 0..<3 {
      #expect(status(driver.take()) == nil)
      driver.exchange.upstreamFailed(.connectTimeout("no connection within 1000 ms"), into: &driver.actions)
    }
    #expect(status(driver.take()) == 503)
    #expect(driver.exchange.record.attempts == 3)
  }

  @Test func aConnectionThatTookTooLongIsToldFromOneRefused() {
    let late = ConnectReason.failure(ChannelError.connectTimeout(.seconds(1)))
    #expect(late == .connectTimeout("no connection within 1000 ms"))
    guard case .connect = ConnectReason.failure(IOError(errnoCode: 111, reason: "connect")) else {
      return #expect(Bool(false), "a refusal is no timeout")
    }
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

  @Test func anEarlyAnswerKeepsTheConnectionWhenTheRestIsSmall() {
    let rejection = RoutingDecision.reject(Rejection(status: 429, reason: .saturated, message: "busy"))
    let begin = #"{"model":"chat","#
    for (headers, ending) in [
      (["content-length": String(begin.utf8.count + (64 << 10))], .keepAlive),
      (["content-length": String(begin.utf8.count + (64 << 10) + 1)], .close),
      (["transfer-encoding": "chunked"], .close),
    ] as [(HTTPHeaders, ExchangeAction.Ending)] {
      var driver = Driver("", headers: headers)
      driver.send(begin)
      driver.exchange.decided(rejection, into: &driver.actions)
      #expect(driver.take().last == .finish(ending))
      driver.send("more")
      driver.end()
      #expect(driver.take() == [])
      #expect(driver.exchange.requestEnded)
    }
  }

  @Test func aClientThatWasNotAskedForItsBodyIsNotWaitedFor() {
    let body = "x"
    var driver = Driver(body, headers: ["expect": "100-continue", "content-encoding": "gzip"])
    driver.exchange.decided(
      .reject(Rejection(status: 404, reason: .noRoute, message: "none")), into: &driver.actions)
    let actions = driver.take()
    #expect(!actions.contains(.sendContinue))
    #expect(actions.last == .finish(.close))
  }

  @Test func aBodyIsAskedForWhenItsModelIsOfNoInterest() {
    var driver = Driver("x", headers: ["expect": "100-continue", "content-encoding": "gzip"])
    #expect(driver.take() == [.decide(driver.exchange.head, model: nil)])
    driver.exchange.decided(Self.plan(), into: &driver.actions)
    #expect(driver.take() == [.sendContinue, .dispatch(Self.first, fresh: false)])
    driver.exchange.upstreamFailed(.connect("refused"), into: &driver.actions)
    #expect(!driver.take().contains(.sendContinue))
    driver.connected()
    driver.send("x")
    driver.end()
    #expect(driver.take().suffix(2) == [body("x"), .upstreamEnd])
  }

  @Test func anAnswerDuringTheUploadEndsTheExchangeAndCutsTheEndpointOff() {
    var driver = Driver("", headers: ["content-length": "1000000"])
    driver.send(#"{"model":"chat","#)
    driver.exchange.decided(Self.plan(), into: &driver.actions)
    driver.connected()
    _ = driver.take()
    driver.respond(["content-length": "2"])
    driver.send("more")
    #expect(driver.take().last == body("more"))
    driver.exchange.responseBody(ByteBuffer(string: "{}"), into: &driver.actions)
    driver.exchange.responseEnd(into: &driver.actions)
    // The endpoint has not read the whole request: its connection cannot be used again, and neither can the client's.
    #expect(
      driver.take() == [
        .clientBody(ByteBuffer(string: "{}")), .releaseUpstream(reusable: false), .clientEnd, .finish(.close),
      ])
  }

  @Test func aBodyInSmallPiecesIsKeptWholeAndDense() {
    var driver = Driver("", headers: ["transfer-encoding": "chunked"])
    var text = #"{"model":"chat","prompt":""#
    driver.send(text)
    driver.exchange.decided(Self.plan(), into: &driver.actions)
    text += driver.send(pieces: 5000)
    driver.connected()
    _ = driver.take()
    text += driver.send(pieces: 5000)
    #expect(driver.take().count == 5000)
    #expect(driver.exchange.body.pieces.count < 10)
    driver.exchange.upstreamFailed(.closed("reset"), into: &driver.actions)
    text += driver.send(pieces: 5000)
    driver.connected()
    text += driver.send(pieces: 5000)
    var sent = ByteBuffer()
    for case .upstreamBody(var piece) in driver.take() { sent.writeBuffer(&piece) }
    #expect(String(buffer: sent) == text)
    #expect(driver.exchange.body.pieces.count < 10)
  }

  @Test func aGoneClientFreesTheEndpointOnce() {
    var driver = Driver.dispatched()
    driver.connected()
    _ = driver.take()
    driver.exchange.clientClosed(into: &driver.actions)
    #expect(driver.take() == [.releaseUpstream(reusable: false), .finish(.abort)])
    driver.exchange.upstreamFailed(.closed("late"), into: &driver.actions)
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

  @Test(arguments: [
    (#"{"model":3}"#, "byte 9"), (#"{"model":"a" "b"}"#, ""), (#"{"prompt""#, "byte 9"), (#"[1]"#, "byte 0"),
    (#"{"a":x}"#, "byte 5"), ("", ""),
  ])
  func badBodiesAreNamed(_ text: String, _ part: String) {
    var driver = Driver(text)
    driver.send(text)
    driver.end()
    let actions = driver.take()
    if part.isEmpty {
      #expect(actions.contains { if case .decide = $0 { true } else { false } })
    } else {
      #expect(status(actions) == 400)
      #expect(driver.exchange.record.failure?.contains(part) == true, "\(driver.exchange.record.failure ?? "")")
    }
  }

  @Test func aSecondModelIsRefusedWhereverItComes() {
    let text = #"{"model":"cheap","prompt":"model","x":[{"model":1}],"mod\u0065l":"dear"}"#
    let cut = text.utf8.count - 12
    var atOnce = Driver(text)
    atOnce.send(text)
    #expect(status(atOnce.take()) == 400)
    #expect(atOnce.exchange.record.reason == "duplicate_model")

    for hasResponse in [false, true] {
      var late = Driver(text)
      late.send(String(text.prefix(cut)))
      late.exchange.decided(Self.plan(), into: &late.actions)
      late.connected()
      if hasResponse { late.respond(["content-length": "2"]) }
      _ = late.take()
      late.send(String(text.dropFirst(cut)))
      let actions = late.take()
      #expect(actions.first == .releaseUpstream(reusable: false))
      #expect(status(actions) == (hasResponse ? nil : 400))
      #expect(actions.last == .finish(hasResponse ? .abort : .keepAlive))
    }
  }

  @Test func tooLargeIsRefusedAtOnceOrWhenItShows() {
    var declared = Driver("", headers: ["content-length": "2000"], maximum: 1000)
    #expect(status(declared.take()) == 413)
    var chunked = Driver("", headers: ["transfer-encoding": "chunked"], maximum: 10)
    chunked.send(#"{"prompt":""#)
    let actions = chunked.take()
    #expect(status(actions) == 413)
    #expect(actions.last == .finish(.close))
  }

  @Test func continueIsSentOnlyWhenTheBodyIsWanted() {
    var wanted = Driver(#"{"model":"chat"}"#, headers: ["expect": "100-continue"])
    #expect(wanted.take() == [.sendContinue])
    var refused = Driver("", headers: ["expect": "100-continue", "content-length": "99999"], maximum: 10)
    #expect(!refused.take().contains(.sendContinue))
  }

  @Test func aSilentBodyTimesOut() {
    var driver = Driver(#"{"model":"chat"}"#)
    driver.send(#"{"mod"#)
    driver.exchange.bodyTimedOut(into: &driver.actions)
    let actions = driver.take()
    #expect(status(actions) == 408)
    #expect(actions.last == .finish(.close))
  }

  private func body(_ text: String) -> ExchangeAction { .upstreamBody(ByteBuffer(string: text)) }

  private func status(_ actions: [ExchangeAction]) -> UInt? {
    for case .clientHead(let head) in actions { return head.status.code }
    return nil
  }
}
