import NIOCore
import Routing

/// What an event loop asks of the router about a request.
struct RouterSteps {
  /// The rules that its head leaves open; `nil` where somebody else than a routing table decides.
  var route: (RequestHead, ClientInfo) -> Result<OpenRoute?, GatewayError>
  /// Where it goes.
  var decide: (RequestHead, ClientInfo, OpenRoute?, BodyFacts) -> RoutingDecision
  /// Whether a connection must begin with a PROXY header.
  var expectsProxyHeader: (ClientInfo) -> Bool = { _ in false }
  /// Whether a connection must begin with TLS.
  var isSecure: (ClientInfo) -> Bool = { _ in false }
  /// Whether some listener there hands on bytes as they come.
  var passesBytes: (ClientInfo) -> Bool = { _ in false }
  /// The listener of TLS for a client that asks for this name, or for none.
  var listener: (String?, ClientInfo) -> Listener? = { _, _ in nil }
}

extension RouterSteps {
  /// Asks a router; for one event loop.
  init(_ router: RequestRouter) {
    let reader = RoutingReader(router.tables)
    var generator = DecisionGenerator()
    expectsProxyHeader = { reader.table.expectsProxyHeader(at: $0.arrival) }
    isSecure = { reader.table.isSecure(at: $0.arrival) }
    passesBytes = { reader.table.passesBytes(at: $0.arrival) }
    listener = { reader.table.secureListener(named: $0, at: $1.arrival) }
    route = { head, client in
      do throws(GatewayError) {
        return .success(try router.route(head, at: client.arrival, in: reader.table))
      } catch {
        return .failure(error)
      }
    }
    decide = { head, client, open, facts in
      // A router that opened none is never asked.
      guard let open else { return .reject(.noCandidate) }
      let now = NIODeadline.now().uptimeNanoseconds
      return router.decide(open, head, at: client.arrival, facts: facts, now: now, using: &generator)
    }
  }
}
