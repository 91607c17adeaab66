import Routing

/// What is open to one endpoint over one transport, and who waits: a class, so that finding it changes nothing.
///
/// Over HTTP/1 a request has a connection for itself (``leases``), over HTTP/2 a stream of one (``streams``); the other is empty.
final class UpstreamConnections {
  let state: EndpointState
  let transport: CompiledTransport
  let isShared: Bool
  let isSecure: Bool
  var leases: UpstreamPool.Leases
  var streams: StreamLeases<HTTP2UpstreamHandler>
  var waiters: [LeaseTicket: UpstreamPool.Waiter] = [:]
  /// Whom its connections are to have been made with, as a number that changes.
  var trust: Int

  init(_ state: EndpointState, _ transport: CompiledTransport, limits: UpstreamPool.Leases.Limits, trust: Int) {
    self.state = state
    self.transport = transport
    self.trust = trust
    isShared = transport.transport.application == .http2
    isSecure = transport.transport.security != nil
    leases = UpstreamPool.Leases(limits: limits)
    streams = StreamLeases(
      limits: .init(connections: limits.connections, resting: limits.resting, waiters: limits.waiters))
  }

  /// Connections that nobody uses.
  var resting: Int { leases.resting + streams.resting }
  /// When the one that has rested longest began to.
  var oldest: UInt64? { isShared ? streams.oldest : leases.oldest }
  /// Nobody holds, opens, keeps or waits for anything.
  var isEmpty: Bool { leases.isEmpty && streams.isEmpty }

  /// Waits; `nil` where too many wait already.
  func wait(needsNew: Bool) -> LeaseTicket? {
    isShared ? streams.wait(needsNew: needsNew) : leases.wait(needsNew: needsNew)
  }

  /// Nobody waits with the ticket any more.
  func cancel(_ ticket: LeaseTicket) {
    if isShared { streams.cancel(ticket) } else { leases.cancel(ticket) }
    waiters[ticket] = nil
  }

  /// Whether one more connection is to be opened; counts it.
  func opensAnother() -> Bool { isShared ? streams.opensAnother() : leases.opensAnother() }

  /// A connection could not be opened: returns those that are to be told.
  func failedToOpen() -> [LeaseTicket] {
    isShared ? streams.failedToOpen() : leases.failedToOpen().map { [$0] } ?? []
  }
}
