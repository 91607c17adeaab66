import Foundation
import KubernetesAPI
public import KubernetesClient
public import Logging
public import Observability
public import ServiceLifecycle
public import Translation

/// The only place that writes to the cluster: brings each object's status to what a ``StatusReport`` says.
///
/// It compares with the newest object of the store and writes nothing when nothing but times would change; sets
/// `lastTransitionTime` only when a condition's status flips; keeps entries of other controllers; and writes with the
/// resourceVersion it read, so that two writers never undo each other. One object that cannot be written waits and is
/// tried again, while all others go on.
public struct StatusWriter: ServiceLifecycle.Service {
  let client: APIClient
  let watches: WatchSet
  private let leadership: Leadership
  private let controllerName: String
  let instruments: ControlInstruments
  private let logger: Logger
  private let seconds: @Sendable () -> Int64
  private let events: EventRecorder
  private let lastWords: Duration
  let state = StatusWriterState()
  private let signal = ChangeSignal()

  /// A writer that reads live objects from the stores of `watches`.
  ///
  /// - Parameters:
  ///   - leadership: whether this process writes at all; what it does not write waits until it may.
  ///   - seconds: the time since 1970, for `lastTransitionTime` and Events; by default the system's.
  public init(
    client: APIClient, watches: WatchSet, leadership: Leadership = .alone, instruments: ControlInstruments,
    logger: Logger, controllerName: String = ClusterState.defaultControllerName,
    seconds: (@Sendable () -> Int64)? = nil
  ) {
    self.init(
      client: client, watches: watches, leadership: leadership, instruments: instruments, logger: logger,
      controllerName: controllerName, seconds: seconds, eventTimeout: .seconds(5), lastWords: .seconds(1))
  }

  /// The same.
  ///
  /// - Parameters:
  ///   - eventTimeout: the longest time for writing one Event.
  ///   - lastWords: how long Events may hold up the end.
  init(
    client: APIClient, watches: WatchSet, leadership: Leadership = .alone, instruments: ControlInstruments,
    logger: Logger, controllerName: String = ClusterState.defaultControllerName,
    seconds: (@Sendable () -> Int64)? = nil,
    eventTimeout: Duration, lastWords: Duration
  ) {
    let seconds = seconds ?? { Int64(Date().timeIntervalSince1970) }
    // What failed waits in the queue and is tried again from there.
    self.client = client.fenced(by: leadership).withoutRetries()
    self.watches = watches
    self.leadership = leadership
    self.controllerName = controllerName
    self.instruments = instruments
    self.logger = logger
    self.seconds = seconds
    self.lastWords = lastWords
    events = EventRecorder(
      client: self.client, instruments: instruments, logger: logger, timeout: eventTimeout, seconds: seconds)
    leadership.onChange { [signal] _ in signal.ring() }
  }

  /// Takes a new report; what an older one said and was not yet written is forgotten. Returns at once.
  public func submit(_ report: StatusReport) {
    state.submit(report, version: watches.storedVersions())
    signal.ring()
    guard leadership.isHeld else { return }
    for (key, mistake) in state.newMistakes(report.configMaps) { tell(mistake, of: key) }
    for object in state.newUndecodable(watches.undecodable) {
      let note = EventNote(
        type: "Warning", reason: "Undecodable",
        message: "the object does not decode, so what it said before stays in force: \(object.reason)")
      events.record([note], about: ObjectReference(to: object))
    }
  }

  /// Tells of a mistake in a ConfigMap, which has no status that could say it.
  private func tell(_ mistake: String, of key: ObjectKey) {
    logger.warning(
      "a ConfigMap that tells of adapters has a mistake", metadata: ["object": "\(key)", "error": "\(mistake)"])
    guard let configMap = watches.configMaps[key] else { return }
    events.record([EventNote(type: "Warning", reason: "InvalidAdapters", message: mistake)], about: configMap)
  }

