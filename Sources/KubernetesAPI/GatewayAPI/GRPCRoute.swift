/// Routes calls of gRPC to backends.
///
/// Source: <https://gateway-api.sigs.k8s.io/reference/spec/#grpcroute>
public struct GRPCRoute: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "gateway.networking.k8s.io", version: "v1", kind: "GRPCRoute", plural: "grpcroutes")

  /// Metadata.
  public var metadata: ObjectMeta
  /// The routes.
  public var spec: GRPCRouteSpec
  /// What controllers say.
  public var status: RouteStatus?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: GRPCRouteSpec, status: RouteStatus? = nil) {
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// What a route of gRPC does, and where.
public struct GRPCRouteSpec: Codable, Sendable, Equatable {
  /// The Gateways it attaches to.
  @OrEmpty public var parentRefs: [ParentReference]
  /// The host names it serves; all when empty.
  @OrEmpty public var hostnames: [String]
  /// Its rules.
  @OrEmpty public var rules: [GRPCRouteRule]

  /// Makes the value from its parts.
  public init(parentRefs: [ParentReference] = [], hostnames: [String] = [], rules: [GRPCRouteRule] = []) {
    self.parentRefs = parentRefs
    self.hostnames = hostnames
    self.rules = rules
  }
}

/// One rule: matches, any of which suffices, and backends.
public struct GRPCRouteRule: Codable, Sendable, Equatable {
  /// Its name.
  public var name: String?
  /// Matches; every call when empty.
  @OrEmpty public var matches: [GRPCRouteMatch]
  /// Filters: those that an HTTPRoute has under the same names.
  @OrEmpty public var filters: [HTTPRouteFilter]
  /// Backends, by weight.
  @OrEmpty public var backendRefs: [HTTPBackendRef]

  /// Makes the value from its parts.
  public init(
    name: String? = nil, matches: [GRPCRouteMatch] = [], filters: [HTTPRouteFilter] = [],
    backendRefs: [HTTPBackendRef] = []
  ) {
    self.name = name
    self.matches = matches
    self.filters = filters
    self.backendRefs = backendRefs
  }
}

/// What a call must have: all of it.
public struct GRPCRouteMatch: Codable, Sendable, Equatable {
  /// What is called; anything when unset.
  public var method: GRPCMethodMatch?
  /// Headers.
  @OrEmpty public var headers: [HTTPValueMatch]

  /// Makes the value from its parts.
  public init(method: GRPCMethodMatch? = nil, headers: [HTTPValueMatch] = []) {
    self.method = method
    self.headers = headers
  }
}

/// What is called: a service, a method, or both.
public struct GRPCMethodMatch: Codable, Sendable, Equatable {
  /// `Exact` when unset, or `RegularExpression`.
  public var type: String?
  /// The service with its package, such as `inference.GRPCInferenceService`; any when unset.
  public var service: String?
  /// The method; any when unset.
  public var method: String?

  /// Makes the value from its parts.
  public init(type: String? = nil, service: String? = nil, method: String? = nil) {
    self.type = type
    self.service = service
    self.method = method
  }
}
