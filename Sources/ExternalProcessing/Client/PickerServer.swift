import Foundation
import Logging
import NIOCore
import NIOHTTP2
import NIOPosix
import NIOSSL
import Routing

/// One endpoint of a picker: its connection, and whether it is fit to be asked.
final class PickerServer {
  typealias Waiter = (Result<PickerConnection, PickerFault>) -> Void

  let endpoint: EndpointID
  var breaker = PickerBreaker()
  private(set) var current: PickerConnection?
  private var waiters: [Waiter] = []
  private let transport: ExternalPicker.Transport
  /// Who was trusted when the newest connection was begun.
  private var trust = 0
  private unowned let clients: PickerClients

  init(_ endpoint: EndpointID, over transport: ExternalPicker.Transport, clients: PickerClients) {
    self.endpoint = endpoint
    self.transport = transport
    self.clients = clients
  }

  /// Requests that are with it, or wait for its connection.
  var streams: Int { (current?.streams ?? 0) + waiters.count }

  /// Whether nobody uses it, and nothing is known of it.
  func isForgotten(now: UInt64) -> Bool { current == nil && waiters.isEmpty && breaker.isForgotten(now: now) }

  /// A connection that takes another stream: the one that there is, or a new one.
  func connection(_ waiter: @escaping Waiter) {
    if trust != currentTrust { current?.retire() }
    if let current, current.isActive { return waiter(.success(current)) }
    waiters.append(waiter)
    if waiters.count == 1 { open() }
  }

  /// The picker could not be reached, was lost, or did not answer in time. Where it is to be left alone, its connection is left, too:
  /// one that nothing comes from may be as good as lost.
  func failed() {
    let now = clients.loop.now.uptimeNanoseconds
    breaker.failed(now: now)
    var later = breaker
    if !later.admits(now: now) { current?.retire() }
  }

  /// The connection takes no further stream.
  func lost(_ connection: PickerConnection) {
    guard current === connection else { return }
    current = nil
    if waiters.isEmpty { clients.rested(self) }
  }

  /// A connection that was made while other authorities were trusted takes no further request.
  private var currentTrust: Int {
    guard case .tls(.some) = transport else { return 0 }
    return clients.tls?.trust ?? 0
  }

  private func open() {
    let loop = clients.loop
    let connected = loop.makePromise(of: PickerConnection.Parts.self)
    trust = currentTrust
    connected.futureResult.assumeIsolated().whenComplete { [self] result in opened(result) }
    do {
      let address = try SocketAddress(ipAddress: endpoint.address, port: endpoint.port)
      let setUp = PickerConnection.SetUp(
        tls: try clients.context(for: transport), names: clients.tls, connected: connected,
        timeout: .seconds(clients.configuration.connectTimeoutSeconds))
      bootstrap(setUp, on: loop).connect(to: address).whenFailure { connected.fail($0) }
    } catch {
      connected.fail(error)
    }
  }

  private func bootstrap(_ setUp: PickerConnection.SetUp, on loop: any EventLoop) -> ClientBootstrap {
    ClientBootstrap(group: loop)
      .connectTimeout(.seconds(clients.configuration.connectTimeoutSeconds))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try setUp.configure(channel) } }
  }

  private func opened(_ result: Result<PickerConnection.Parts, any Error>) {
    if case .success(let parts) = result, trust != currentTrust {
      parts.channel.close(promise: nil)
      return open()
    }
    let waiting = waiters
    waiters = []
    switch result {
    case .success(let parts):
      let connection = PickerConnection(parts, server: self, clients: clients)
      current = connection
      for waiter in waiting { waiter(.success(connection)) }
    case .failure(let error):
      failed()
      clients.logger.debug(
        "a picker cannot be reached", metadata: ["endpoint": "\(endpoint)", "reason": "\(error)"])
      for waiter in waiting { waiter(.failure(PickerFault("no connection to \(endpoint): \(Self.reason(error))"))) }
    }
  }

  private static func reason(_ error: any Error) -> String {
    if let reason = PickerTLSFailure.reason(error) { return reason }
    if let error = error as? NIOConnectionError, let single = error.connectionErrors.first {
      return reason(single.error)
    }
    if case .connectTimeout? = error as? ChannelError { return "not in time" }
    if let error = error as? IOError { return String(cString: strerror(error.errnoCode)).lowercased() }
    return "\(error)"
  }
}
