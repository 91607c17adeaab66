import NIOCore
import Routing
import TestSupport

@testable import DataPlane

extension ExchangeTests {
  static let first = Endpoint(
    id: EndpointID(address: "10.0.0.1", port: 8000), pod: ObjectName(namespace: "default", name: "a"))
  static let second = Endpoint(
    id: EndpointID(address: "10.0.0.2", port: 8000), pod: ObjectName(namespace: "default", name: "b"))

  static func plan(
    _ candidates: [Endpoint] = [first, second], declared: Bool = false, rewrite: String? = nil,
    states: EndpointStates = EndpointStates(), treatment: RequestTreatment? = nil,
    picker: PoolPicker = .builtIn, transport: UpstreamTransport = UpstreamTransport(),
    fallback: WaitingRequest? = nil
  ) -> RoutingDecision {
    let id = PoolID(.inferencePool, ObjectName(namespace: "default", name: "pool"))
    let pool = CompiledPool(Pool(id: id, endpoints: candidates, transport: transport, picker: picker), states: states)
    guard let candidates = Candidates(asListed: pool) else { return .reject(GatewayError(.noReadyEndpoint, "none")) }
    let binding = PoolBinding(
      route: ObjectName(namespace: "default", name: "route"), pool: pool, model: "chat", isModelDeclared: declared,
      rewriteModel: rewrite)
    var plan = ForwardPlan(binding, candidates: candidates)
    plan.treatment = treatment
    plan.fallback = fallback
    return .forward(plan)
  }

  /// A request that its pool has no room for.
  static func waiting() throws -> WaitingRequest {
    let states = EndpointStates()
    states.state(of: first.id).update(EndpointLoad(waiting: 10, scrapedAt: .max))
    let table = TestGateway.makeTable(address: "127.0.0.1", endpoints: [first.id], models: [:])
    let head = RequestHead(method: "POST", path: "/v1/completions", authority: "x", fields: [])
    var generator = SeededGenerator(1)
    let decision = RequestRouter(CompiledTables(Published(table), states: states)).decide(
      head, at: Arrival(address: "127.0.0.1", port: TestGateway.port), facts: BodyFacts(), now: 1, using: &generator)
    guard case .wait(let request) = decision else { throw Failure("does not wait: \(decision)") }
    return request
  }

  /// An exchange and the actions it asked for since the last look.
  struct Driver {
    var exchange: ProxyExchange
    var actions = ExchangeActions()

    init(
      _ body: String, headers: Fields = [:], method: String = "POST", version: ProtocolVersion = .http1_1,
      maximum: Int = 1 << 20
    ) {
      var all = Fields(dictionaryLiteral: ("host", "x"))
      if headers.first("content-type") == nil { all.list.append(("content-type", "application/json")) }
      all.list += headers.list
      var framing = BodyFraming.length(body.utf8.count)
      if let length = headers.first("content-length").flatMap({ Int($0) }) { framing = .length(length) }
      if headers.first("transfer-encoding") != nil { framing = .chunked }
      let head = RequestHead(
        method: method, path: "/v1/completions", authority: "x", version: version, fields: all.list)
      exchange = ProxyExchange(
        head: head, framing: framing, need: .model, client: HeaderTests.client,
        requestID: RequestID(loop: 1, number: 2),
        maximumBodyBytes: maximum)
      exchange.begin(into: &actions)
    }

    /// A request without a body, which no rule asks of.
    init(offering fields: Fields, method: String) {
      let head = RequestHead(
        method: method, path: "/v1/realtime", authority: "x", fields: [("host", "x")] + fields.list)
      exchange = ProxyExchange(
        head: head, framing: .none, need: .none, client: HeaderTests.client, requestID: RequestID(loop: 1, number: 2),
        maximumBodyBytes: 1 << 20)
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

    /// What was asked for; of counting tells ``counts``.
    mutating func take() -> [ExchangeAction] {
      defer { actions.removeAll() }
      counts += actions.count { $0 == .countInFlight }
      return actions.filter { $0 != .countInFlight }
    }

    /// How often the request was counted as in flight, of what was taken.
    var counts = 0

    /// A request that is with its first endpoint, whole.
    static func dispatched(
      _ body: String = #"{"model":"chat"}"#, rewrite: String? = nil, method: String = "POST",
      version: ProtocolVersion = .http1_1, candidates: [Endpoint] = [first, second],
      treatment: RequestTreatment? = nil
    ) -> Driver {
      var driver = Driver(body, method: method, version: version)
      driver.send(body)
      driver.exchange.decided(plan(candidates, rewrite: rewrite, treatment: treatment), into: &driver.actions)
      driver.end()
      _ = driver.take()
      return driver
    }

    mutating func connected(reused: Bool = false) {
      exchange.upstreamConnected(reused: reused, into: &actions)
    }

    mutating func respond(_ fields: Fields, _ framing: BodyFraming? = nil, status: Int = 200, hasBudget: Bool = true) {
      let length = fields.first("content-length").flatMap { Int($0) }.map { BodyFraming.length($0) }
      let coding = fields.first("transfer-encoding").map { _ in BodyFraming.chunked }
      exchange.responseHead(
        ResponseHead(status: status, fields: fields.list), framing ?? coding ?? length ?? .untilClose,
        hasBudget: { hasBudget }, into: &actions)
    }
  }
}

/// Fields as tests write them.
struct Fields: ExpressibleByDictionaryLiteral, Sendable {
  var list: [(name: String, value: String)]

  init(dictionaryLiteral elements: (String, String)...) { list = elements.map { ($0.0, $0.1) } }

  func first(_ name: String) -> String? { list.first { $0.name == name }?.value }
}

/// What an endpoint is sent of a body.
func upstreamBody(_ text: String) -> ExchangeAction { .upstreamBody(ByteBuffer(string: text)) }

/// The status of the response among the actions.
func status(_ actions: [ExchangeAction]) -> Int? {
  for action in actions {
    switch action {
    case .clientHead(let head, _): return head.status
    case .clientAnswer(let error, _): return error.status
    default: continue
    }
  }
  return nil
}
