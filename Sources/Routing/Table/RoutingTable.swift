/// Everything a request needs to find its model server, at one moment.
///
/// An immutable value with no Kubernetes type in it. `Translation` builds a whole new one at each change; the data
/// plane reads the newest through ``Published``. Listeners, and rules inside a listener, are already in the order in
/// which a request tries them, so that the first match is the right one.
public struct RoutingTable: Sendable, Equatable {
  /// Listeners, grouped by gateway and port, the most specific host name first within a group.
  public var listeners: [Listener]
  /// Every pool that a rule of the table names.
  public var pools: [PoolID: Pool]

  /// A table of these listeners and pools.
  public init(listeners: [Listener] = [], pools: [PoolID: Pool] = [:]) {
    self.listeners = listeners
    self.pools = pools
  }
}

/// The namespace and name of an object that the table was made from; used in explanations and labels only.
public struct ObjectName: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The namespace.
  public var namespace: String
  /// The name.
  public var name: String

  /// The name `namespace/name`.
  public init(namespace: String, name: String) {
    self.namespace = namespace
    self.name = name
  }

  /// `namespace/name`, as people write it.
  public var description: String { "\(namespace)/\(name)" }

  /// Orders by namespace, then by name.
  public static func < (left: ObjectName, right: ObjectName) -> Bool {
    (left.namespace, left.name) < (right.namespace, right.name)
  }
}

/// Names a listener within a table.
public struct ListenerID: Hashable, Sendable, CustomStringConvertible {
  /// The Gateway that it belongs to.
  public var gateway: ObjectName
  /// The ListenerSet that declares it; `nil` where the Gateway does.
  public var listenerSet: ObjectName?
  /// Its `name` (a section name), unique in what declares it.
  public var name: String

  /// An identifier.
  public init(gateway: ObjectName, listenerSet: ObjectName? = nil, name: String) {
    self.gateway = gateway
    self.listenerSet = listenerSet
    self.name = name
  }

  /// `namespace/gateway/name`, or `namespace/gateway/name of ListenerSet namespace/set`.
  public var description: String {
    "\(gateway)/\(name)" + (listenerSet.map { " of ListenerSet \($0)" } ?? "")
  }
}

/// One listener of one Gateway, with the rules of all routes that are attached to it.
public struct Listener: Sendable, Equatable {
  /// The Gateway that the listener belongs to.
  public var gateway: ObjectName
  /// The ListenerSet that declares it; `nil` where the Gateway does.
  public var listenerSet: ObjectName?
  /// The listener's `name` (a section name), unique in what declares it.
  public var name: String
  /// The addresses on which the data plane serves the Gateway; empty while none is assigned.
  public var addresses: [String]
  /// The port that clients connect to, 1 to 65535.
  public var port: Int
  /// What is spoken there.
  public var serving: ListenerServing
  /// The host names that the listener serves; `nil` serves all.
  public var hostname: HostnamePattern?
  /// Rules in order of precedence; the first that matches takes the request.
  public var rules: [RouteRule]
  /// The base models of adapters and of other names for models, by the namespace of the route that asks; a name that is
  /// not here is its own base model.
  public var baseModels: [String: [String: String]]
  /// The Gateway's callers whose word about a request is taken.
  public var trustedCallers: TrustedCallers
  /// Whether connections begin with a header of the PROXY protocol, before TLS and everything else. Listeners of one socket
  /// have it or not together.
  public var expectsProxyHeader: Bool
  /// The certificate of the ``CertificateStore`` that the Gateway shows endpoints which ask for one.
  ///
  /// Source: `GatewayBackendTLS.clientCertificateRef`, Gateway API v1.
  public var clientCertificate: ObjectName?

  /// A listener.
  public init(
    gateway: ObjectName, listenerSet: ObjectName? = nil, name: String, addresses: [String] = [], port: Int,
    serving: ListenerServing = .http,
    hostname: HostnamePattern? = nil, rules: [RouteRule] = [], baseModels: [String: [String: String]] = [:],
    trustedCallers: TrustedCallers = TrustedCallers(), expectsProxyHeader: Bool = false,
    clientCertificate: ObjectName? = nil
  ) {
    self.gateway = gateway
    self.listenerSet = listenerSet
    self.name = name
    self.addresses = addresses
    self.port = port
    self.serving = serving
    self.hostname = hostname
    self.rules = rules
    self.baseModels = baseModels
    self.trustedCallers = trustedCallers
    self.expectsProxyHeader = expectsProxyHeader
    self.clientCertificate = clientCertificate
  }

  /// What names the listener among all.
  public var id: ListenerID { ListenerID(gateway: gateway, listenerSet: listenerSet, name: name) }

  /// What people call it among those of its Gateway.
  public var title: String { name + (listenerSet.map { " of ListenerSet \($0)" } ?? "") }

  /// The base model of the model that a request names, as the route sees it.
  public func baseModel(of model: String, for route: ObjectName) -> String {
    baseModels[route.namespace]?[model] ?? model
  }
}

/// One `match` of one rule of one HTTPRoute, for one host name.
public struct RouteRule: Sendable, Equatable {
  /// The route the rule comes from.
  public var route: ObjectName
  /// The place of the rule in its route, counted from 0.
  public var index: Int
  /// The host name that the request must have; `nil` takes any.
  public var hostname: HostnamePattern?
  /// What else the request must have.
  public var match: RequestMatch
  /// Where the request may go. Empty, or of weight zero in all: the rule answers 500.
  public var backends: [WeightedBackend]
  /// Why the rule, as its author wrote it, cannot be served: it answers 500 with this reason. `nil` for a rule that can.
  public var dropped: String?
  /// What the rule asks beyond where its requests go.
  public var policy: RulePolicy?

  /// A rule.
  public init(
    route: ObjectName, index: Int, hostname: HostnamePattern? = nil, match: RequestMatch = RequestMatch(),
    backends: [WeightedBackend], dropped: String? = nil, policy: RulePolicy? = nil
  ) {
    self.route = route
    self.index = index
    self.hostname = hostname
    self.match = match
    self.backends = backends
    self.dropped = dropped
    self.policy = policy
  }
}

/// One `backendRef` of a rule.
public struct WeightedBackend: Sendable, Equatable {
  /// The share of requests: this weight over the sum of weights of the rule.
  public var weight: Int
  /// Where the share goes.
  public var target: BackendTarget
  /// What the backend asks of its share alone; redirects, CORS, timeouts and retries are a rule's.
  public var policy: RulePolicy?

  /// A backend.
  public init(weight: Int = 1, target: BackendTarget, policy: RulePolicy? = nil) {
    self.weight = weight
    self.target = target
    self.policy = policy
  }
}

/// Where a share of a rule's requests goes.
public enum BackendTarget: Sendable, Equatable {
  /// To one of the endpoints of this pool of the table.
  case pool(PoolID)
  /// Nowhere: the reference does not resolve. The share is answered with 500 and this reason.
  case invalid(reason: String)
}
