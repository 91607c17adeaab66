import KubernetesAPI
import Routing

/// A Gateway of ours, with what was found out about its listeners.
struct OwnedGateway {
  let gateway: Gateway
  let addresses: [String]
  var listeners: [OwnedListener]

  var key: ObjectKey { gateway.key }

  /// Whether a route may be attached at all: something of the Gateway's own spec forbids to serve it.
  let problem: Finding?
  /// Whether the GatewayClass does not exist (any more).
  let classIsGone: Bool

  /// Whether the listener takes part in the routing table. A socket that could not be bound stays in it, so that the
  /// data plane tries again.
  func serves(_ listener: OwnedListener) -> Bool { problem == nil && listener.isUsable }
}

/// A listener of a Gateway of ours.
struct OwnedListener {
  let spec: GatewayListener
  let hostname: HostnamePattern?
  let kinds: AllowedKinds
  /// Why the listener cannot be accepted, apart from conflicts.
  let problem: Finding?
  /// Which other listener it cannot be told apart from.
  var conflict: Finding?
  /// Why the data plane could not bind it.
  let bindFailure: String?

  /// Whether requests can be taken by it.
  var isUsable: Bool { problem == nil && conflict == nil && !kinds.supported.isEmpty }
}

extension OwnedListener {
  init(_ spec: GatewayListener, addresses: [String], failures: [ListenerSocket: String]) {
    self.spec = spec
    hostname = spec.hostname.flatMap { $0.isEmpty ? nil : HostnamePattern($0) }
    kinds = AllowedKinds(spec)
    problem = Self.problem(of: spec)
    conflict = nil
    let failed = addresses.compactMap { address in
      failures[ListenerSocket(address: address, port: spec.port)].map { "\(address):\(spec.port): \($0)" }
    }
    bindFailure = failed.isEmpty ? nil : failed.joined(separator: "; ")
  }

  private static func problem(of spec: GatewayListener) -> Finding? {
    if spec.protocol != "HTTP" {
      return Finding(
        "UnsupportedProtocol",
        "protocol \(spec.protocol) is not served by this version of Switchyard: use HTTP, and end TLS in front of it")
    }
    if !(1...65_535).contains(spec.port) {
      return Finding("PortUnavailable", "port \(spec.port) is no port: use 1 to 65535")
    }
    return nil
  }
}
