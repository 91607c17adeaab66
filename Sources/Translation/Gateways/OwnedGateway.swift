import KubernetesAPI
import Routing

/// A Gateway of ours, with what was found out about its listeners and those that ListenerSets add.
struct OwnedGateway {
  let gateway: Gateway
  /// Where this process listens for it; none where pods do, at whatever address they have.
  let addresses: [String]
  /// Its own, and behind them those of ListenerSets in the order of ``sets``.
  var listeners: [OwnedListener]
  /// The ListenerSets that name it, the oldest first.
  let sets: [OwnedListenerSet]
  /// Where the listeners of each of ``sets`` are: there may be very many.
  private let places: [ObjectKey: Range<Int>]

  var key: ObjectKey { gateway.key }

  /// Whether a route may be attached at all: something of the Gateway's own spec forbids to serve it.
  let problem: Finding?

  /// What the Gateway says of its callers.
  var trustedCallers: TrustedCallersAnnotation? { TrustedCallersAnnotation(gateway.metadata) }

  /// What it says of connections that begin with a PROXY header.
  var proxyProtocol: ProxyProtocolAnnotation? { ProxyProtocolAnnotation(gateway) }

  /// What it shows endpoints; `nil` where it does not say.
  let clientCertificate: ClientCertificateReading?

  /// Where clients reach it; `nil` where nobody knows.
  let reachability: GatewayReachability?

  /// How its pods are run.
  let parameters: GatewayParameters

  private let waitsForParameters: Bool

  /// Whether a certificate or the parameters that it names are not known yet: then nothing is said of the Gateway.
  var isWaiting: Bool {
    waitsForParameters || clientCertificate?.isWaiting == true || listeners.contains { $0.security?.isWaiting == true }
  }

  /// What has become of its GatewayClass.
  let classStanding: GatewayOwnership.ClassStanding

  /// Whether the listener takes part in the routing table. A socket that could not be bound stays in it, so that the
  /// data plane tries again.
  func serves(_ listener: OwnedListener) -> Bool {
    problem == nil && listener.isUsable && (listener.parent.set == nil || isAccepted)
  }

  /// Where the listeners are that the Gateway declares itself, or that the ListenerSet does.
  func places(of set: ObjectKey?) -> Range<Int> {
    guard let set else { return 0..<gateway.spec.listeners.count }
    return places[set] ?? 0..<0
  }

  /// The listeners that the Gateway declares itself, or that the ListenerSet does.
  func listeners(of set: ObjectKey?) -> ArraySlice<OwnedListener> { listeners[places(of: set)] }

  /// Whether the ListenerSet names the Gateway, allowed or not.
  func isNamed(by set: ObjectKey) -> Bool { places[set] != nil }

  /// Whether there is anything of the Gateway's own that could be served: what ListenerSets add stands and falls with it.
  var isAccepted: Bool {
    let own = listeners(of: nil)
    return problem == nil && (own.isEmpty || own.contains { $0.refusal == nil })
  }
}

extension OwnedGateway {
  /// - Parameter listeners: the Gateway's own, and behind them those of the `sets` that are allowed.
  init(
    gateway: Gateway, addresses: [String], listeners: [OwnedListener], sets: [OwnedListenerSet], problem: Finding?,
    clientCertificate: ClientCertificateReading?, classStanding: GatewayOwnership.ClassStanding,
    reachability: GatewayReachability?, parameters: GatewayParameters, waitsForParameters: Bool
  ) {
    self.reachability = reachability
    self.parameters = parameters
    self.waitsForParameters = waitsForParameters
    self.gateway = gateway
    self.addresses = addresses
    self.listeners = listeners
    self.sets = sets
    self.problem = problem
    self.clientCertificate = clientCertificate
    self.classStanding = classStanding
    var end = gateway.spec.listeners.count
    places = sets.reduce(into: [:]) { places, owned in
      let begin = end
      if owned.isAllowed { end += owned.set.spec.listeners.count }
      places[owned.set.key] = begin..<end
    }
  }
}

/// A ListenerSet that names a Gateway of ours.
struct OwnedListenerSet {
  let set: ListenerSet
  /// Whether the Gateway takes its listeners.
  let isAllowed: Bool
}

