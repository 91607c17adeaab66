/// Some of the endpoints of a Service.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/>
public struct EndpointSlice: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(
    group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice", plural: "endpointslices")
  /// The label that names the Service.
  public static let serviceNameLabel = "kubernetes.io/service-name"

  /// Metadata.
  public var metadata: ObjectMeta
  /// `IPv4`, `IPv6` or `FQDN`.
  @OrEmpty public var addressType: String
  /// The endpoints.
  @OrEmpty public var endpoints: [SliceEndpoint]
  /// The ports of each of them.
  @OrEmpty public var ports: [SlicePort]

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, addressType: String, endpoints: [SliceEndpoint] = [], ports: [SlicePort] = []) {
    self.metadata = metadata
    self.addressType = addressType
    self.endpoints = endpoints
    self.ports = ports
  }
}

/// One endpoint of a slice.
public struct SliceEndpoint: Codable, Sendable, Equatable {
  /// Its addresses, all of the slice's type.
  @OrEmpty public var addresses: [String]
  /// Its state.
  public var conditions: SliceEndpointConditions?
  /// The pod behind it.
  public var targetRef: TargetReference?
  /// The node it is on.
  public var nodeName: String?

  /// Makes the value from its parts.
  public init(
    addresses: [String] = [], conditions: SliceEndpointConditions? = nil, targetRef: TargetReference? = nil,
    nodeName: String? = nil
  ) {
    self.addresses = addresses
    self.conditions = conditions
    self.targetRef = targetRef
    self.nodeName = nodeName
  }
}

/// The state of an endpoint; what is unset is to be read as ready.
public struct SliceEndpointConditions: Codable, Sendable, Equatable {
  /// Whether it takes connections and is not going away.
  public var ready: Bool?
  /// Whether it takes connections.
  public var serving: Bool?
  /// Whether it is going away.
  public var terminating: Bool?

  /// Makes the value from its parts.
  public init(ready: Bool? = nil, serving: Bool? = nil, terminating: Bool? = nil) {
    self.ready = ready
    self.serving = serving
    self.terminating = terminating
  }
}

/// The object behind an endpoint.
public struct TargetReference: Codable, Sendable, Equatable {
  /// Its kind.
  public var kind: String?
  /// Its namespace.
  public var namespace: String?
  /// Its name.
  public var name: String?

  /// Makes the value from its parts.
  public init(kind: String? = nil, namespace: String? = nil, name: String? = nil) {
    self.kind = kind
    self.namespace = namespace
    self.name = name
  }
}

/// A port of a slice.
public struct SlicePort: Codable, Sendable, Equatable {
  /// The Service port's name.
  public var name: String?
  /// The number.
  public var port: Int?
  /// `TCP` when unset.
  public var `protocol`: String?
  /// For example `kubernetes.io/h2c`.
  public var appProtocol: String?

  /// Makes the value from its parts.
  public init(name: String? = nil, port: Int? = nil, `protocol`: String? = nil, appProtocol: String? = nil) {
    self.name = name
    self.port = port
    self.`protocol` = `protocol`
    self.appProtocol = appProtocol
  }
}
