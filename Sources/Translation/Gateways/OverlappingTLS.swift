import KubernetesAPI
import Routing

/// Which HTTPS listeners of one port a client may take for each other: with HTTP/2 it sends requests of every host that the
/// certificate names over one connection, and those of another listener are answered with 421.
///
/// Source: `ListenerConditionOverlappingTLSConfig`, Gateway API v1; GEP-3567.
struct OverlappingTLS {
  private let listeners: [OwnedListener]
  /// By port.
  private let hostnames: [Int: HostnameOverlaps]
  private let certificates: [Int: HostnameOverlaps]

  init(_ owned: OwnedGateway) {
    listeners = owned.listeners
    var (hostnames, certificates): ([Int: HostnameOverlaps], [Int: HostnameOverlaps]) = ([:], [:])
    for (place, listener) in listeners.enumerated() where listener.mayOverlap {
      hostnames[listener.spec.port, default: HostnameOverlaps()].add(listener.hostname, at: place)
      for name in listener.security?.names ?? [] {
        certificates[listener.spec.port, default: HostnameOverlaps()].add(name, at: place)
      }
    }
    (self.hostnames, self.certificates) = (hostnames, certificates)
  }

  /// What the listener at this place has in common with another, the first of them if there are more. Of certificates it is said
  /// before host names, as the source asks.
  func finding(at place: Int) -> Finding? {
    let listener = listeners[place]
    guard listener.mayOverlap else { return nil }
    let port = listener.spec.port
    let others = (listener.security?.names ?? []).compactMap {
      certificates[port]?.first(overlapping: $0, except: place)
    }
    if let other = others.min() {
      return Finding(
        .overlappingCertificates,
        "listener \(listeners[other].title(at: listener)) shows certificates with names in common with those of this one: a client "
          + "may send requests of both over one connection, and those of the other get 421")
    }
    return hostnames[port]?.first(overlapping: listener.hostname, except: place).map {
      Finding(
        .overlappingHostnames,
        "listener \(listeners[$0].title(at: listener)) has host names in common with this one: connections are told apart by "
          + "the most specific, and a request of the other's over one of them gets 421")
    }
  }
}

extension OwnedListener {
  /// Whether one connection may carry requests of several hosts.
  fileprivate var mayOverlap: Bool { security != nil && isUsable && spec.protocol == "HTTPS" }
}
