/// A Service.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/>
public struct Service: Resource {
  /// The kind's names in the API.
  public static let type = ResourceType(group: "", version: "v1", kind: "Service", plural: "services")

  /// Metadata.
  public var metadata: ObjectMeta
  /// What it stands for.
  public var spec: ServiceSpec?
  /// What it has.
  public var status: ServiceStatus?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: ServiceSpec? = nil, status: ServiceStatus? = nil) {
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// What a Service stands for.
public struct ServiceSpec: Codable, Sendable, Equatable {
  /// `ClusterIP` when unset, `NodePort`, `LoadBalancer` or `ExternalName`.
  public var type: String?
  /// Its address, or `None`.
  public var clusterIP: String?
  /// The DNS name of an `ExternalName` Service.
  public var externalName: String?
  /// Labels of its pods.
  @OrEmpty public var selector: [String: String]
  /// Its ports.
  @OrEmpty public var ports: [ServicePort]
  /// `IPv4`, `IPv6` or both, the preferred one first.
  @OrEmpty public var ipFamilies: [String]

  /// Makes the value from its parts.
  public init(
    type: String? = nil, clusterIP: String? = nil, externalName: String? = nil, selector: [String: String] = [:],
    ports: [ServicePort] = [], ipFamilies: [String] = []
  ) {
    self.type = type
    self.clusterIP = clusterIP
    self.externalName = externalName
    self.selector = selector
    self.ports = ports
    self.ipFamilies = ipFamilies
  }
}

/// A port of a Service.
public struct ServicePort: Codable, Sendable, Equatable {
  /// Its name; an EndpointSlice's port has the same.
  public var name: String?
  /// The number clients use.
  public var port: Int
  /// The pods' port: a number, or the name of a container port.
  public var targetPort: IntOrString?
  /// `TCP` when unset.
  public var `protocol`: String?
  /// For example `kubernetes.io/h2c`.
  public var appProtocol: String?
  /// The port at which every node takes what is for the Service; of types `NodePort` and `LoadBalancer`.
  public var nodePort: Int?

  /// Makes the value from its parts.
  public init(
    name: String? = nil, port: Int, targetPort: IntOrString? = nil, `protocol`: String? = nil,
    appProtocol: String? = nil, nodePort: Int? = nil
  ) {
    self.nodePort = nodePort
    self.name = name
    self.port = port
    self.targetPort = targetPort
    self.`protocol` = `protocol`
    self.appProtocol = appProtocol
  }
}

/// What a Service has.
public struct ServiceStatus: Codable, Sendable, Equatable {
  /// What a load balancer gave it.
  public var loadBalancer: LoadBalancerStatus?

  /// Makes the value from its parts.
  public init(loadBalancer: LoadBalancerStatus? = nil) { self.loadBalancer = loadBalancer }
}

/// What a load balancer gave a Service.
public struct LoadBalancerStatus: Codable, Sendable, Equatable {
  /// Where it takes traffic for the Service.
  @OrEmpty public var ingress: [LoadBalancerIngress]

  /// Makes the value from its parts.
  public init(ingress: [LoadBalancerIngress] = []) { self.ingress = ingress }
}

/// An address of a load balancer: an IP address, or a host name.
public struct LoadBalancerIngress: Codable, Sendable, Equatable {
  /// The IP address.
  public var ip: String?
  /// The host name.
  public var hostname: String?

  /// Makes the value from its parts.
  public init(ip: String? = nil, hostname: String? = nil) {
    self.ip = ip
    self.hostname = hostname
  }
}
