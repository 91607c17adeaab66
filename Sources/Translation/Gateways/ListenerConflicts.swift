import KubernetesAPI
import Routing

/// Marks listeners that cannot be told apart.
///
/// Of a Gateway's own listeners all lose that are in a conflict: Gateway API forbids to pick a winner. Those that ListenerSets
/// add lose to the Gateway's own and to those of older ListenerSets, and to no other (GEP-1713). Between Gateways that share
/// an address the older Gateway keeps the host name, so that a newcomer never takes traffic away. A listener that is not
/// accepted for itself, such as one of a protocol that is not served, takes part in no conflict.
///
/// Source: `GatewaySpec.listeners`, Gateway API v1.
func markConflicts(_ gateways: [OwnedGateway]) -> [OwnedGateway] {
  var result = gateways
  for index in result.indices {
    result[index].listeners = addingSets(markConflicts(in: Array(result[index].listeners(of: nil))), of: result[index])
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
      stranger.map { otherProtocol("listener \($0.title(at: listener))", $0, listener) }
      ?? rival.map { sameSocket($0, listener) }
    return marked
  }
}

/// The Gateway's own listeners, and behind them those of ListenerSets, of which each yields to all before it. One of the
/// Gateway's own keeps its place also where it lost it to another: what its owner got wrong is not for others to take.
private func addingSets(_ own: [OwnedListener], of owned: OwnedGateway) -> [OwnedListener] {
  var taken: [Int: TakenPort] = [:]
  for listener in own where listener.problem == nil { taken[listener.spec.port, default: TakenPort()].add(listener) }
  return owned.listeners.dropFirst(own.count).reduce(into: own) { all, listener in
    var marked = listener
    marked.conflict = taken[listener.spec.port]?.conflict(with: listener)
    if marked.problem == nil, marked.conflict == nil { taken[listener.spec.port, default: TakenPort()].add(marked) }
    all.append(marked)
  }
}

/// What the listeners of a port have that come before others.
private struct TakenPort {
  private var inClear: OwnedListener?
  private var ofTLS: OwnedListener?
  private var byHostname: [HostnamePattern?: OwnedListener] = [:]

  mutating func add(_ listener: OwnedListener) {
    if listener.spec.speaksTLS { ofTLS = ofTLS ?? listener } else { inClear = inClear ?? listener }
    if byHostname[listener.hostname] == nil { byHostname[listener.hostname] = listener }
  }

  func conflict(with listener: OwnedListener) -> Finding? {
    // One of TCP is not served, and has lost what another has all the same: GEP-1713.
    let isTCP = listener.spec.protocol == "TCP"
    guard listener.problem == nil || isTCP else { return nil }
    let stranger = isTCP ? inClear ?? ofTLS : listener.spec.speaksTLS ? inClear : ofTLS
    return stranger.map { otherProtocol("listener \($0.title(at: listener))", $0, listener) }
      ?? byHostname[listener.hostname].map { sameSocket($0, listener) }
  }
}

private func sameSocket(_ other: OwnedListener, _ listener: OwnedListener) -> Finding {
  Finding(
    .hostnameConflict,
    "listener \(other.title(at: listener)) has the same port \(listener.spec.port) and hostname \(listener.hostname?.text ?? "(any)"): "
      + "give one of them another port or hostname")
}

/// Whether a connection speaks TLS must be told before it says which host it is for.
private func otherProtocol(_ owner: String, _ other: OwnedListener, _ listener: OwnedListener) -> Finding {
  Finding(
    .protocolConflict,
    "\(owner) speaks \(other.spec.protocol) on the same port \(listener.spec.port), where this one would speak "
      + "\(listener.spec.protocol): give one of them another port")
}

/// Whether a connection begins with a PROXY header must be known before its first byte.
private func otherBeginning(_ other: OwnedListener, of older: OwnedGateway, _ listener: OwnedListener) -> Finding {
  Finding(
    .protocolConflict,
    "connections to listener \(other.title) of the older Gateway \(older.key) with the same address and port "
      + "\(listener.spec.port) \(other.expectsProxyHeader ? "begin" : "do not begin") with a PROXY header: give one of them "
      + "another port, or the same in annotation \(ProxyProtocolAnnotation.name)")
}

private func yield(_ listeners: [OwnedListener], to older: OwnedGateway) -> [OwnedListener] {
  listeners.map { listener in
    guard listener.isUsable else { return listener }
    let neighbours = older.listeners.filter { older.serves($0) && $0.spec.port == listener.spec.port }
    var marked = listener
    if let stranger = neighbours.first(where: { $0.spec.speaksTLS != listener.spec.speaksTLS }) {
      let owner = "listener \(stranger.title) of the older Gateway \(older.key) with the same address"
      marked.conflict = otherProtocol(owner, stranger, listener)
      return marked
    }
    if let other = neighbours.first(where: { $0.expectsProxyHeader != listener.expectsProxyHeader }) {
      marked.conflict = otherBeginning(other, of: older, listener)
      return marked
    }
    guard let rival = neighbours.first(where: { $0.hostname == listener.hostname }) else { return listener }
    marked.conflict = Finding(
      .hostnameConflict,
      "the older Gateway \(older.key) has the same address, port \(listener.spec.port) and hostname "
        + "\(listener.hostname?.text ?? "(any)") in listener \(rival.title): choose another port or hostname")
    return marked
  }
}
