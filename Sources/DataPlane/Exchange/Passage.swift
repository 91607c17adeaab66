/// Whether an exchange may become a tunnel.
enum Passage: Equatable {
  /// It is a request and its response.
  case none
  /// A request that offers to go on in WebSocket: it becomes one if the endpoint takes that up.
  case upgrade
  /// No request at all, but a connection whose bytes an endpoint gets: it becomes one as soon as that is connected. `isTLS`: the
  /// bytes are those of TLS, which ends at the endpoint.
  case connection(isTLS: Bool)

  /// Nothing of HTTP is spoken.
  var isConnection: Bool { if case .connection = self { true } else { false } }
}
