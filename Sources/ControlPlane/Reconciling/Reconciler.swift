import Foundation
public import KubernetesAPI
public import KubernetesClient
public import Logging
public import Observability
public import Routing
public import ServiceLifecycle
import Synchronization
public import Translation

/// The loop: when a watched object changes, one snapshot of all stores becomes a routing table and all statuses.
///
/// Traffic first, paper second: the table is published before the statuses are handed to the ``StatusWriter``. There
/// is no pass before every kind is synced, nor a first table before every certificate is known, so a restart never
/// publishes half a table.
public struct Reconciler: ServiceLifecycle.Service {
  /// How the loop behaves.
  public struct Configuration: Sendable {
    /// The rest after each pass: a burst of changes costs one more pass at its end.
    public var holdOff: Duration
    /// Where the addresses of Gateways come from; `nil` assigns none.
    public var addresses: AddressPolicy?
    /// The controller whose GatewayClasses are ours.
    public var controllerName: String
    /// Whether this process opens the listeners of what it serves. One that does not is ready to take over: it knows the pools, and reads
    /// their metrics.
    public var leadership: Leadership
    /// Who serves the Gateways. Where pods do, no listener is published.
    public var hosting: GatewayHosting
    /// The only Gateway to serve; `nil` for all.
    public var gateway: ObjectKey?

    /// By default a rest of 20 ms, no addresses, and `switchyard.dev/gateway-controller`.
    public init(
      holdOff: Duration = .milliseconds(20), addresses: AddressPolicy? = nil,
      controllerName: String = ClusterState.defaultControllerName, leadership: Leadership = .alone,
      hosting: GatewayHosting = .hosted, gateway: ObjectKey? = nil
    ) {
      self.leadership = leadership
      self.hosting = hosting
      self.gateway = gateway
      self.holdOff = holdOff
      self.addresses = addresses
      self.controllerName = controllerName
    }
  }

  private let watches: WatchSet
  private let published: PublishedRouting
  private let writer: StatusWriter?
  private let provisioner: GatewayProvisioner?
  private let instruments: ControlInstruments
  private let logger: Logger
  private let holdOff: HoldOff<ContinuousClock>
  private let state: ReconcilerState
  private let leadership: Leadership

  /// A loop over these watches.
  ///
  /// - Parameters:
  ///   - table: where each new table is published.
  ///   - certificates: where the certificates that the table names are published, before any table that names them.
  ///   - writer: writes the statuses; `nil` in a process that only reads, such as a data plane.
  ///   - provisioner: makes the objects of Gateways that pods serve; `nil` where this process serves them.
  public init(
    watches: WatchSet, table: Published<RoutingTable>,
    certificates: Published<CertificateStore> = Published(CertificateStore()), writer: StatusWriter?,
    provisioner: GatewayProvisioner? = nil, instruments: ControlInstruments,
    logger: Logger, configuration: Configuration = Configuration()
  ) {
    self.watches = watches
    published = PublishedRouting(table: table, certificates: certificates)
    self.writer = writer
    self.provisioner = provisioner
    self.instruments = instruments
    self.logger = logger
    holdOff = HoldOff(rest: configuration.holdOff, clock: ContinuousClock())
    state = ReconcilerState(configuration: configuration)
    leadership = configuration.leadership
    leadership.onChange { [signal = watches.signal] _ in signal.ring() }
  }

  /// Whether a first pass is done: from then on the table is whole.
  public var isReady: Bool { state.isReady }

  /// What readiness waits for, in words for people; empty when ready. Without the definitions of Gateway API nothing is: who waits for the
  /// operator to be rolled out shall hear of it.
  public var notReady: [String] {
    let missing = watches.missingDefinitions
    guard !isReady else { return missing }
    let reasons = watches.unsyncedReasons + missing
    return reasons.isEmpty ? ["the first routing table is not built yet"] : reasons
  }

  /// What the last pass said of every object of ours; `nil` before the first.
  public var statuses: StatusReport? { state.statuses }

  /// Tells the loop which listener sockets the data plane could not open and which certificates it could not use, and why;
  /// replaces what was told before.
  public func bindingsChanged(_ failures: [ListenerSocket: String], certificates: [CertificateFailure] = []) {
    if state.setFailures(failures, certificates: certificates) { watches.signal.ring() }
  }

  /// Runs until cancelled or gracefully shut down.
  public func run() async throws {
    let rings = watches.signal.rings()
    watches.signal.ring()
    await cancelWhenGracefulShutdown {
      // The only error is the cancellation that ends the loop.
      do {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { try await holdOff.run(on: rings) { pass() } }
          group.addTask { try await watchClock() }
          try await group.next()
          group.cancelAll()
        }
      } catch {}
    }
  }

  /// Certificates expire without any event: where there are some, a pass in ten minutes says so.
  private func watchClock() async throws {
    while true {
      try await Task.sleep(for: .seconds(600))
      if published.hasCertificates { watches.signal.ring() }
    }
  }

  /// One pass: snapshot, translation, table, statuses.
  func pass() {
    let changed = watches.signal.takeFirstRing()
    guard let snapshot = watches.snapshot() else {
      logger.debug("waiting for the first full lists", metadata: ["kinds": "\(watches.unsyncedKinds)"])
      return
    }
    let began = Monotonic.now
    let cluster = complete(snapshot)
    let result = translate(cluster)
    if !state.isReady, !result.waiting.isEmpty {
      logger.debug("waiting for certificates", metadata: ["gateways": "\(result.waiting)"])
      return
    }
    if published.publish(servesListeners ? result : result.withoutListeners, isFirst: !state.isReady) {
      if state.isReady, let changed {
        instruments.changeToTraffic.observe((ContinuousClock.now - changed) / .seconds(1))
      }
      logger.debug(
        "routing table published",
        metadata: ["listeners": "\(result.table.listeners.count)", "pools": "\(result.table.pools.count)"])
    }
    instruments.translations.increment()
    instruments.translationDuration.observe(Double(Monotonic.now - began) / 1e9)
    instruments.lastTranslation.set(Date().timeIntervalSince1970)
    state.statuses = result.statuses
    if state.markReady() { logger.info("first routing table published") }
    writer?.submit(result.statuses)
    provisioner?.submit(result.plans)
  }

  /// Where pods serve, no process that does not is asked to.
  private var servesListeners: Bool {
    if case .pods = state.hosting { false } else { leadership.isHeld }
  }

  /// Adds to a snapshot what is not in any store of a whole kind.
  private func complete(_ snapshot: ClusterState) -> ClusterState {
    var cluster = state.named(snapshot)
    watches.completeParameters(of: &cluster)
    cluster = state.complete(cluster)
    cluster.provisioningFailures = provisioner?.failures ?? [:]
    watches.completeCertificates(of: &cluster)
    watches.completeDefinitions(of: &cluster)
    return cluster
  }
}

extension TranslationResult {
  /// What a process serves that does not lead.
  var withoutListeners: TranslationResult {
    var result = self
    result.table.listeners = []
    return result
  }
}
