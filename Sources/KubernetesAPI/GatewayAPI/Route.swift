/// What the kinds of route have in common: parents that they attach to, and what controllers say of them at each.
///
/// Source: `CommonRouteSpec` and `RouteStatus`, Gateway API v1.
public protocol Route: Resource {
  /// The Gateways it attaches to.
  var parentRefs: [ParentReference] { get }
  /// The host names it serves; all when empty.
  var hostnames: [String] { get }
  /// What controllers say.
  var status: RouteStatus? { get set }
}

extension HTTPRoute: Route {
  /// The Gateways it attaches to.
  public var parentRefs: [ParentReference] { spec.parentRefs }
  /// The host names it serves; all when empty.
  public var hostnames: [String] { spec.hostnames }
}

extension GRPCRoute: Route {
  /// The Gateways it attaches to.
  public var parentRefs: [ParentReference] { spec.parentRefs }
  /// The host names it serves; all when empty.
  public var hostnames: [String] { spec.hostnames }
}
