/// Routes connections of TLS to backends by the name that clients ask for (SNI).
///
/// Source: <https://gateway-api.sigs.k8s.io/reference/spec/#tlsroute>
public struct TLSRoute: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "gateway.networking.k8s.io", version: "v1", kind: "TLSRoute", plural: "tlsroutes")

  /// Metadata.
  public var metadata: ObjectMeta
  /// The routes.
  public var spec: TLSRouteSpec
  /// What controllers say.
  public var status: RouteStatus?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: TLSRouteSpec, status: RouteStatus? = nil) {
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// What a route of TLS does, and where.
public struct TLSRouteSpec: Codable, Sendable, Equatable {
  /// The Gateways it attaches to.
  @OrEmpty public var parentRefs: [ParentReference]
  /// The names that clients ask for; the API takes no route without one.
  @OrEmpty public var hostnames: [String]
  /// Its rules; the API takes exactly one.
  @OrEmpty public var rules: [TLSRouteRule]

  /// Makes the value from its parts.
  public init(parentRefs: [ParentReference] = [], hostnames: [String] = [], rules: [TLSRouteRule] = []) {
    self.parentRefs = parentRefs
    self.hostnames = hostnames
    self.rules = rules
  }
}

/// One rule: backends, by weight.
public struct TLSRouteRule: Codable, Sendable, Equatable {
  /// Its name.
  public var name: String?
  /// Backends, by weight; they have no filters.
  @OrEmpty public var backendRefs: [HTTPBackendRef]

  /// Makes the value from its parts.
  public init(name: String? = nil, backendRefs: [HTTPBackendRef] = []) {
    self.name = name
    self.backendRefs = backendRefs
  }
}

extension TLSRoute: Route {
  /// The Gateways it attaches to.
  public var parentRefs: [ParentReference] { spec.parentRefs }
  /// The names that clients ask for.
  public var hostnames: [String] { spec.hostnames }
}