  /// Runs until cancelled or gracefully shut down; then Events that still wait have a second to be written.
  public func run() async throws {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await events.run() }
      await cancelWhenGracefulShutdown {
        await AlarmLoop(signal: signal).run { step(&$0) }
      }
      events.finish()
      // Ends early only when cancelled, and then there is nothing to wait for.
      group.addTask { do { try await Task.sleep(for: lastWords) } catch {} }
      await group.next()
      group.cancelAll()
    }
  }

  private func step(_ group: inout DiscardingTaskGroup) -> UInt64? {
    // The report waits: it is written when this process takes over.
    guard leadership.isHeld else { return nil }
    for (key, desired) in state.take(now: Monotonic.now) {
      group.addTask {
        let outcome = await write(key, desired)
        state.finished(key, outcome: outcome, now: Monotonic.now)
        signal.ring()
      }
    }
    return state.nextDue
  }

  typealias Outcome = StatusWriterState.Queue.Outcome

  /// Writes one object's status, if it says something else than it shall.
  func write(_ key: StatusKey, _ desired: DesiredStatus) async -> Outcome {
    let now = Timestamp(secondsSince1970: seconds())
    switch desired {
    case .gatewayClass(let status, let isUsed):
      if let failure = await hold(key, while: isUsed) { return failure }
      return await bring(key, in: watches.gatewayClasses, to: desired) {
        StatusMerge.gatewayClass($0, status, now: now)
      }
    case .gateway(let status):
      return await bring(key, in: watches.gateways, to: desired) { StatusMerge.gateway($0, status, now: now) }
    case .listenerSet(let status):
      return await bring(key, in: watches.listenerSets, to: desired) { StatusMerge.listenerSet($0, status, now: now) }
    case .route(let parents): return await writeRoute(key, desired, parents, now: now)
    case .inferencePool(let parents):
      return await bring(key, in: watches.inferencePools, to: desired) {
        tellIfFull(key, $0.status?.parents, parents) { $0.controllerName == controllerName }
        return StatusMerge.inferencePool($0, parents, controllerName: controllerName, now: now)
      }
    case .inferencePoolV1Alpha2(let parents, let gateways):
      return await writeOldPool(key, desired, parents, gateways, now: now)
    case .plain(let conditions): return await writePlain(key, desired, conditions, now: now)
    case .backendTLSPolicy(let ancestors):
      return await bring(key, in: watches.backendTLSPolicies, to: desired) {
        tellIfFull(key, $0.status?.ancestors, ancestors) { $0.controllerName == controllerName }
        return StatusMerge.backendTLSPolicy($0, ancestors, controllerName: controllerName, now: now)
      }
    }
  }

  private func writeOldPool(
    _ key: StatusKey, _ desired: DesiredStatus, _ parents: [PoolParentStatus], _ gateways: OwnGateways, now: Timestamp
  ) async -> Outcome {
    let present = watches.gateways.snapshot ?? [:]
    return await bring(key, in: watches.inferencePoolsV1Alpha2, to: desired) { pool in
      let isOurs: (PoolParentStatus) -> Bool = {
        gateways.wrote($0, namespace: pool.metadata.namespace, isPresent: { present[$0] != nil })
      }
      tellIfFull(key, pool.status?.parent, parents, isOurs: isOurs)
      return StatusMerge.inferencePool(pool, parents, isOurs: isOurs, now: now)
    }
  }

  private func writePlain(
    _ key: StatusKey, _ desired: DesiredStatus, _ conditions: [Condition], now: Timestamp
  ) async -> Outcome {
    func bring<R: StatusBearing & ConditionBearing>(in store: Store<R>) async -> Outcome {
      await self.bring(key, in: store, to: desired) { StatusMerge.plain($0, conditions, now: now) }
    }
    return switch key.kind {
    case .inferenceObjective: await bring(in: watches.inferenceObjectives)
    case .inferenceObjectiveXK8s: await bring(in: watches.inferenceObjectivesXK8s)
    case .inferenceModelRewrite: await bring(in: watches.inferenceModelRewrites)
    case .inferenceModelRewriteXK8s: await bring(in: watches.inferenceModelRewritesXK8s)
    default: await bring(in: watches.inferenceModels)
    }
  }

  private func writeRoute(
    _ key: StatusKey, _ desired: DesiredStatus, _ parents: [RouteParentStatus], now: Timestamp
  ) async -> Outcome {
    switch key.kind {
    case .grpcRoute: await bring(key, in: watches.grpcRoutes, to: desired, parents, now: now)
    case .tlsRoute: await bring(key, in: watches.tlsRoutes, to: desired, parents, now: now)
    case .tcpRoute: await bring(key, in: watches.tcpRoutes, to: desired, parents, now: now)
    case .udpRoute: await bring(key, in: watches.udpRoutes, to: desired, parents, now: now)
    default: await bring(key, in: watches.httpRoutes, to: desired, parents, now: now)
    }
  }

  private func bring<R: StatusBearing & Route>(
    _ key: StatusKey, in store: Store<R>, to desired: DesiredStatus, _ parents: [RouteParentStatus], now: Timestamp
  ) async -> Outcome {
    await bring(key, in: store, to: desired) {
      tellIfFull(key, $0.status?.parents, parents) { $0.controllerName == controllerName }
      return StatusMerge.route($0, parents, controllerName: controllerName, now: now)
    }
  }

  private func bring<R: StatusBearing>(
    _ key: StatusKey, in store: Store<R>, to desired: DesiredStatus, merge: (R) -> R
  ) async -> Outcome {
    guard let stored = store.snapshot?[key.object] else { return .done(version: nil) }
    // What others wrote into a status that we cannot read would be lost.
    if store.isMarked(key.object) { return .done(version: stored.metadata.resourceVersion) }
    let last = state.written(R.self, of: key)
    let live = state.newest(stored, of: key)
    let wished = merge(live)
    // A server that did not keep all of what was written would not keep it the next time either.
    guard live != wished, last?.desired != desired || last.map({ Self.saysSame($0.result, live) }) != true else {
      return .done(version: live.metadata.resourceVersion)
    }
    do {
      guard let patch = try StatusPatch.make(from: live, to: wished) else {
        return .done(version: live.metadata.resourceVersion)
      }
      let namespace = live.metadata.namespace
      let result = try await client.patchStatus(
        R.self, name: live.metadata.name, namespace: namespace.isEmpty ? nil : namespace, patch: .merge(patch))
      state.remember(.init(after: last, stored: stored, result: result, desired: desired), of: key)
      instruments.statusWrites.increment([R.type.kind, "written"])
      if !Self.saysSame(merge(result), result) { warnOfLoss(key, R.self) }
      events.record(notes(from: live, to: result), about: result)
      return .done(version: result.metadata.resourceVersion)
    } catch {
      return outcome(of: error, writing: key, R.self)
    }
  }

  private func notes<R: StatusBearing>(from old: R, to new: R) -> [EventNote] {
    EventNotes.flips(
      from: old.conditionGroups(of: controllerName), to: new.conditionGroups(of: controllerName))
  }

  private func tellIfFull<Entry: ParentEntry>(
    _ key: StatusKey, _ live: [Entry]?, _ desired: [Entry], isOurs: (Entry) -> Bool
  ) {
    let excess = StatusMerge.excess(live: live ?? [], desired: desired, isOurs: isOurs)
    guard state.setFull(excess > 0, key) else { return }
    logger.warning(
      "entries of other controllers leave no place for all of ours in a status; the last of ours are left out",
      metadata: ["kind": "\(key.kind)", "object": "\(key.object)", "leftOut": "\(excess)"])
  }

  private func warnOfLoss<R: Resource>(_ key: StatusKey, _ type: R.Type) {
    logger.warning(
      "the API server did not keep all of a status; are the definitions in crds/ installed as they are?",
      metadata: ["kind": "\(R.type.kind)", "object": "\(key.object)"])
  }

  func outcome<R: Resource>(of error: any Error, writing key: StatusKey, _ type: R.Type) -> Outcome {
    switch error {
    case APIError.notFound:
      return .gone
    case APIError.conflict:
      instruments.statusWrites.increment([R.type.kind, "conflict"])
      return .conflict
    default:
      guard !Task.isCancelled else { return .failed() }
      instruments.statusWrites.increment([R.type.kind, "failed"])
      logger.warning(
        "a status could not be written; it is tried again",
        metadata: ["kind": "\(R.type.kind)", "object": "\(key.object)", "error": "\(error)"])
      // Servers ask in whole seconds.
      let seconds = (error as? APIError)?.retryAfter?.components.seconds ?? 0
      return .failed(retryAfter: UInt64(max(0, seconds)) * 1_000_000_000)
    }
  }

  /// Whether two states of an object say the same but for its metadata.
  private static func saysSame<R: Resource>(_ left: R, _ right: R) -> Bool {
    var (left, right) = (left, right)
    left.metadata = ObjectMeta()
    right.metadata = left.metadata
    return left == right
  }
}
