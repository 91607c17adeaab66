/// A connection that a client and an endpoint have taken over for a protocol of their own: which of them has ended its side.
struct Tunnel: Equatable {
  var clientHasEnded = false
  var endpointHasEnded = false

  /// Neither will send anything more.
  var isOver: Bool { clientHasEnded && endpointHasEnded }
}
