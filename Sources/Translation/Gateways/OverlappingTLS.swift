import KubernetesAPI
import Routing

extension OwnedGateway {
  /// Which other listener of the port a client may take for this one: with HTTP/2 it sends requests of every host that the
  /// certificate names over one connection, and those of another listener are answered with 421.
  ///
  /// Source: `ListenerConditionOverlappingTLSConfig`, Gateway API v1; GEP-3567.
  func overlap(of listener: OwnedListener) -> Finding? {
    guard let security = listener.security, listener.isUsable, listener.speaksHTTP else { return nil }
    let others = listeners.lazy.filter {
      ($0.spec.name != listener.spec.name || $0.parent.set != listener.parent.set) && $0.spec.port == listener.spec.port
        && $0.security != nil && $0.isUsable && $0.speaksHTTP
    }
    if let other = others.first(where: { Self.overlap($0.hostname, listener.hostname) }) {
      return Finding(
        "OverlappingHostnames",
        "listener \(other.title(at: listener)) has host names in common with this one: connections are told apart by the most "
          + "specific, and a request of the other's over one of them gets 421")
    }
    let other = others.first { other in
      security.names.contains { name in other.security?.names.contains { Self.overlap($0, name) } == true }
    }
    return other.map {
      Finding(
        "OverlappingCertificates",
        "listener \($0.title(at: listener)) shows certificates with names in common with those of this one: a client may send "
          + "requests of both over one connection, and those of the other get 421")
    }
  }

  private static func overlap(_ one: HostnamePattern?, _ other: HostnamePattern?) -> Bool {
    guard let one, let other else { return true }
    return one.intersection(other) != nil
  }
}

extension OwnedListener {
  /// Whether one connection may carry requests of several hosts.
  fileprivate var speaksHTTP: Bool { spec.protocol == "HTTPS" }
}
