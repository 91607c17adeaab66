public import JSONText

/// Routes HTTP requests to backends.
///
/// Source: <https://gateway-api.sigs.k8s.io/reference/spec/#httproute>
public struct HTTPRoute: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "gateway.networking.k8s.io", version: "v1", kind: "HTTPRoute", plural: "httproutes")

  /// Metadata.
  public var metadata: ObjectMeta
  /// The routes.
  public var spec: HTTPRouteSpec
  /// What controllers say.
  public var status: RouteStatus?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: HTTPRouteSpec, status: RouteStatus? = nil) {
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// What a route does, and where.
public struct HTTPRouteSpec: Codable, Sendable, Equatable {
  /// The Gateways it attaches to.
  @OrEmpty public var parentRefs: [ParentReference]
  /// The host names it serves; all when empty.
  @OrEmpty public var hostnames: [String]
  /// Its rules.
  @OrEmpty public var rules: [HTTPRouteRule]

  /// Makes the value from its parts.
  public init(parentRefs: [ParentReference] = [], hostnames: [String] = [], rules: [HTTPRouteRule] = []) {
    self.parentRefs = parentRefs
    self.hostnames = hostnames
    self.rules = rules
  }
}

/// One rule: matches, any of which suffices, and backends.
public struct HTTPRouteRule: Codable, Sendable, Equatable {
  /// Its name.
  public var name: String?
  /// Matches; everything when empty.
  @OrEmpty public var matches: [HTTPRouteMatch]
  /// Filters.
  @OrEmpty public var filters: [HTTPRouteFilter]
  /// Backends, by weight.
  @OrEmpty public var backendRefs: [HTTPBackendRef]
  /// Time limits.
  @IfReadable public var timeouts: HTTPRouteTimeouts?
  /// Retries.
  @IfReadable public var retry: HTTPRouteRetry?
  /// Session persistence.
  public var sessionPersistence: JSONValue?

  /// Makes the value from its parts.
  public init(
    name: String? = nil, matches: [HTTPRouteMatch] = [], filters: [HTTPRouteFilter] = [],
    backendRefs: [HTTPBackendRef] = [], timeouts: HTTPRouteTimeouts? = nil, retry: HTTPRouteRetry? = nil,
    sessionPersistence: JSONValue? = nil
  ) {
    self.name = name
    self.matches = matches
    self.filters = filters
    self.backendRefs = backendRefs
    self.timeouts = timeouts
    self.retry = retry
    self.sessionPersistence = sessionPersistence
  }
}

/// What a request must have: all of it.
public struct HTTPRouteMatch: Codable, Sendable, Equatable {
  /// The path; a prefix of `/` when unset.
  public var path: HTTPPathMatch?
  /// Headers.
  @OrEmpty public var headers: [HTTPValueMatch]
  /// Query parameters.
  @OrEmpty public var queryParams: [HTTPValueMatch]
  /// The method.
  public var method: String?

  /// Makes the value from its parts.
  public init(
    path: HTTPPathMatch? = nil, headers: [HTTPValueMatch] = [], queryParams: [HTTPValueMatch] = [],
    method: String? = nil
  ) {
    self.path = path
    self.headers = headers
    self.queryParams = queryParams
    self.method = method
  }
}

/// What a path must be.
public struct HTTPPathMatch: Codable, Sendable, Equatable {
  /// `PathPrefix` when unset, `Exact` or `RegularExpression`.
  public var type: String?
  /// `/` when unset.
  public var value: String?

  /// Makes the value from its parts.
  public init(type: String? = nil, value: String? = nil) {
    self.type = type
    self.value = value
  }
}

/// What a header or query parameter must be.
public struct HTTPValueMatch: Codable, Sendable, Equatable {
  /// `Exact` when unset, or `RegularExpression`.
  public var type: String?
  /// Its name.
  @OrEmpty public var name: String
  /// Its value.
  @OrEmpty public var value: String

  /// Makes the value from its parts.
  public init(type: String? = nil, name: String, value: String) {
    self.type = type
    self.name = name
    self.value = value
  }
}

/// A backend of a rule.
public struct HTTPBackendRef: Codable, Sendable, Equatable {
  /// Its group; core when unset.
  public var group: String?
  /// Its kind; `Service` when unset.
  public var kind: String?
  /// Its name.
  @OrEmpty public var name: String
  /// Its namespace; the route's when unset.
  public var namespace: String?
  /// Its port; needed for a Service.
  public var port: Int?
  /// Its weight; 1 when unset.
  public var weight: Int?
  /// Filters for this backend alone.
  @OrEmpty public var filters: [HTTPRouteFilter]

  /// Makes the value from its parts.
  public init(
    group: String? = nil, kind: String? = nil, name: String, namespace: String? = nil, port: Int? = nil,
    weight: Int? = nil, filters: [HTTPRouteFilter] = []
  ) {
    self.group = group
    self.kind = kind
    self.name = name
    self.namespace = namespace
    self.port = port
    self.weight = weight
    self.filters = filters
  }

  /// The object it names.
  public var object: BackendObjectReference {
    BackendObjectReference(group: group, kind: kind, name: name, namespace: namespace, port: port)
  }
}

/// What controllers say of a route.
public struct RouteStatus: Codable, Sendable, Equatable {
  /// One entry a parent and controller.
  @OrEmpty public var parents: [RouteParentStatus]

  /// Makes the value from its parts.
  public init(parents: [RouteParentStatus] = []) {
    self.parents = parents
  }

  private enum CodingKeys: String, CodingKey { case parents }

  /// Writes `parents` even when it is empty, as the schema requires.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(parents, forKey: .parents)
  }
}

/// What one controller says of a route at one parent.
public struct RouteParentStatus: Codable, Sendable, Equatable {
  /// The parent.
  public var parentRef: ParentReference
  /// The controller.
  @OrEmpty public var controllerName: String
  /// Conditions by type.
  @OrEmpty public var conditions: [Condition]

  /// Makes the value from its parts.
  public init(parentRef: ParentReference, controllerName: String, conditions: [Condition] = []) {
    self.parentRef = parentRef
    self.controllerName = controllerName
    self.conditions = conditions
  }
}