/// A listener of a Gateway of ours.
struct OwnedListener {
  let parent: ListenerParent
  let spec: GatewayListener
  let hostname: HostnamePattern?
  let kinds: AllowedKinds
  /// How TLS ends at it; `nil` for one in clear.
  let security: ListenerSecurity?
  /// Why the listener cannot be accepted, apart from conflicts.
  let problem: Finding?
  /// Which other listener it cannot be told apart from.
  var conflict: Finding?
  /// Why the data plane could not bind it.
  let bindFailure: String?
  /// Whether connections to its port begin with a PROXY header.
  let expectsProxyHeader: Bool

  /// Why it is not accepted.
  var refusal: Finding? { conflict ?? problem }

  /// What people call it.
  var title: String { parent.set.map { "\(spec.name) of ListenerSet \($0)" } ?? spec.name }

  /// What the owner of another listener of the Gateway calls it.
  func title(at other: OwnedListener) -> String {
    if parent.set == other.parent.set { return spec.name }
    return parent.set == nil ? "\(spec.name) of the Gateway" : title
  }

  /// Whether requests can be taken by it.
  var isUsable: Bool { problem == nil && conflict == nil && !kinds.supported.isEmpty }

  /// Whether clients can be answered: one of HTTPS without a certificate stays in the table and refuses each handshake,
  /// so that the hosts that are its own do not come to another listener.
  var answers: Bool { isUsable && security?.hasCertificate != false }

  /// What is wrong with what it refers to.
  var unresolved: Finding? {
    Finding([kinds.problem].compactMap(\.self) + (security?.problems ?? []))
  }

  /// What is spoken there.
  var serving: ListenerServing {
    guard spec.protocol == "TLS" else { return security.map { .https($0.termination) } ?? .http }
    return .tls(security.map { .terminate($0.termination) } ?? .passthrough)
  }
}

extension OwnedListener {
  init(
    _ spec: GatewayListener, of parent: ListenerParent, security: ListenerSecurity?, addresses: [String],
    failures: [ListenerSocket: String], expectsProxyHeader: Bool, hosting: GatewayHosting
  ) {
    self.parent = parent
    self.spec = spec
    self.expectsProxyHeader = expectsProxyHeader
    hostname = spec.hostname.flatMap { $0.isEmpty ? nil : HostnamePattern($0) }
    kinds = AllowedKinds(spec)
    self.security = security
    problem = Self.problem(of: spec) ?? Self.portProblem(of: spec, hosting) ?? security?.refusal
    conflict = nil
    let failed = addresses.compactMap { address in
      failures[ListenerSocket(address: address, port: spec.port)].map { "\(address):\(spec.port): \($0)" }
    }
    bindFailure = failed.isEmpty ? nil : failed.joined(separator: "; ")
  }

  private static func portProblem(of spec: GatewayListener, _ hosting: GatewayHosting) -> Finding? {
    guard hosting != .hosted, GatewayPorts.reserved.contains(spec.port) else { return nil }
    return Finding(
      .portUnavailable,
      "port \(spec.port) is one of \(GatewayPorts.reserved.lowerBound) to \(GatewayPorts.reserved.upperBound - 1), which "
        + "gateway pods use themselves: use another")
  }

  private static func problem(of spec: GatewayListener) -> Finding? {
    switch spec.protocol {
    case "HTTP": break
    case "HTTPS":
      if !spec.endsTLS {
        return Finding(
          .unsupportedValue,
          "tls.mode \(spec.tls?.mode ?? "") is none of protocol HTTPS: use Terminate, or remove mode")
      }
    case "TLS":
      if !spec.endsTLS && spec.tls?.mode != "Passthrough" {
        return Finding(
          .unsupportedValue,
          "tls.mode \(spec.tls?.mode ?? "") is none of protocol TLS: use Terminate, or Passthrough")
      }
    default:
      return Finding(
        .unsupportedProtocol,
        "protocol \(spec.protocol) is not served by this version of Switchyard: use HTTP, HTTPS or TLS")
    }
    if !(1...65_535).contains(spec.port) {
      return Finding(.portUnavailable, "port \(spec.port) is no port: use 1 to 65535")
    }
    return nil
  }
}
