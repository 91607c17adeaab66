import NIOCore
import Routing
import TestSupport
import Testing

@testable import DataPlane

/// Whatever happens to a request, in whatever order: it begins and ends in balance, and has one outcome.
@Suite struct ExchangePropertyTests {
  /// One request, driven by events that a connection, a router and an endpoint could bring.
  private struct Game {
    var driver: ExchangeTests.Driver
    var ledger = ExchangeLedger()
    var generator: SeededGenerator
    private var waitsForDecision = false
    private var isConnecting = false
    private var isConnected = false
    private var hasResponse = false
    private var isBackingOff = false
    private var isQueued = false
    private var hasEnded = false

    private let waiting: WaitingRequest

    init(seed: UInt64, waiting: WaitingRequest) {
      self.waiting = waiting
      generator = SeededGenerator(seed)
      let method = ["POST", "GET", "PUT"].randomElement(using: &generator) ?? "POST"
      let fields: Fields = Bool.random(using: &generator) ? ["transfer-encoding": "chunked"] : ["content-length": "64"]
      driver = ExchangeTests.Driver("", headers: fields, method: method, maximum: 4096)
      settle()
    }

    /// Whether something that has an end is waited for; a decision comes at once.
    private var waitsForSomething: Bool {
      let exchange = driver.exchange
      return exchange.isFinished || waitsForDecision || isBackingOff || isQueued || exchange.awaitsBody
        || exchange.upstreamWait != nil || !exchange.clientWritable || exchange.awaitsPicker
    }

    /// Takes the actions, and remembers what they wait for.
    mutating func settle() {
      while let action = driver.actions.popFirst() {
        ledger.take(action)
        switch action {
        case .decide: waitsForDecision = true
        case .dispatch: (isConnecting, isConnected) = (true, false)
        case .backOff: isBackingOff = true
        case .queue: isQueued = true
        case .releaseUpstream: (isConnecting, isConnected, hasResponse, isBackingOff) = (false, false, false, false)
        default: break
        }
      }
      if !waitsForSomething { ledger.fault("nothing ends this: \(driver.exchange.upstream)") }
    }

    /// What the route asks for: nothing, or retries with or without a pause.
    private mutating func treatment() -> RequestTreatment? {
      if Bool.random(using: &generator) { return nil }
      let retry = RetryPolicy(codes: [503, 504], attempts: 2, backOff: Bool.random(using: &generator) ? 1000 : 0)
      return RequestTreatment(timeouts: RuleTimeouts(request: 10, backendRequest: 5), retry: retry)
    }

    /// Who picks: we, or somebody else, in either mode.
    private mutating func picker() -> PoolPicker {
      var picker = ExchangePickingTests.picker
      picker.failureMode = Bool.random(using: &generator) ? .open : .close
      return Bool.random(using: &generator) ? .builtIn : .external(picker)
    }

    /// A plan, of which the pool may be asked for room where its picker fails.
    private mutating func plan() -> RoutingDecision {
      let fallback = Bool.random(using: &generator) ? waiting : nil
      return ExchangeTests.plan(treatment: treatment(), picker: picker(), fallback: fallback)
    }

    /// What a picker says, in its order or out of it.
    private mutating func pickerSays(_ event: Int) {
      let failure = GatewayError(.pickerFailed, "it broke")
      let admissions = [Admission.now, .later, .reject(GatewayError(.saturated, "busy"))]
      let admission = admissions.randomElement(using: &generator) ?? .now
      let admit: (WaitingRequest) -> Admission = { _ in admission }
      let listed = [[ExchangeTests.second.id, ExchangeTests.first.id], [EndpointID(address: "10.9.9.9", port: 1)]]
      switch event {
      case 16:
        let body: [[UInt8]]? = Bool.random(using: &generator) ? [Array("{}".utf8)] : nil
        let picked = PickedRequest(
          endpoints: listed.randomElement(using: &generator) ?? [], head: HeadMutation([.set("x-a", "1")]), body: body)
        driver.exchange.picked(picked, now: 0, admit: admit, into: &driver.actions)
      case 17: driver.exchange.pickFailed(failure, now: 0, admit: admit, into: &driver.actions)
      case 18: driver.exchange.pickerAnswered(LocalResponse(status: 429), into: &driver.actions)
      case 19: driver.exchange.responsePicked(HeadMutation([.set("x-b", "1")]), into: &driver.actions)
      case 20: driver.exchange.pickerEnded(failure: failure, into: &driver.actions)
      default: driver.exchange.pickerTimedOut(now: 0, admit: admit, into: &driver.actions)
      }
    }

