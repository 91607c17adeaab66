/// Addresses that gateways of a process on one machine get when nobody says otherwise.
enum GatewayAddressOption {
  /// A loopback range: each Gateway has an address of its own, and nothing outside the machine can reach it.
  static let localRange = "127.20.0.1-127.20.0.254"
}
