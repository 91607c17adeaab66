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
  /// How requests wait for pools.
  var queue = QueueSteps()
  /// The listener of TLS for a client that asks for this name, or for none.
  var listener: (String?, ClientInfo) -> Listener? = { _, _ in nil }
}

/// What an event loop asks about requests that wait for their pools.
struct QueueSteps {
  /// Whether the pool takes a request that its own picker has not picked for.
  var admit: (WaitingRequest) -> Admission = { _ in .now }
  /// Lets a request wait; `nil` where there is no place.
  var enter: (WaitingRequest, @escaping PoolQueue.Waiter) -> PoolQueue.Ticket? = { _, _ in nil }
  /// The answer to one that finds no place, or loses it.
  var crowded: (WaitingRequest) -> GatewayError = { _ in .noCandidate }
  /// Lets the next in, if there is room.
  var admitNext: (CompiledPool) -> Void = { _ in }
  /// Where one goes that was let in.
  var decide: (WaitingRequest, RequestHead) -> RoutingDecision = { _, _ in .reject(.noCandidate) }
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
    queue = QueueSteps(router, reader)
  }
}

extension QueueSteps {
  /// Asks a router; for one event loop.
  init(_ router: RequestRouter, _ reader: RoutingReader) {
    var generator = DecisionGenerator()
    admit = { router.admit($0.binding, now: NIODeadline.now().uptimeNanoseconds) }
    enter = { router.enqueue($0, $1) }
    crowded = { router.crowded($0) }
    admitNext = { router.admitNext(to: $0, in: reader.table, now: NIODeadline.now().uptimeNanoseconds) }
    decide = { request, head in
      let now = NIODeadline.now().uptimeNanoseconds
      return router.decide(request, head, in: reader.table, now: now, using: &generator)
    }
  }
}
