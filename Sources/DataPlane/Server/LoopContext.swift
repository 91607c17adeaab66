import Logging
import NIOCore
import NIOPosix
import Routing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What all connections of one event loop share. Used on that loop only, so it needs no lock.
final class LoopContext {
  let eventLoop: any EventLoop
  let configuration: ProxyConfiguration
  let steps: RouterSteps
  let observer: ProxyObserver
  let logger: Logger
  let pool: UpstreamPool
  /// What listeners of TLS show; `nil` where there are none.
  let tls: TLSContexts?
  /// Asks external pickers; `nil` where pools that name one cannot be picked for.
  let pickers: PickSessionMaker?
  /// The pools that requests wait for.
  let queues: QueueTicks
  private(set) var clients: [ObjectIdentifier: any ClientConnection] = [:]
  /// Requests on their way to mirrors; kept here, since nobody waits for them.
  private var copies: [ObjectIdentifier: RequestCopy] = [:]
  private(set) var isDraining = false
  private var drained: EventLoopPromise<Void>?
  let scratch: ScratchBuffers
  let limits: HTTP1Limits
  /// Requests that have become tunnels.
  var tunnels = 0
  /// Bytes of bodies that the loop's requests keep, and how many they may.
  var heldBytes = 0
  let heldLimit: Int
  private var lastDate = HTTPDate(seconds: 0)
  private let requestPrefix = UInt64.random(in: UInt64.min...UInt64.max)
  private var requestCount: UInt64 = 0

  init(
    eventLoop: any EventLoop, configuration: ProxyConfiguration, steps: RouterSteps,
    observer: ProxyObserver, logger: Logger, scratch: ScratchBuffers, pool: UpstreamPool, tls: TLSContexts? = nil,
    limits: HTTP1Limits? = nil, pickers: PickSessionMaker? = nil
  ) {
    self.pickers = pickers
    self.tls = tls
    self.scratch = scratch
    self.limits = limits ?? HTTP1Limits(headBytes: configuration.maximumHeaderBytes)
    heldLimit = configuration.maximumHeldBytes / max(1, configuration.eventLoops ?? System.coreCount)
    self.eventLoop = eventLoop
    self.configuration = configuration
    self.steps = steps
    queues = QueueTicks(on: eventLoop, look: steps.queue.admitNext)
    self.observer = observer
    self.logger = logger
    self.pool = pool
  }

  /// An identifier for a request that came without one.
  func nextRequestID() -> RequestID {
    requestCount += 1
    return RequestID(loop: requestPrefix, number: requestCount)
  }

  /// The date of now.
  var date: HTTPDate {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    if Int64(now.tv_sec) != lastDate.seconds { lastDate = HTTPDate(seconds: Int64(now.tv_sec)) }
    return lastDate
  }

  /// A client has connected.
  func add(_ client: any ClientConnection) { clients[ObjectIdentifier(client)] = client }

  /// A client's connection is gone.
  func remove(_ client: any ClientConnection) {
    clients[ObjectIdentifier(client)] = nil
    if clients.isEmpty { finishDraining() }
  }

  /// Mirrors that are too slow get no further copies.
  var hasRoomForCopy: Bool { copies.count < 1024 && !isDraining }

  /// A copy of a request begins.
  func add(_ copy: RequestCopy) { copies[ObjectIdentifier(copy)] = copy }

  /// A copy of a request has ended.
  func remove(_ copy: RequestCopy) { copies[ObjectIdentifier(copy)] = nil }

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
    for copy in copies.values { copy.abandon() }
    pool.closeIdle()
    finishDraining()
  }

  private func finishDraining() {
    guard isDraining else { return }
    drained?.succeed()
  }
}
