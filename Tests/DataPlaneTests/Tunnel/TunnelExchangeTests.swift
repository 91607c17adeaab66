import NIOCore
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// A request that becomes a tunnel, as the exchange decides it.
@Suite struct TunnelExchangeTests {
  typealias Driver = ExchangeTests.Driver

  static let taken = ResponseHead(status: 101, fields: [("upgrade", "websocket")])

  static func offering(
    _ fields: Fields = ["connection": "upgrade", "upgrade": "websocket"], method: String = "GET",
    treatment: RequestTreatment? = nil
  ) -> Driver {
    var driver = Driver(offering: fields, method: method)
    driver.exchange.decided(ExchangeTests.plan(treatment: treatment), into: &driver.actions)
    driver.end()
    driver.connected()
    return driver
  }

  static func open(treatment: RequestTreatment? = nil) -> Driver {
    var driver = offering(treatment: treatment)
    driver.exchange.upgraded(taken, into: &driver.actions)
    _ = driver.take()
    return driver
  }

  @Test func theOfferIsSentAndTheAnswerOpensTheTunnel() {
    var driver = Self.offering()
    #expect(driver.exchange.upstreamFields?.passage == .upgrade)
    #expect(driver.exchange.upstreamWait == .firstByte)
    _ = driver.take()
    #expect(driver.counts == 1)
    driver.exchange.upgraded(Self.taken, into: &driver.actions)
    #expect(driver.take() == [.clientUpgraded(Self.taken)])
    #expect(driver.exchange.upstreamWait == .tunnelBytes && !driver.exchange.awaitsBody)
    driver.send("from the client")
    driver.exchange.responseBody(ByteBuffer(string: "from the endpoint"), into: &driver.actions)
    #expect(
      driver.take() == [upstreamBody("from the client"), .clientBody(ByteBuffer(string: "from the endpoint"))])
    #expect(driver.exchange.record.status == 101 && driver.exchange.record.isTunnel)
    #expect((driver.exchange.record.requestBytes, driver.exchange.record.responseBytes) == (15, 17))
  }

  @Test func anAnswerThatIsNotAskedForChangesNothing() {
    var driver = Driver.dispatched()
    driver.connected()
    _ = driver.take()
    driver.exchange.upgraded(Self.taken, into: &driver.actions)
    #expect(driver.take() == [] && driver.exchange.response == .none)
  }

  @Test func theRoutesHeaderFiltersHoldForTheHead() {
    let change = HeaderChange(set: [HeaderChange.Field("x-by", "route")])
    let treatment = RequestTreatment(responseChanges: [change])
    var driver = Self.offering(treatment: treatment)
    _ = driver.take()
    driver.exchange.upgraded(Self.taken, into: &driver.actions)
    guard case .clientUpgraded(let head)? = driver.take().first else {
      Issue.record("no head")
      return
    }
    #expect(head.block.text("x-by") == "route")
  }

  @Test func whoeverEndsFirstIsPassedOnAndBothMustEnd() {
    for clientIsFirst in [true, false] {
      var driver = Self.open()
      if clientIsFirst { driver.end() } else { driver.exchange.responseEnd(into: &driver.actions) }
      #expect(driver.take() == [clientIsFirst ? .upstreamEnd : .clientEnd])
      #expect(!driver.exchange.isFinished)
      // The other goes on.
      if clientIsFirst {
        driver.send("too late")
        driver.exchange.responseBody(ByteBuffer(string: "still"), into: &driver.actions)
        #expect(driver.take() == [.clientBody(ByteBuffer(string: "still"))])
        driver.exchange.responseEnd(into: &driver.actions)
      } else {
        driver.exchange.responseBody(ByteBuffer(string: "too late"), into: &driver.actions)
        driver.send("still")
        #expect(driver.take() == [upstreamBody("still")])
        driver.end()
      }
      let end: [ExchangeAction] = [.releaseUpstream(reusable: false), .finish(.complete(ends: true))]
      #expect(driver.take() == [clientIsFirst ? .clientEnd : .upstreamEnd] + end)
      #expect(driver.exchange.record.error == nil)
    }
  }

  @Test func backPressureGoesBothWays() {
    var driver = Self.open()
    driver.exchange.upstreamWritability(false, into: &driver.actions)
    #expect(!driver.exchange.readsClient && driver.exchange.readsUpstream)
    #expect(driver.exchange.upstreamWait == .upload)
    driver.exchange.upstreamWritability(true, into: &driver.actions)
    driver.exchange.clientWritability(false, into: &driver.actions)
    #expect(driver.exchange.readsClient && !driver.exchange.readsUpstream)
    #expect(driver.exchange.upstreamWait == .tunnelBytes)
  }

  @Test func otherwiseItIsCut() {
    let ways: [(GatewayError.Kind, ExchangeAction.Ending, (inout Driver) -> Void)] = [
      (.tunnelIdle, .complete(ends: true), { $0.exchange.upstreamTimedOut(.tunnelBytes, into: &$0.actions) }),
      (.uploadStalled, .truncated, { $0.exchange.upstreamTimedOut(.upload, into: &$0.actions) }),
      (.endpointLost, .truncated, { $0.exchange.upstreamFailed(GatewayError(.noResponse, "gone"), into: &$0.actions) }),
      (.clientClosed, .truncated, { $0.exchange.clientClosed(into: &$0.actions) }),
      (.clientStalled, .truncated, { $0.exchange.clientStalled(into: &$0.actions) }),
    ]
    for (reason, ending, event) in ways {
      var driver = Self.open()
      event(&driver)
      #expect(driver.take() == [.releaseUpstream(reusable: false), .finish(ending)], "\(reason)")
      #expect(driver.exchange.record.error?.kind == reason && driver.exchange.record.status == 101)
    }
  }

  @Test func anyOtherAnswerIsAnOrdinaryOne() {
    var driver = Self.offering()
    _ = driver.take()
    driver.respond(["content-length": "0"], status: 426)
    driver.exchange.responseEnd(into: &driver.actions)
    let actions = driver.take()
    #expect(status(actions) == 426)
    #expect(actions.suffix(3) == [.releaseUpstream(reusable: true), .clientEnd, .finish(.complete(ends: false))])
  }

  @Test func theNextEndpointIsTriedBeforeTheTunnelIsOpen() {
    var driver = Self.offering()
    _ = driver.take()
    driver.exchange.upstreamFailed(GatewayError(.noResponse, "gone"), into: &driver.actions)
    #expect(driver.take().contains(.dispatch(ExchangeTests.second.id, fresh: false)))
  }

  /// Random events of a tunnel: it begins and ends in balance, and has one outcome.
  @Test(arguments: 1...32) func everySequenceHasOneOutcome(_ block: UInt64) {
    for seed in block * 100..<block * 100 + 40 {
      var generator = SeededGenerator(seed)
      var driver = Self.offering()
      var ledger = ExchangeLedger()
      var sent = (client: 0, endpoint: 0)
      driver.exchange.upgraded(Self.taken, into: &driver.actions)
      for _ in 0..<40 {
        ledger.take(all: &driver)
        if !driver.exchange.isFinished, driver.exchange.upstreamWait == nil { ledger.fault("nothing ends this") }
        switch Int.random(in: 0..<18, using: &generator) {
        case 0...3: driver.send("abc")
        case 4...7: driver.exchange.responseBody(ByteBuffer(string: "defg"), into: &driver.actions)
        case 8...11:
          driver.exchange.upstreamWritability(Bool.random(using: &generator), into: &driver.actions)
          driver.exchange.clientWritability(Bool.random(using: &generator), into: &driver.actions)
        case 12: driver.end()
        case 13: driver.exchange.responseEnd(into: &driver.actions)
        case 14:
          if Bool.random(using: &generator) {
            driver.exchange.upstreamFailed(GatewayError(.noResponse, "gone"), into: &driver.actions)
          }
        case 15:
          if let wait = driver.exchange.upstreamWait, Bool.random(using: &generator) {
            driver.exchange.upstreamTimedOut(wait, into: &driver.actions)
          }
        case 16: if Bool.random(using: &generator) { driver.exchange.clientStalled(into: &driver.actions) }
        default: driver.exchange.upgraded(Self.taken, into: &driver.actions)
        }
        for case .upstreamBody(let piece) in driver.actions { sent.client += piece.readableBytes }
        for case .clientBody(let piece) in driver.actions { sent.endpoint += piece.readableBytes }
      }
      driver.exchange.clientClosed(into: &driver.actions)
      ledger.take(all: &driver)
      #expect(ledger.isFinished && ledger.faults.isEmpty, "seed \(seed): \(ledger.faults)")
      #expect(driver.exchange.record.requestBytes == sent.client, "seed \(seed)")
      #expect(driver.exchange.record.responseBytes == sent.endpoint, "seed \(seed)")
    }
  }
}

