import Routing

/// What is open to one endpoint over one transport, and who waits: a class, so that finding it changes nothing.
final class UpstreamConnections {
  let state: EndpointState
  let transport: CompiledTransport
  var leases: UpstreamPool.Leases
  var waiters: [LeaseTicket: UpstreamPool.Waiter] = [:]

  init(_ state: EndpointState, _ transport: CompiledTransport, limits: UpstreamPool.Leases.Limits) {
    self.state = state
    self.transport = transport
    leases = UpstreamPool.Leases(limits: limits)
  }
}
