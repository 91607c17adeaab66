import KubernetesAPI

/// The kinds of route that a listener allows.
struct AllowedKinds {
  /// Those we know; what `supportedKinds` says.
  let supported: [RouteGroupKind]
  /// Those we do not know.
  let invalid: [RouteGroupKind]

  init(_ listener: GatewayListener) {
    let wanted = listener.allowedRoutes?.kinds ?? []
    let httpRoute = RouteGroupKind(group: GatewayAPIName.group, kind: "HTTPRoute")
    guard listener.protocol == "HTTP" else {
      supported = []
      invalid = []
      return
    }
    if wanted.isEmpty {
      supported = [httpRoute]
      invalid = []
      return
    }
    invalid = wanted.filter { !Self.isHTTPRoute($0) }
    supported = invalid.count == wanted.count ? [] : [httpRoute]
  }

  private static func isHTTPRoute(_ kind: RouteGroupKind) -> Bool {
    kind.kind == "HTTPRoute" && (kind.group ?? GatewayAPIName.group) == GatewayAPIName.group
  }

  /// What is wrong with the kinds, if anything.
  var problem: Finding? {
    if invalid.isEmpty { return nil }
    let names = invalid.map { ($0.group ?? GatewayAPIName.group) + "/" + $0.kind }.joined(separator: ", ")
    return Finding(
      "InvalidRouteKinds",
      "allowedRoutes.kinds names \(names), which an HTTP listener does not take: use HTTPRoute, or leave kinds out")
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
