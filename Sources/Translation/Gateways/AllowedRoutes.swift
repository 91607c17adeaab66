import KubernetesAPI

/// The kinds of route that a listener allows.
struct AllowedKinds {
  /// Those that may attach, be the listener served or not.
  let allowed: [RouteKind]
  /// Those that we do not serve at such a listener.
  let invalid: [RouteGroupKind]
  private let possible: [RouteKind]
  private let spoken: String

  init(_ listener: GatewayListener) {
    let wanted = listener.allowedRoutes?.kinds ?? []
    let possible = RouteKind.kinds(ofProtocol: listener.protocol)
    self.possible = possible
    spoken = listener.protocol
    invalid = wanted.filter { Self.kind($0, among: possible) == nil }
    allowed =
      wanted.isEmpty ? possible : possible.filter { kind in wanted.contains { Self.kind($0, among: [kind]) != nil } }
  }

  /// What `supportedKinds` says.
  var supported: [RouteGroupKind] { allowed.map { RouteGroupKind(group: GatewayAPIName.group, kind: $0.rawValue) } }

  /// Whether a route of this kind may attach.
  func allows(_ kind: RouteKind) -> Bool { allowed.contains(kind) }

  private static func kind(_ wanted: RouteGroupKind, among kinds: [RouteKind]) -> RouteKind? {
    guard (wanted.group ?? GatewayAPIName.group) == GatewayAPIName.group else { return nil }
    return kinds.first { $0.rawValue == wanted.kind }
  }

  /// What is wrong with the kinds, if anything.
  var problem: Finding? {
    if invalid.isEmpty { return nil }
    let names = invalid.map { ($0.group ?? GatewayAPIName.group) + "/" + $0.kind }.joined(separator: ", ")
    let cure =
      !possible.isEmpty
      ? "which a listener of protocol \(spoken) does not take: use \(possible.map(\.rawValue).joined(separator: " or ")), or leave "
        + "kinds out"
      : "which Switchyard does not serve here: use HTTPRoute at a listener of protocol HTTP or HTTPS"
    return Finding(.invalidRouteKinds, "allowedRoutes.kinds names \(names), \(cure)")
  }
}

/// Names of Gateway API.
enum GatewayAPIName {
  static let group = "gateway.networking.k8s.io"
}

/// Whether the listener's `allowedRoutes.namespaces` lets in routes of this namespace.
func allows(_ listener: OwnedListener, routesFrom namespace: String, in cluster: ClusterIndex) -> Bool {
  let namespaces = listener.spec.allowedRoutes?.namespaces
  switch namespaces?.from ?? "Same" {
  case "All":
    return true
  case "Same":
    return namespace == listener.parent.metadata.namespace
  case "Selector":
    return namespaces?.selector?.matches(cluster.namespaceLabels[namespace]) ?? false
  default:
    return false
  }
}
