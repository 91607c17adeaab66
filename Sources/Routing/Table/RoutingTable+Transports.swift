extension RoutingTable {
  /// All that is spoken with endpoints: what each pool asks for, with the certificate of each Gateway that routes to it; and with
  /// pickers whose certificates are asked for.
  package var transports: Set<UpstreamTransport> {
    var transports = Set(pools.values.map(\.transport))
    for listener in listeners where listener.clientCertificate != nil {
      for target in listener.rules.lazy.flatMap(\.targets) {
        guard case .pool(let id) = target, let pool = pools[id] else { continue }
        transports.insert(pool.transport.showing(listener.clientCertificate))
      }
    }
    return transports.union(transports.map(\.ofBytes)).union(pools.values.compactMap(\.picker.transport))
  }
}

extension PoolPicker {
  /// What is spoken with a picker whose certificate is asked for.
  fileprivate var transport: UpstreamTransport? {
    guard case .external(let picker) = self, let security = picker.security else { return nil }
    return UpstreamTransport(picking: security)
  }
}

extension UpstreamTransport {
  /// What is spoken with pickers that must show this.
  package init(picking security: UpstreamTLS) { self.init(.http2, security: security) }
}

extension RouteRule {
  /// Where its requests, and copies of them, may go.
  package var targets: [BackendTarget] {
    let mirrors = [policy].compactMap(\.self).flatMap(\.mirrors) + backends.compactMap(\.policy).flatMap(\.mirrors)
    return backends.map(\.target) + mirrors.map(\.target)
  }
}
