/// Routes what arrives at a port to backends, without a look inside: a TCPRoute or a UDPRoute. Neither is served; that is what we say of
/// them.
///
/// Source: <https://gateway-api.sigs.k8s.io/reference/spec/#tcproute>,
/// <https://gateway-api.sigs.k8s.io/reference/spec/#udproute>
public struct TransportRoute<Transport: RoutedTransport>: Resource {
  /// The kind's names in the API.
  public static var type: ResourceType {
    ResourceType(
      group: "gateway.networking.k8s.io", version: "v1", kind: Transport.kind, plural: Transport.plural)
  }

  /// Metadata.
  public var metadata: ObjectMeta
  /// The routes.
  public var spec: TransportRouteSpec
  /// What controllers say.
  public var status: RouteStatus?

  /// Makes the value from its parts.
  public init(metadata: ObjectMeta, spec: TransportRouteSpec, status: RouteStatus? = nil) {
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

/// Routes connections of TCP by the port they arrive at.
public typealias TCPRoute = TransportRoute<RoutedTCP>

/// Routes datagrams of UDP by the port they arrive at.
public typealias UDPRoute = TransportRoute<RoutedUDP>

/// A transport that has a kind of route of its own. The kinds have one shape.
public protocol RoutedTransport: Sendable {
  /// The kind of route.
  static var kind: String { get }
  /// The same, as paths of the API have it.
  static var plural: String { get }
}

/// TCP, which has TCPRoute.
public enum RoutedTCP: RoutedTransport {
  /// The kind of route.
  public static let kind = "TCPRoute"
  /// The same, as paths of the API have it.
  public static let plural = "tcproutes"
}

/// UDP, which has UDPRoute.
public enum RoutedUDP: RoutedTransport {
  /// The kind of route.
  public static let kind = "UDPRoute"
  /// The same, as paths of the API have it.
  public static let plural = "udproutes"
}

/// What a TCPRoute or a UDPRoute asks for, and where.
public struct TransportRouteSpec: Codable, Sendable, Equatable {
  /// The Gateways it attaches to.
  @OrEmpty public var parentRefs: [ParentReference]
  /// Its rules; the API takes exactly one. As those of a TLSRoute they name backends, by weight, and nothing else.
  @OrEmpty public var rules: [TLSRouteRule]

  /// Makes the value from its parts.
  public init(parentRefs: [ParentReference] = [], rules: [TLSRouteRule] = []) {
    self.parentRefs = parentRefs
    self.rules = rules
  }
}

extension TransportRoute: Route {
  /// The Gateways it attaches to.
  public var parentRefs: [ParentReference] { spec.parentRefs }
  /// None: the kinds have no host names.
  public var hostnames: [String] { [] }
}
