import KubernetesAPI
import Routing

/// Marks listeners that cannot be told apart.
///
/// Inside one Gateway all listeners of a conflict lose: Gateway API forbids to pick a winner. Between Gateways that share
/// an address the older Gateway keeps the host name, so that a newcomer never takes traffic away. A listener that is not
/// accepted for itself, such as one of a protocol that is not served, takes part in no conflict.
///
/// Source: `GatewaySpec.listeners`, Gateway API v1.
func markConflicts(_ gateways: [OwnedGateway]) -> [OwnedGateway] {
  var result = gateways
  for index in result.indices {
    result[index].listeners = markConflicts(in: result[index].listeners)
  }
  for index in result.indices {
    for older in result[..<index] where sharesAddress(older, result[index]) {
      result[index].listeners = yield(result[index].listeners, to: older)
    }
  }
  return result
}

private func sharesAddress(_ one: OwnedGateway, _ other: OwnedGateway) -> Bool {
  one.addresses.contains { other.addresses.contains($0) }
}

private func markConflicts(in listeners: [OwnedListener]) -> [OwnedListener] {
  listeners.enumerated().map { index, listener in
    guard listener.problem == nil else { return listener }
    var marked = listener
    let neighbours = listeners.enumerated().filter {
      $0.offset != index && $0.element.problem == nil && $0.element.spec.port == listener.spec.port
    }.map(\.element)
    let stranger = neighbours.first { $0.spec.speaksTLS != listener.spec.speaksTLS }
    let rival = neighbours.first { $0.hostname == listener.hostname }
    marked.conflict =
      stranger.map { otherProtocol("listener \($0.spec.name)", $0, listener) }
      ?? rival.map { sameSocket($0.spec.name, listener) }
    return marked
  }
}

private func sameSocket(_ name: String, _ listener: OwnedListener) -> Finding {
  Finding(
    "HostnameConflict",
    "listener \(name) has the same port \(listener.spec.port) and hostname \(listener.hostname?.text ?? "(any)"): "
      + "give one of them another port or hostname")
}

/// Whether a connection speaks TLS must be told before it says which host it is for.
private func otherProtocol(_ owner: String, _ other: OwnedListener, _ listener: OwnedListener) -> Finding {
  Finding(
    "ProtocolConflict",
    "\(owner) speaks \(other.spec.protocol) on the same port \(listener.spec.port), where this one would speak "
      + "\(listener.spec.protocol): give one of them another port")
}

/// Whether a connection begins with a PROXY header must be known before its first byte.
private func otherBeginning(_ other: OwnedListener, of older: OwnedGateway, _ listener: OwnedListener) -> Finding {
  Finding(
    "ProtocolConflict",
    "connections to listener \(other.spec.name) of the older Gateway \(older.key) with the same address and port "
      + "\(listener.spec.port) \(other.expectsProxyHeader ? "begin" : "do not begin") with a PROXY header: give one of them "
      + "another port, or the same in annotation \(ProxyProtocolAnnotation.name)")
}

private func yield(_ listeners: [OwnedListener], to older: OwnedGateway) -> [OwnedListener] {
  listeners.map { listener in
    guard listener.isUsable else { return listener }
    let neighbours = older.listeners.filter { older.serves($0) && $0.spec.port == listener.spec.port }
    var marked = listener
    if let stranger = neighbours.first(where: { $0.spec.speaksTLS != listener.spec.speaksTLS }) {
      let owner = "listener \(stranger.spec.name) of the older Gateway \(older.key) with the same address"
      marked.conflict = otherProtocol(owner, stranger, listener)
      return marked
    }
    if let other = neighbours.first(where: { $0.expectsProxyHeader != listener.expectsProxyHeader }) {
      marked.conflict = otherBeginning(other, of: older, listener)
      return marked
    }
    guard let rival = neighbours.first(where: { $0.hostname == listener.hostname }) else { return listener }
    marked.conflict = Finding(
      "HostnameConflict",
      "the older Gateway \(older.key) has the same address, port \(listener.spec.port) and hostname "
        + "\(listener.hostname?.text ?? "(any)") in listener \(rival.spec.name): choose another port or hostname")
    return marked
  }
}
