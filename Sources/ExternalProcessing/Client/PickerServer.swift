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
  private let tls: Result<NIOSSLContext, any Error>?
  private unowned let clients: PickerClients

  init(_ endpoint: EndpointID, tls: Result<NIOSSLContext, any Error>?, clients: PickerClients) {
    self.endpoint = endpoint
    self.tls = tls
    self.clients = clients
  }

  /// Requests that are with it, or wait for its connection.
  var streams: Int { (current?.streams ?? 0) + waiters.count }

  /// A connection that takes another stream: the one that there is, or a new one.
  func connection(_ waiter: @escaping Waiter) {
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

  private func open() {
    let loop = clients.loop
    let connected = loop.makePromise(of: PickerConnection.Parts.self)
    let setUp = PickerConnection.SetUp(
      tls: tls, connected: connected, timeout: .seconds(clients.configuration.connectTimeoutSeconds))
    let bootstrap = ClientBootstrap(group: loop)
      .connectTimeout(.seconds(clients.configuration.connectTimeoutSeconds))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try setUp.configure(channel) } }
    connected.futureResult.assumeIsolated().whenComplete { [self] result in opened(result) }
    do {
      let address = try SocketAddress(ipAddress: endpoint.address, port: endpoint.port)
      bootstrap.connect(to: address).whenFailure { connected.fail($0) }
    } catch {
      connected.fail(error)
    }
  }

  private func opened(_ result: Result<PickerConnection.Parts, any Error>) {
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
    if let error = error as? NIOConnectionError, let single = error.connectionErrors.first {
      return reason(single.error)
    }
    if case .connectTimeout? = error as? ChannelError { return "not in time" }
    if let error = error as? IOError { return String(cString: strerror(error.errnoCode)).lowercased() }
    return "\(error)"
  }
}
