package import Logging
package import NIOCore
import NIOSSL
public import Routing

/// Asks external pickers for the requests of one event loop: their connections are kept from request to request, and one that
/// fails again and again is left alone for a while.
public final class PickerClients {
  private struct Key: Hashable {
    var endpoint: EndpointID
    var transport: ExternalPicker.Transport
  }

  let loop: any EventLoop
  let configuration: PickerConfiguration
  let logger: Logger
  private var servers: [Key: PickerServer] = [:]
  private var turn = 0
  /// What TLS needs with pickers whose certificates are asked for.
  let tls: (any PickerTLS)?

  /// Clients for one event loop, to be used on it only.
  ///
  /// - Parameter tls: without it, no picker is asked whose certificate is to be verified.
  package init(
    on loop: any EventLoop, configuration: PickerConfiguration = PickerConfiguration(), tls: (any PickerTLS)? = nil,
    logger: Logger
  ) {
    self.loop = loop
    self.configuration = configuration
    self.logger = logger
    self.tls = tls
  }

  /// A session with the picker.
  public func session(
    with picker: ExternalPicker, onEvent: @escaping (PickEvent) -> Void
  ) -> any PickSession {
    PickerSession(picker, clients: self, onEvent: onEvent)
  }

  /// Finds somebody who takes a request: of the picker's endpoints the one with the fewest streams that can be reached, each
  /// tried once.
  func connect(_ picker: ExternalPicker, _ done: @escaping (Result<PickerConnection, PickerFault>) -> Void) {
    if case .closed(let reason) = picker.transport { return done(.failure(PickerFault("it is not asked: \(reason)"))) }
    guard !picker.endpoints.isEmpty else { return done(.failure(PickerFault("its Service has no ready endpoint"))) }
    turn &+= 1
    let start = turn % picker.endpoints.count
    let turned = picker.endpoints[start...] + picker.endpoints[..<start]
    let now = loop.now.uptimeNanoseconds
    let keys = turned.map { Key(endpoint: $0, transport: picker.transport) }
    // Pods come and go: whoever brings a new one takes those away that are gone.
    if keys.contains(where: { self.servers[$0] == nil }) { forget(now: now) }
    let servers = keys.map(server)
    // Sorting is stable, so that equals take turns.
    let order = servers.enumerated().sorted { ($0.element.streams, $0.offset) < ($1.element.streams, $1.offset) }
    connect(order.map(\.element), now: now, last: nil, done)
  }

  private func connect(
    _ servers: [PickerServer], now: UInt64, last: PickerFault?,
    _ done: @escaping (Result<PickerConnection, PickerFault>) -> Void
  ) {
    guard let server = servers.first else {
      return done(.failure(last ?? PickerFault("it failed again and again, and is left alone for a while")))
    }
    let rest = Array(servers.dropFirst())
    guard server.breaker.admits(now: now) else { return connect(rest, now: now, last: last, done) }
    server.connection { [self] result in
      switch result {
      case .success(let connection): done(.success(connection))
      case .failure(let fault): connect(rest, now: now, last: fault, done)
      }
    }
  }

  private func server(_ key: Key) -> PickerServer {
    if let known = servers[key] { return known }
    let server = PickerServer(key.endpoint, over: key.transport, clients: self)
    servers[key] = server
    return server
  }

  /// Servers that are known.
  var count: Int { servers.count }

  /// Lets go of servers that nobody has used for a while: an endpoint that is gone leaves nothing behind.
  func forget(now: UInt64) { servers = servers.filter { !$0.value.isForgotten(now: now) } }

  /// A server has no connection any more.
  func rested(_ server: PickerServer) {
    guard server.breaker == PickerBreaker() else { return }
    servers = servers.filter { $0.value !== server }
  }

  /// What a connection needs for TLS, and what is asked of the picker's certificate; `nil` in clear.
  func context(for transport: ExternalPicker.Transport) throws -> (context: NIOSSLContext, security: UpstreamTLS?)? {
    switch transport {
    case .plain, .closed: return nil
    case .tls(nil): return (try Self.sharedContext.get(), nil)
    case .tls(let security?):
      guard let tls else { throw PickerTLSFailure.notEquipped }
      return (try tls.context(for: security), security)
    }
  }

  /// Nobody is asked who the picker is.
  private static let sharedContext = Result {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.certificateVerification = .none
    configuration.applicationProtocols = ["h2"]
    return try NIOSSLContext(configuration: configuration)
  }
}
