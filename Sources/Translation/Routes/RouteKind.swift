/// The kinds of route that are served.
public enum RouteKind: String, Sendable, CaseIterable {
  /// Requests of HTTP.
  case http = "HTTPRoute"
  /// Calls of gRPC.
  case grpc = "GRPCRoute"
  /// Connections of TLS.
  case tls = "TLSRoute"

  /// The types of filter that we serve in its routes.
  var filterTypes: [String] {
    switch self {
    case .http:
      ["RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite", "RequestMirror", "CORS"]
    case .grpc: ["RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror"]
    case .tls: []
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
