public import JSONText

/// Something that takes traffic at addresses and ports.
///
/// Source: <https://gateway-api.sigs.k8s.io/reference/spec/#gateway>
public struct Gateway: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "gateway.networking.k8s.io", version: "v1", kind: "Gateway", plural: "gateways")

  /// Metadata.
  public var metadata: ObjectMeta
  /// What it should do.
  public var spec: GatewaySpec
  /// What it does.
  public var status: GatewayStatus?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: GatewaySpec, status: GatewayStatus? = nil) {
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// What a Gateway should do.
public struct GatewaySpec: Codable, Sendable, Equatable {
  /// Its class.
  @OrEmpty public var gatewayClassName: String
  /// Where it listens.
  @OrEmpty public var listeners: [GatewayListener]
  /// Addresses it asks for.
  @OrEmpty public var addresses: [GatewayAddress]
  /// Labels, annotations and parameters for what is made for it.
  public var infrastructure: JSONValue?
  /// The TLS of all its listeners.
  public var tls: GatewayTLS?
  /// Which ListenerSets may add listeners; none when unset.
  public var allowedListeners: AllowedListeners?

  /// Makes the value from its parts.
  public init(
    gatewayClassName: String, listeners: [GatewayListener] = [], addresses: [GatewayAddress] = [],
    infrastructure: JSONValue? = nil, tls: GatewayTLS? = nil, allowedListeners: AllowedListeners? = nil
  ) {
    self.gatewayClassName = gatewayClassName
    self.listeners = listeners
    self.addresses = addresses
    self.infrastructure = infrastructure
    self.tls = tls
    self.allowedListeners = allowedListeners
  }
}

/// Which ListenerSets may add listeners to a Gateway.
public struct AllowedListeners: Codable, Sendable, Equatable {
  /// From which namespaces; here `from` is `None` when unset.
  public var namespaces: RouteNamespaces?

  /// Makes the value from its parts.
  public init(namespaces: RouteNamespaces? = nil) { self.namespaces = namespaces }
}

/// One listener of a Gateway.
public struct GatewayListener: Codable, Sendable, Equatable {
  /// Its name (section name), unique in the Gateway.
  @OrEmpty public var name: String
  /// The host names it serves; all when unset.
  public var hostname: String?
  /// Its port.
  public var port: Int
  /// `HTTP`, `HTTPS`, `TLS`, `TCP`, `UDP` or an implementation's own.
  @OrEmpty public var `protocol`: String
  /// How its TLS is set up.
  public var tls: ListenerTLS?
  /// Which routes may attach.
  public var allowedRoutes: AllowedRoutes?

  /// Makes the value from its parts.
  public init(
    name: String, hostname: String? = nil, port: Int, `protocol`: String, tls: ListenerTLS? = nil,
    allowedRoutes: AllowedRoutes? = nil
  ) {
    self.name = name
    self.hostname = hostname
    self.port = port
    self.`protocol` = `protocol`
    self.tls = tls
    self.allowedRoutes = allowedRoutes
  }
}

/// Which routes may attach to a listener.
public struct AllowedRoutes: Codable, Sendable, Equatable {
  /// From which namespaces.
  public var namespaces: RouteNamespaces?
  /// Of which kinds; those of the protocol when empty.
  @OrEmpty public var kinds: [RouteGroupKind]

  /// Makes the value from its parts.
  public init(namespaces: RouteNamespaces? = nil, kinds: [RouteGroupKind] = []) {
    self.namespaces = namespaces
    self.kinds = kinds
  }
}

/// From which namespaces routes may attach.
public struct RouteNamespaces: Codable, Sendable, Equatable {
  /// `Same` when unset, `All`, `Selector` or `None`.
  public var from: String?
  /// With `Selector`: labels of the namespace.
  public var selector: LabelSelector?

  /// Makes the value from its parts.
  public init(from: String? = nil, selector: LabelSelector? = nil) {
    self.from = from
    self.selector = selector
  }
}

/// A kind of route.
public struct RouteGroupKind: Codable, Sendable, Equatable {
  /// The Gateway API group when unset.
  public var group: String?
  /// The kind.
  @OrEmpty public var kind: String

  /// Makes the value from its parts.
  public init(group: String? = nil, kind: String) {
    self.group = group
    self.kind = kind
  }
}

/// An address of a Gateway.
public struct GatewayAddress: Codable, Sendable, Equatable {
  /// `IPAddress` when unset, or `Hostname`.
  public var type: String?
  /// The address.
  public var value: String?

  /// Makes the value from its parts.
  public init(type: String? = nil, value: String? = nil) {
    self.type = type
    self.value = value
  }
}

/// What a Gateway does.
public struct GatewayStatus: Codable, Sendable, Equatable {
  /// Where it can be reached.
  @OrEmpty public var addresses: [GatewayAddress]
  /// Conditions by type.
  @OrEmpty public var conditions: [Condition]
  /// One entry a listener of its own.
  @OrEmpty public var listeners: [ListenerStatus]
  /// How many ListenerSets add listeners; none when unset.
  public var attachedListenerSets: Int?

  /// Makes the value from its parts.
  public init(
    addresses: [GatewayAddress] = [], conditions: [Condition] = [], listeners: [ListenerStatus] = [],
    attachedListenerSets: Int? = nil
  ) {
    self.addresses = addresses
    self.conditions = conditions
    self.listeners = listeners
    self.attachedListenerSets = attachedListenerSets
  }
}

/// What a listener does.
public struct ListenerStatus: Codable, Sendable, Equatable {
  /// Its name.
  @OrEmpty public var name: String
  /// Kinds of route it takes.
  @OrEmpty public var supportedKinds: [RouteGroupKind]
  /// How many routes are attached.
  public var attachedRoutes: Int
  /// Conditions by type.
  @OrEmpty public var conditions: [Condition]

  /// Makes the value from its parts.
  public init(
    name: String, supportedKinds: [RouteGroupKind] = [], attachedRoutes: Int = 0, conditions: [Condition] = []
  ) {
    self.name = name
    self.supportedKinds = supportedKinds
    self.attachedRoutes = attachedRoutes
    self.conditions = conditions
  }

  private enum CodingKeys: String, CodingKey { case name, supportedKinds, attachedRoutes, conditions }

  /// Writes every member: the schema requires them even when they are empty or zero.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(supportedKinds, forKey: .supportedKinds)
    try container.encode(attachedRoutes, forKey: .attachedRoutes)
    try container.encode(conditions, forKey: .conditions)
  }
}
