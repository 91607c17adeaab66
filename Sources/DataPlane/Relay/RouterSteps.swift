import NIOCore
import Routing

/// What an event loop asks of the router about a request.
struct RouterSteps {
  /// The rules that its head leaves open; `nil` where somebody else than a routing table decides.
  var route: (RequestHead, ClientInfo) -> Result<OpenRoute?, GatewayError>
  /// Where it goes.
  var decide: (RequestHead, ClientInfo, OpenRoute?, BodyFacts) -> RoutingDecision
}

extension RouterSteps {
  /// Asks a router; for one event loop.
  init(_ router: RequestRouter) {
    let reader = RoutingReader(router.tables)
    var generator = DecisionGenerator()
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

extension ClientInfo {
  fileprivate var arrival: Arrival { Arrival(address: listenerAddress, port: listenerPort) }
}
