import Routing

/// Where a request came from, as its forwarding headers tell.
struct ClientInfo: Equatable {
  /// The client's IP address.
  var address: String?
  /// The address that the client connected to; `nil` when the gateway listens on all.
  var listenerAddress: String?
  /// The listener's port, as the Gateway declares it.
  var listenerPort: Int
  /// The listener of TLS that the connection was made for; `nil` in clear.
  var listener: ListenerID?

  /// Where it arrived, as the router asks.
  var arrival: Arrival {
    Arrival(address: listenerAddress, port: listenerPort, secureListener: listener, caller: address)
  }
}