/// Which requests offer WebSocket, and which answers take that up.
@Suite struct WebSocketUpgradeTests {
  @Test(
    arguments: [
      (["connection": "upgrade", "upgrade": "websocket"], true),
      (["connection": "Keep-Alive, UPGRADE", "upgrade": "WebSocket"], true),
      (["connection": "keep-alive", "connection": "upgrade", "upgrade": "h2c , websocket"], true),
      (["connection": "upgrade", "upgrade": "h2c", "upgrade": "websocket"], true),
      (["connection": "upgrade", "upgrade": "h2c"], false),
      (["connection": "upgrade", "upgrade": "websocket2"], false),
      (["connection": "keep-alive", "upgrade": "websocket"], false),
      (["upgrade": "websocket"], false), (["connection": "upgrade"], false),
      (["connection": "upgrade, close", "upgrade": "websocket"], false),
    ] as [(Fields, Bool)]) func offers(_ fields: Fields, _ isOffer: Bool)
  {
    let head = RequestHead(method: "GET", path: "/", authority: "x", fields: fields.list)
    #expect(WebSocketUpgrade.isOffered(by: head, .none) == isOffer)
    #expect(WebSocketUpgrade.isOffered(by: head, .length(0)) == isOffer)
  }

  @Test func onlyAGetOfHTTP11WithoutABodyCanBecomeOne() {
    let fields: [(name: String, value: String)] = [("connection", "upgrade"), ("upgrade", "websocket")]
    let post = RequestHead(method: "POST", path: "/", authority: "x", fields: fields)
    let old = RequestHead(method: "GET", path: "/", authority: "x", version: .http1_0, fields: fields)
    let new = RequestHead(method: "GET", path: "/", authority: "x", version: .http2, fields: fields)
    let get = RequestHead(method: "GET", path: "/", authority: "x", fields: fields)
    for head in [post, old, new] { #expect(!WebSocketUpgrade.isOffered(by: head, .none)) }
    for framing in [BodyFraming.length(1), .chunked] { #expect(!WebSocketUpgrade.isOffered(by: get, framing)) }
  }

  @Test(
    arguments: [
      (["upgrade": "websocket"], true), (["upgrade": "WEBSOCKET"], true), (["upgrade": "h2c"], false), ([:], false),
      (["upgrade": "websocket, h2c"], false), (["upgrade": "websocket", "upgrade": "websocket"], false),
    ] as [(Fields, Bool)]) func answers(_ fields: Fields, _ isTaken: Bool)
  {
    #expect(WebSocketUpgrade.isTaken(by: ResponseHead(status: 101, fields: fields.list).block) == isTaken)
  }
}
