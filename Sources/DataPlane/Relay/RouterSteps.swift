import NIOCore
import Routing

/// What an event loop asks of the router about a request.
struct RouterSteps {
  /// The rules that its head leaves open; `nil` where somebody else than a routing table decides.
  var route: (RequestHead, ClientInfo) -> Result<OpenRoute?, GatewayError>
  /// Where it goes.
  var decide: (RequestHead, OpenRoute?, BodyFacts) -> RoutingDecision
}

extension RouterSteps {
  /// Asks a router; for one event loop.
  init(_ router: RequestRouter) {
    let reader = RoutingReader(router.tables)
    var generator = DecisionGenerator()
    route = { head, client in
      do throws(GatewayError) {
        let arrival = Arrival(address: client.listenerAddress, port: client.listenerPort)
        return .success(try router.route(head, at: arrival, in: reader.table))
      } catch {
        return .failure(error)
      }
    }
    decide = { head, open, facts in
      // A router that opened none is never asked.
      guard let open else { return .reject(.noCandidate) }
      let now = NIODeadline.now().uptimeNanoseconds
      do throws(GatewayError) {
        let binding = try router.bind(try router.resolve(open, head, facts: facts), using: &generator)
        if case .reject(let error) = router.admit(binding, now: now) { throw error }
        return .forward(ForwardPlan(binding, candidates: try router.pick(binding, now: now, using: &generator)))
      } catch {
        return .reject(error)
      }
    }
  }
}
