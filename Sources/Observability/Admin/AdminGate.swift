/// Which requests the admin server answers at all.
///
/// It knows no password, so what protects it is that nobody else can reach it. A web page in the operator's browser can: by
/// a name that its owner lets point to 127.0.0.1 (DNS rebinding), or by a form or a script that sends requests across
/// sites. The browser gives both away, in `Host`, `Sec-Fetch-Site` and `Origin`.
///
/// Probes of the kubelet and scrapes of Prometheus come by the pod's address: for ``openPaths`` an address is enough, and so is
/// no `Host` at all. An address cannot be rebound: a page that has it as its origin came from this very server.
struct AdminGate: Sendable {
  /// What must be reachable by the address of the pod.
  static let openPaths: Set<String> = ["/healthz", "/readyz", "/metrics"]

  /// A request as it came, before anything interpreted it.
  struct Request {
    /// The request target. What a target in absolute form has before its path is gone by then: `Host` decides.
    var target: String
    /// Every value of `Host`.
    var hosts: [String]
    /// Every value of `Origin`.
    var origins: [String] = []
    /// Every value of `Sec-Fetch-Site`.
    var fetchSites: [String] = []
    /// The address at which the connection came in.
    var localAddress: String?
  }

  /// Why a request is not answered.
  struct Refusal: Equatable {
    /// 400, 403 or 421.
    var status: Int
    /// Why, and the cure.
    var message: String
  }

  private let names: [HostName]
  private let keepsToLoopback: Bool

  /// - Parameters:
  ///   - listenHost: the host name or address that the server listens on.
  ///   - allowedHosts: further names that are right in `Host`.
  ///   - keepsToLoopback: whether ``openPaths`` alone are answered to connections from elsewhere.
  init(listenHost: String, allowedHosts: [String], keepsToLoopback: Bool = false) {
    self.keepsToLoopback = keepsToLoopback
    names = (["localhost", listenHost] + allowedHosts).compactMap { HostName(host: $0) }
  }

  /// Why this request is refused; `nil` lets it in.
  func refusal(_ request: Request) -> Refusal? {
    guard request.target.hasPrefix("/"), !request.target.hasPrefix("//") else {
      return Refusal(status: 400, message: "the request's target must be a path such as /metrics")
    }
    guard request.hosts.count <= 1 else {
      return Refusal(status: 400, message: "the request has \(request.hosts.count) Host headers: send one")
    }
    return placeRefusal(request) ?? hostRefusal(request) ?? siteRefusal(request)
  }

  private func placeRefusal(_ request: Request) -> Refusal? {
    guard keepsToLoopback, !Self.openPaths.contains(String(request.target.prefix { $0 != "?" })) else { return nil }
    if let address = request.localAddress.flatMap({ HostAddress($0) }), address.isLoopback { return nil }
    return Refusal(
      status: 403,
      message: "this is answered on the loopback address alone: use kubectl port-forward to the pod and ask localhost")
  }

  private func hostRefusal(_ request: Request) -> Refusal? {
    let path = request.target.prefix { $0 != "?" }
    let isOpen = Self.openPaths.contains(String(path))
    guard let text = request.hosts.first, !text.isEmpty else {
      return isOpen ? nil : Refusal(status: 421, message: "the request has no Host header: send the name asked for")
    }
    guard let host = HostName(text) else {
      return Refusal(status: 421, message: "the Host header is not a host name or address with or without a port")
    }
    if allows(host, localAddress: request.localAddress) || isOpen && host.address != nil { return nil }
    return Refusal(
      status: 421,
      message:
        "the Host '\(host.name)' is not one that this server answers to, so that no web page can reach it by a name "
        + "of its own: use localhost, the address it listens on, or allow the name with --admin-allowed-host")
  }

  private func allows(_ host: HostName, localAddress: String?) -> Bool {
    if let address = host.address {
      if address.isLoopback { return true }
      if let localAddress, address == HostAddress(localAddress) { return true }
    }
    return names.contains { $0.isSameHost(as: host) }
  }

  private func siteRefusal(_ request: Request) -> Refusal? {
    for site in request.fetchSites where !["none", "same-origin"].contains(site) {
      return Refusal(
        status: 403, message: "a web page of another site sent this request (Sec-Fetch-Site): open the address yourself"
      )
    }
    for origin in request.origins where !isSame(origin, request.hosts.first) {
      return Refusal(
        status: 403,
        message: "a web page of another origin sent this request (Origin): only pages of this server may ask it")
    }
    return nil
  }

  /// Whether an origin, such as `http://localhost:9090`, is that of this server as the client named it.
  private func isSame(_ origin: String, _ host: String?) -> Bool {
    guard let host = host.flatMap({ HostName($0) }) else { return false }
    for (scheme, port) in [("http://", 80), ("https://", 443)] where origin.hasPrefix(scheme) {
      guard let theirs = HostName(String(origin.dropFirst(scheme.count))) else { return false }
      return theirs.isSameHost(as: host) && theirs.port ?? port == host.port ?? port
    }
    return false
  }
}
