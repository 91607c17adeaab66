/// The kinds of route that are read, and judged in their status.
public enum RouteKind: String, Sendable, CaseIterable {
  /// Requests of HTTP.
  case http = "HTTPRoute"
  /// Calls of gRPC.
  case grpc = "GRPCRoute"
  /// Connections of TLS.
  case tls = "TLSRoute"
  /// Connections of TCP, which are not served.
  case tcp = "TCPRoute"
  /// Datagrams of UDP, which are not served.
  case udp = "UDPRoute"

  /// Whether some listener of ours takes such routes.
  var isServed: Bool { self != .tcp && self != .udp }

  /// The protocol that the port of a Service must have to be a backend.
  var backendProtocol: String { self == .udp ? "UDP" : "TCP" }

  /// The types of filter that we serve in its routes.
  var filterTypes: [String] {
    switch self {
    case .http:
      ["RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite", "RequestMirror", "CORS"]
    case .grpc: ["RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror"]
    case .tls, .tcp, .udp: []
    }
  }

  /// Those that a listener of this protocol takes.
  ///
  /// Source: `Listener.allowedRoutes`, Gateway API v1.
  static func kinds(ofProtocol name: String) -> [RouteKind] {
    switch name {
    case "HTTP", "HTTPS": [.http, .grpc]
    case "TLS": [.tls]
    default: []
    }
  }
}
