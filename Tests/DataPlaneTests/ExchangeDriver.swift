import NIOCore
import NIOHTTP1
import Routing

@testable import DataPlane

extension ExchangeTests {
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
}

/// What an endpoint is sent of a body.
func upstreamBody(_ text: String) -> ExchangeAction { .upstreamBody(ByteBuffer(string: text)) }

/// The status of the response among the actions.
func status(_ actions: [ExchangeAction]) -> UInt? {
  for case .clientHead(let head) in actions { return head.status.code }
  return nil
}
