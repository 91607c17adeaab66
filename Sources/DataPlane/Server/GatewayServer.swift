import Descriptors
import Logging
import NIOCore
import NIOPosix
import Routing
import Synchronization

/// The proxy: listens where the table says, and serves each request by the table of its moment.
public final class GatewayServer: Sendable {
  package let configuration: ProxyConfiguration
  private let table: Published<RoutingTable>
  private let certificates: Published<CertificateStore>
  private let tls: TLSContexts
  private let upstreamTLS: UpstreamTLSContexts
  private let steps: @Sendable () -> RouterSteps
  private let pickers: PickerMaker?
  private let logger: Logger
  private let observer: ProxyObserver
  private let budget: DescriptorBudget
  private let onBindingsChanged: @Sendable (BindingsReport) -> Void
  private let bell: AsyncStream<Void>
  private let ring: AsyncStream<Void>.Continuation
  private let hasFailures = Atomic<Bool>(false)
  /// While the server runs: the context of each event loop.
  let running = Mutex<[NIOLoopBound<LoopContext>]>([])

  /// A server that asks `steps`, made for each event loop, and `pickers`, made for each too.
  init(
    configuration: ProxyConfiguration, table: Published<RoutingTable>,
    certificates: Published<CertificateStore> = Published(CertificateStore()),
    steps: @escaping @Sendable () -> RouterSteps,
    pickers: PickerMaker? = nil,
    logger: Logger, observer: ProxyObserver,
    budget: DescriptorBudget = .process, onBindingsChanged: @escaping @Sendable (BindingsReport) -> Void
  ) {
    self.configuration = configuration
    self.table = table
    self.certificates = certificates
    tls = TLSContexts(table: table, certificates: certificates)
    upstreamTLS = UpstreamTLSContexts(table: table, certificates: certificates)
    self.steps = steps
    self.pickers = pickers
    self.logger = logger
    self.observer = observer
    self.budget = budget
    self.onBindingsChanged = onBindingsChanged
    (bell, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  /// Serves until ``shutdownGracefully()``, then drains; cancellation closes every connection at once, also while it
  /// drains. Call once.
  ///
  /// - Throws: only when event loops cannot be stopped. A socket that cannot be bound is reported to
  ///   `onBindingsChanged` and tried again each second.
  public func run() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoops ?? System.coreCount)
    let loops = try await makeLoops(group)
    running.withLock { $0 = Array(loops.values) }
    var bindings = ListenerBindings(
      configuration: configuration, group: group, loops: loops, logger: logger, budget: budget,
      onClosed: { [ring] in ring.yield() })
    await withTaskGroup(of: Void.self) { tasks in
      tasks.addTask { for await _ in self.table.changes() { self.ring.yield() } }
      tasks.addTask { for await _ in self.certificates.changes() { self.ring.yield() } }
      tasks.addTask { await self.ringWhileFailing() }
      var last: BindingsReport?
      for await _ in bell {
        let isChanged = await bindings.apply(table.current)
        var report = bindings.report
        report.certificateProblems = tls.problems
        guard isChanged || report.certificateProblems != last?.certificateProblems else { continue }
        logCertificateProblems(report, since: last)
        last = report
        hasFailures.store(!bindings.failures.isEmpty, ordering: .relaxed)
        onBindingsChanged(report)
      }
      tasks.cancelAll()
    }
    await bindings.closeAll()
    await drain(loops)
    running.withLock { $0 = [] }
    try await group.shutdownGracefully()
  }

  /// Stops accepting, closes resting connections, lets running requests finish until the drain deadline; then
  /// ``run()`` returns.
  public func shutdownGracefully() {
    ring.finish()
  }

  private func logCertificateProblems(_ report: BindingsReport, since last: BindingsReport?) {
    for problem in report.certificateProblems where last?.certificateProblems.contains(problem) != true {
      logger.error("a listener's certificate cannot be used", metadata: ["problem": "\(problem)"])
    }
  }

  private func ringWhileFailing() async {
    while !Task.isCancelled {
      do { try await Task.sleep(for: .seconds(1)) } catch { return }
      if hasFailures.load(ordering: .relaxed) { ring.yield() }
    }
  }

  private func makeLoops(
    _ group: MultiThreadedEventLoopGroup
  ) async throws -> [ObjectIdentifier: NIOLoopBound<LoopContext>] {
    var loops: [ObjectIdentifier: NIOLoopBound<LoopContext>] = [:]
    for eventLoop in group.makeIterator() {
      loops[ObjectIdentifier(eventLoop)] = try await eventLoop.submit { self.makeLoop(eventLoop) }.get()
    }
    return loops
  }

  private func makeLoop(_ eventLoop: any EventLoop) -> NIOLoopBound<LoopContext> {
    let scratch = ScratchBuffers()
    let pool = UpstreamPool(
      eventLoop: eventLoop,
      limits: UpstreamPool.Leases.Limits(
        connections: configuration.maximumUpstreamConnections, resting: configuration.maximumIdleUpstreamConnections),
      idleTimeoutSeconds: configuration.upstreamIdleTimeoutSeconds, budget: budget,
      trust: { [upstreamTLS] in upstreamTLS.trust },
      connect: ProxyPipeline.connector(
        on: eventLoop, configuration: configuration, scratch: scratch, tls: upstreamTLS))
    let loop = LoopContext(
      eventLoop: eventLoop, configuration: configuration, steps: steps(), observer: observer,
      logger: logger, scratch: scratch, pool: pool, tls: tls, pickers: pickers?(eventLoop, upstreamTLS))
    return NIOLoopBound(loop, eventLoop: eventLoop)
  }

  /// Waits until every connection is done, the deadline has passed, or the task is cancelled; then closes what is left.
  private func drain(_ loops: [ObjectIdentifier: NIOLoopBound<LoopContext>]) async {
    let contexts = Array(loops.values)
    for context in contexts {
      context.eventLoop.scheduleTask(in: .seconds(configuration.drainTimeoutSeconds)) { context.value.closeAll() }
    }
    let drained = contexts.map { context in context.eventLoop.flatSubmit { context.value.drain() } }
    // A task that is cancelled already closes at once: each loop begins to drain first, since that is queued already.
    await withTaskCancellationHandler {
      for (context, done) in zip(contexts, drained) {
        do {
          try await done.get()
          try await context.eventLoop.submit { context.value.closeAll() }.get()
        } catch {
          logger.debug("an event loop did not drain", metadata: ["reason": "\(error)"])
        }
      }
    } onCancel: {
      for context in contexts { context.eventLoop.execute { context.value.closeAll() } }
    }
  }
}
