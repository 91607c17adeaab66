import KubernetesAPI
import Routing

/// A route of any kind, as all that follows sees it.
struct RouteSource {
  let kind: RouteKind
  let metadata: ObjectMeta
  let parentRefs: [ParentReference]
  let hostnames: [String]
  let rules: [RuleSource]

  var key: ObjectKey { ObjectKey(namespace: metadata.namespace, name: metadata.name) }

  private init(_ kind: RouteKind, _ route: some Route, rules: [RuleSource]) {
    self.kind = kind
    metadata = route.metadata
    parentRefs = route.parentRefs
    hostnames = route.hostnames
    self.rules = rules
  }

  init(_ route: HTTPRoute) {
    self.init(.http, route, rules: route.spec.rules.indices.map { RuleSource(route.spec.rules[$0], at: $0) })
  }

  init(_ route: GRPCRoute) {
    self.init(.grpc, route, rules: route.spec.rules.indices.map { RuleSource(route.spec.rules[$0], at: $0) })
  }

  init(_ route: TLSRoute) {
    self.init(.tls, route, rules: route.spec.rules.indices.map { RuleSource(route.spec.rules[$0], at: $0) })
  }

  init<Transport>(_ route: TransportRoute<Transport>) {
    let kind: RouteKind = Transport.self == RoutedUDP.self ? .udp : .tcp
    self.init(kind, route, rules: route.spec.rules.indices.map { RuleSource(route.spec.rules[$0], at: $0) })
  }

  /// All routes of the cluster, the oldest first.
  static func all(_ state: ClusterState) -> [RouteSource] {
    let routes =
      state.httpRoutes.map(RouteSource.init) + state.grpcRoutes.map(RouteSource.init)
      + state.tlsRoutes.map(RouteSource.init) + state.tcpRoutes.map(RouteSource.init)
      + state.udpRoutes.map(RouteSource.init)
    return routes.sorted { left, right in
      // Two kinds may have a name in common.
      left.key == right.key && left.metadata.creationTimestamp == right.metadata.creationTimestamp
        ? left.kind.rawValue < right.kind.rawValue : left.metadata.isOlder(than: right.metadata)
    }
  }
}

/// One rule of a route of any kind.
struct RuleSource {
  /// Its place, for messages.
  let field: String
  /// Which requests it takes.
  let matches: RuleMatches
  /// What it does with them, in the words of HTTPRoute, which has all that the other kinds have. Its matches are those above.
  let rule: HTTPRouteRule

  init(_ rule: HTTPRouteRule, at index: Int) {
    field = Self.field(index)
    matches = RuleMatches(rule, field: field)
    self.rule = rule
  }

  init(_ rule: GRPCRouteRule, at index: Int) {
    field = Self.field(index)
    matches = RuleMatches(rule, field: field)
    self.rule = HTTPRouteRule(name: rule.name, filters: rule.filters, backendRefs: rule.backendRefs)
  }

  /// All connections for the route's host names, or at its ports: there is nothing else in them to be matched.
  init(_ rule: TLSRouteRule, at index: Int) {
    field = Self.field(index)
    self.rule = HTTPRouteRule(name: rule.name, backendRefs: rule.backendRefs)
    matches = RuleMatches(self.rule, field: field)
  }

  private static func field(_ index: Int) -> String { "spec.rules[\(index)]" }
}
