import Logging
import NIOCore
import NIOHTTP1
import Routing

/// Asks the router about a request: its head without forged headers, the body's model, where it came from.
typealias Decide = @Sendable (HTTPRequestHead, String?, ClientInfo) -> RoutingDecision

/// What all connections of one event loop share. Used on that loop only, so it needs no lock.
final class LoopContext {
  let eventLoop: any EventLoop
  let configuration: ProxyConfiguration
  let decide: Decide
  let inFlight: InFlightCounts
  let observer: ProxyObserver
  let logger: Logger
  let pool: UpstreamPool
  private(set) var clients: [ObjectIdentifier: ClientHandler] = [:]
  private(set) var isDraining = false
  private var drained: EventLoopPromise<Void>?
  private let requestPrefix = String(UInt64.random(in: UInt64.min...UInt64.max), radix: 16)
  private var requestCount: UInt64 = 0

  init(
    eventLoop: any EventLoop, configuration: ProxyConfiguration, decide: @escaping Decide, inFlight: InFlightCounts,
    observer: ProxyObserver, logger: Logger, pool: UpstreamPool
  ) {
    self.eventLoop = eventLoop
    self.configuration = configuration
    self.decide = decide
    self.inFlight = inFlight
    self.observer = observer
    self.logger = logger
    self.pool = pool
  }

  /// An identifier for a request that came without one.
  func nextRequestID() -> String {
    requestCount += 1
    return requestPrefix + "-" + String(requestCount, radix: 16)
  }

  /// A client has connected.
  func add(_ client: ClientHandler) { clients[ObjectIdentifier(client)] = client }

  /// A client's connection is gone.
  func remove(_ client: ClientHandler) {
    clients[ObjectIdentifier(client)] = nil
    if clients.isEmpty { finishDraining() }
  }

  /// Closes resting connections and lets running requests finish; the future succeeds when none is left.
  func drain() -> EventLoopFuture<Void> {
    let promise = drained ?? eventLoop.makePromise(of: Void.self)
    drained = promise
    isDraining = true
    for client in clients.values { client.drain() }
    if clients.isEmpty { finishDraining() }
    return promise.futureResult
  }

  /// Closes everything that is still open.
  func closeAll() {
    for client in clients.values { client.closeNow() }
    pool.closeIdle()
    finishDraining()
  }

  private func finishDraining() {
    guard isDraining else { return }
    drained?.succeed()
  }
}