    mutating func step() {
      let event = Int.random(in: 0..<22, using: &generator)
      // While a response waits for its picker, what comes of it is kept by the shell.
      let isHeld = driver.exchange.picking == .response
      switch event {
      case 16...: if Int.random(in: 0..<3, using: &generator) == 0 { pickerSays(event) }
      case 7 where isHeld, 8 where isHeld, 9 where isHeld, 10 where isHeld, 13 where isHeld: break
      case 0 where !hasEnded, 1 where !hasEnded:
        let text = [#"{"model":"chat","#, "x", String(repeating: "y", count: 3000)].randomElement(using: &generator)
        driver.send(text ?? "")
      case 2 where !hasEnded:
        hasEnded = true
        driver.end()
      case 3 where isQueued, 4 where isQueued:
        isQueued = false
        if Bool.random(using: &generator) {
          driver.exchange.admitted(plan(), into: &driver.actions)
        } else {
          driver.exchange.notAdmitted(GatewayError(.queueTimeout, "busy"), into: &driver.actions)
        }
      case 3 where waitsForDecision && Int.random(in: 0..<3, using: &generator) == 0:
        waitsForDecision = false
        driver.exchange.decided(.wait(waiting), into: &driver.actions)
      case 3 where waitsForDecision, 4 where waitsForDecision:
        waitsForDecision = false
        let isRejected = Int.random(in: 0..<5, using: &generator) == 0
        driver.exchange.decided(
          isRejected
            ? .reject(GatewayError(.saturated, "busy")) : plan(),
          into: &driver.actions)
      case 5 where isConnecting, 6 where isConnecting:
        (isConnecting, isConnected) = (false, true)
        driver.connected(reused: Bool.random(using: &generator))
      case 7 where isConnecting || isConnected:
        let failure: GatewayError.Kind = isConnecting ? .connectFailed : .noResponse
        let hasBudget = Bool.random(using: &generator)
        driver.exchange.upstreamFailed(
          GatewayError(failure, "it broke"), hasBudget: { hasBudget }, into: &driver.actions)
      case 8 where isConnected && !hasResponse:
        hasResponse = true
        driver.respond(
          ["content-type": "text/event-stream", "transfer-encoding": "chunked"],
          status: Bool.random(using: &generator) ? 200 : 503, hasBudget: Bool.random(using: &generator))
      case 9 where hasResponse:
        driver.exchange.responseBody(ByteBuffer(string: "data: a\n\nda"), into: &driver.actions)
      case 10 where hasResponse: driver.exchange.responseEnd(into: &driver.actions)
      case 14 where isBackingOff:
        isBackingOff = false
        driver.exchange.backOffEnded(into: &driver.actions)
      case 15 where isConnecting || isConnected: driver.exchange.attemptTimedOut(into: &driver.actions)
      case 11:
        driver.exchange.clientWritability(Bool.random(using: &generator), into: &driver.actions)
        driver.exchange.upstreamWritability(Bool.random(using: &generator), into: &driver.actions)
      case 12 where Int.random(in: 0..<6, using: &generator) == 0: end()
      case 13 where isConnected:
        if let wait = driver.exchange.upstreamWait, Int.random(in: 0..<4, using: &generator) == 0 {
          driver.exchange.upstreamTimedOut(wait, into: &driver.actions)
        }
      default: break
      }
      settle()
    }

    /// One of the ways in which a request ends from outside.
    mutating func end() {
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: driver.exchange.clientClosed(into: &driver.actions)
      case 1: driver.exchange.clientStalled(into: &driver.actions)
      case 2: driver.exchange.deadlineExceeded(into: &driver.actions)
      default: driver.exchange.giveUp(.malformed("a chunk"), ends: true, into: &driver.actions)
      }
      settle()
    }
  }

  @Test(arguments: 1...64) func everySequenceHasOneOutcome(_ block: UInt64) throws {
    let waiting = try ExchangeTests.waiting()
    for seed in block * 100..<block * 100 + 40 {
      var game = Game(seed: seed, waiting: waiting)
      for _ in 0..<60 { game.step() }
      game.driver.exchange.clientClosed(into: &game.driver.actions)
      game.settle()
      #expect(game.ledger.isFinished, "seed \(seed)")
      #expect(game.ledger.faults.isEmpty, "seed \(seed): \(game.ledger.faults)")
      // Three endpoints, and a fresh connection in place of a stale one.
      #expect(game.ledger.dispatches <= ProxyExchange.maximumAttempts + 1, "seed \(seed)")
    }
  }
}
