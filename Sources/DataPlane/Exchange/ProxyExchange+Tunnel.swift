import NIOCore
import Routing

// From the head of a response of status 101 on, bytes pass both ways as they come.
extension ProxyExchange {
  /// The endpoint has taken up the client's offer: neither speaks HTTP any more.
  mutating func upgraded(_ head: ResponseHead, into actions: inout ExchangeActions) {
    guard case .connected = upstream, response == .none, passage == .upgrade else { return }
    open(head, into: &actions)
  }

  /// From here on bytes pass.
  mutating func open(_ head: ResponseHead, into actions: inout ExchangeActions) {
    response = .tunnel(Tunnel())
    count(into: &actions)
    record.status = head.status
    body.release()
    actions.append(.clientUpgraded(Self.changed(head, by: plan?.treatment)))
  }

  /// Bytes of the client.
  mutating func tunnel(fromClient piece: ByteBuffer, into actions: inout ExchangeActions) {
    guard case .tunnel(let tunnel) = response, !tunnel.clientHasEnded else { return }
    record.requestBytes += piece.readableBytes
    actions.append(.upstreamBody(piece))
  }

  /// Bytes of the endpoint.
  mutating func tunnel(fromEndpoint piece: ByteBuffer, into actions: inout ExchangeActions) {
    guard case .tunnel(let tunnel) = response, !tunnel.endpointHasEnded else { return }
    record.responseBytes += piece.readableBytes
    actions.append(.clientBody(piece))
  }

  /// The client sends nothing more; it may still be sent to.
  mutating func tunnelEndedByClient(into actions: inout ExchangeActions) {
    guard case .tunnel(var tunnel) = response, !tunnel.clientHasEnded else { return }
    tunnel.clientHasEnded = true
    actions.append(.upstreamEnd)
    settle(tunnel, into: &actions)
  }

  /// The endpoint sends nothing more; it may still be sent to.
  mutating func tunnelEndedByEndpoint(into actions: inout ExchangeActions) {
    guard case .tunnel(var tunnel) = response, !tunnel.endpointHasEnded else { return }
    tunnel.endpointHasEnded = true
    actions.append(.clientEnd)
    settle(tunnel, into: &actions)
  }

  /// Nothing has passed for as long as a tunnel may rest.
  mutating func tunnelRested(into actions: inout ExchangeActions) {
    record.error = .tunnelIdle
    finish(.complete(ends: true), into: &actions)
  }

  private mutating func settle(_ tunnel: Tunnel, into actions: inout ExchangeActions) {
    response = .tunnel(tunnel)
    guard tunnel.isOver else { return }
    release(reusable: false, into: &actions)
    finish(.complete(ends: true), into: &actions)
  }
}
