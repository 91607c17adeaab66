import KubernetesAPI

/// The kinds of route that a listener allows.
struct AllowedKinds {
  /// Those we serve; what `supportedKinds` says.
  let supported: [RouteGroupKind]
  /// Those that we do not serve at such a listener.
  let invalid: [RouteGroupKind]
  /// Whether an HTTPRoute may attach, be the listener served or not.
  let allowHTTPRoutes: Bool
  private let takesHTTP: Bool
  private let spoken: String

  init(_ listener: GatewayListener) {
    let wanted = listener.allowedRoutes?.kinds ?? []
    let takesHTTP = ["HTTP", "HTTPS"].contains(listener.protocol)
    self.takesHTTP = takesHTTP
    spoken = listener.protocol
    invalid = wanted.filter { !(takesHTTP && Self.isHTTPRoute($0)) }
    allowHTTPRoutes = takesHTTP && (wanted.isEmpty || invalid.count < wanted.count)
    let isServed = takesHTTP && allowHTTPRoutes
    supported = isServed ? [RouteGroupKind(group: GatewayAPIName.group, kind: "HTTPRoute")] : []
  }

  private static func isHTTPRoute(_ kind: RouteGroupKind) -> Bool {
    kind.kind == "HTTPRoute" && (kind.group ?? GatewayAPIName.group) == GatewayAPIName.group
  }

  /// What is wrong with the kinds, if anything.
  var problem: Finding? {
    if invalid.isEmpty { return nil }
    let names = invalid.map { ($0.group ?? GatewayAPIName.group) + "/" + $0.kind }.joined(separator: ", ")
    let cure =
      takesHTTP
      ? "which a listener of protocol \(spoken) does not take: use HTTPRoute, or leave kinds out"
      : "which Switchyard does not serve here: use HTTPRoute at a listener of protocol HTTP or HTTPS"
    return Finding("InvalidRouteKinds", "allowedRoutes.kinds names \(names), \(cure)")
  }
}

/// Names of Gateway API.
enum GatewayAPIName {
  static let group = "gateway.networking.k8s.io"
}

/// Whether the listener's `allowedRoutes.namespaces` lets in routes of this namespace.
func allows(
  _ listener: GatewayListener, of gateway: Gateway, routesFrom namespace: String, in cluster: ClusterIndex
) -> Bool {
  let namespaces = listener.allowedRoutes?.namespaces
  switch namespaces?.from ?? "Same" {
  case "All":
    return true
  case "Same":
    return namespace == gateway.metadata.namespace
  case "Selector":
    return namespaces?.selector?.matches(cluster.labels(ofNamespace: namespace)) ?? false
  default:
    return false
  }
}
