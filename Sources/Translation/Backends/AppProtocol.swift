import KubernetesAPI
import Routing

/// What the `appProtocol` of a Service's port, or of a pool, says of its endpoints.
///
/// Source: Kubernetes' standard protocols (GEP-1911 of Gateway API); the names without a prefix beside `http` and `https` are those
/// that service meshes read.
enum AppProtocol {
  case http
  case http2
  case https

  /// `nil` for a protocol that cannot be spoken.
  init?(_ name: String?) {
    switch name {
    // A WebSocket begins as a request of HTTP/1.1.
    case nil, "", "http", "kubernetes.io/ws": self = .http
    case "kubernetes.io/h2c", "h2c", "http2", "grpc": self = .http2
    case "https", "kubernetes.io/wss": self = .https
    case let name? where name.hasPrefix("kubernetes.io/"): return nil
    // Whatever it is called, a route of HTTP asks for it.
    default: self = .http
    }
  }

  /// What there is to choose from, as part of a sentence.
  static let choice = "use http, https, kubernetes.io/h2c, kubernetes.io/ws or kubernetes.io/wss"
}

extension ClusterIndex {
  /// What is spoken with the endpoints of a pool. Calls of gRPC are spoken over HTTP/2, where nobody has said otherwise.
  func transport(of id: PoolID, takesCalls: Bool) -> UpstreamTransport {
    if let pool = poolSource(id) { return UpstreamTransport(AppProtocol(pool.appProtocol) == .http2 ? .http2 : .http1) }
    let service = id.port.flatMap { servicePort(of: id.object.key, $0) }
    switch AppProtocol(service?.appProtocol ?? (takesCalls ? "grpc" : nil)) {
    case .http, nil: return UpstreamTransport()
    case .http2: return UpstreamTransport(.http2)
    case .https:
      // Nobody has said which name and which authority: the name is the one by which the cluster knows the Service.
      return UpstreamTransport(security: UpstreamTLS(serverName: "\(id.object.name).\(id.object.namespace).svc"))
    }
  }

  /// The port of a Service that has this number.
  func servicePort(of key: ObjectKey, _ port: Int) -> ServicePort? {
    services[key]?.spec?.ports.first { $0.port == port && ($0.protocol ?? "TCP") == "TCP" }
  }
}
