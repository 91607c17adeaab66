extension RoutingTable {
  /// All that is spoken with endpoints: what each pool asks for, with the certificate of each Gateway that routes to it.
  package var transports: Set<UpstreamTransport> {
    var transports = Set(pools.values.map(\.transport))
    for listener in listeners where listener.clientCertificate != nil {
      for target in listener.rules.lazy.flatMap(\.targets) {
        guard case .pool(let id) = target, let pool = pools[id] else { continue }
        transports.insert(pool.transport.showing(listener.clientCertificate))
      }
    }
    return transports.union(transports.map(\.ofBytes))
  }
}

extension RouteRule {
  /// Where its requests, and copies of them, may go.
  package var targets: [BackendTarget] {
    let mirrors = [policy].compactMap(\.self).flatMap(\.mirrors) + backends.compactMap(\.policy).flatMap(\.mirrors)
    return backends.map(\.target) + mirrors.map(\.target)
  }
}
