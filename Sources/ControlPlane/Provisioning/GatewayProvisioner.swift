import JSONText
import KubernetesAPI
public import KubernetesClient
public import Logging
public import ServiceLifecycle
import Synchronization
import Translation

/// Makes, changes and removes the objects of Gateways that pods serve, while this process leads. ``ProvisionerState`` decides; this acts.
///
/// Objects are applied on the server's side, in the name of `switchyard`: what others add to them stays.
public struct GatewayProvisioner: ServiceLifecycle.Service {
  static let fieldManager = "switchyard"
  /// Holds `replicas` of a Deployment whose number an autoscaler decides from now on.
  static let replicasManager = "switchyard-replicas"

  private let client: APIClient
  private let watches: WatchSet
  private let leadership: Leadership
  private let logger: Logger
  private let signal = ChangeSignal()
  private let state = ProvisionerMemory()

  /// - Parameters:
  ///   - watches: a set that was made to watch these objects.
  ///   - leadership: whether this process writes at all.
  public init(client: APIClient, watches: WatchSet, leadership: Leadership = .alone, logger: Logger) {
    // What failed waits and is tried again from there.
    self.client = client.fenced(by: leadership).withoutRetries()
    self.watches = watches
    self.leadership = leadership
    self.logger = logger
    leadership.onChange { [signal] _ in signal.ring() }
  }

  /// Takes what shall become of the objects of all Gateways, after each change of any watched object. Returns at once.
  func submit(_ plans: [ObjectKey: GatewayPlan]) {
    state.with { $0.plan(plans) }
    signal.ring()
  }

  /// What could not be made or brought up to date, by Gateway.
  var failures: [ObjectKey: String] { state.with { $0.failures } }

  /// Runs until cancelled or gracefully shut down.
  public func run() async {
    await cancelWhenGracefulShutdown {
      await AlarmLoop(signal: signal).run { step(&$0) }
    }
  }

  private func step(_ group: inout DiscardingTaskGroup) -> UInt64? {
    guard leadership.isHeld, let live = watches.provisioned?.live(services: watches.services) else { return nil }
    let now = Monotonic.now
    let steps = state.with { state in
      state.look(at: live, now: now)
      return state.take(now: now)
    }
    for (id, step) in steps {
      group.addTask {
        let (outcome, problem) = await carryOut(step, id)
        let before = failures
        state.with { $0.finished(id, step, outcome: outcome, problem: problem, now: Monotonic.now) }
        // The next pass says so in the Gateway's status.
        if failures != before { watches.signal.ring() }
        signal.ring()
      }
    }
    return state.with { $0.nextDue }
  }

  private func carryOut(
    _ step: ProvisionerState.Step, _ id: ProvisionedID
  ) async -> (ProvisionerState.Queue.Outcome, problem: String?) {
    let type = id.kind.type
    do {
      switch step {
      case .delete(let uid):
        try await client.delete(
          type, name: id.key.name, namespace: id.key.namespace, options: DeleteOptions(uid: uid))
        logger.info("deleted what no Gateway needs any more", metadata: ["object": "\(id)"])
      case .apply(let object, let isThere):
        if isThere { try await handOverReplicas(of: object) } else { try await refuseForeign(id) }
        _ = try await apply(object.json, id, as: Self.fieldManager, force: true)
        logger.info("applied", metadata: ["object": "\(id)"])
      }
      return (.done(version: nil), nil)
    } catch APIError.notFound where step.isDeletion {
      return (.gone, nil)
    } catch APIError.conflict {
      return (.conflict, nil)
    } catch let error as ForeignObject {
      return (.failed(), error.message)
    } catch {
      guard !Task.isCancelled, leadership.isHeld else { return (.failed(), nil) }
      let problem = "\(id) cannot be \(step.isDeletion ? "deleted" : "applied"): \(error)"
      logger.warning("an object of a Gateway is not as it shall be; trying again", metadata: ["error": "\(problem)"])
      let pause = (error as? APIError)?.retryAfter ?? .zero
      return (.failed(retryAfter: UInt64(max(0, pause / .nanoseconds(1)))), problem)
    }
  }

  private func apply(_ json: JSONValue, _ id: ProvisionedID, as manager: String, force: Bool) async throws {
    _ = try await client.patch(
      id.kind.type, name: id.key.name, namespace: id.key.namespace, patch: .apply(json, force: force),
      options: WriteOptions(fieldManager: manager))
  }

  /// An object of the same name that somebody else made is not taken over.
  private func refuseForeign(_ id: ProvisionedID) async throws {
    // A list, so that the same rights do as for the watch.
    let found = try await client.list(
      id.kind.type, namespace: id.key.namespace, fieldSelector: "metadata.name=\(id.key.name)")
    let isOurs = found.items.allSatisfy {
      $0["metadata", "labels", GatewayNames.Label.managedBy]?.stringValue == GatewayNames.Label.manager
    }
    if isOurs { return }
    throw ForeignObject(
      message: "\(id) is there already and was not made by Switchyard: delete it, or give the Gateway another name")
  }

  /// When a Deployment's `replicas` become the business of an autoscaler, the number would fall to one for a moment, since nobody says it
  /// any more: another manager says the present one, until the autoscaler says its own.
  private func handOverReplicas(of object: ProvisionedObject) async throws {
    guard object.id.kind == .deployment, object.json["spec", "replicas"] == nil,
      let replicas = watches.provisioned?.deployments.snapshot?[object.id.key]?.spec?.replicas
    else { return }
    let json: JSONValue = [
      "apiVersion": .string(Deployment.type.apiVersion), "kind": .string(Deployment.type.kind),
      "metadata": ["name": .string(object.id.key.name), "namespace": .string(object.id.key.namespace)],
      "spec": ["replicas": .integer(Int64(replicas))],
    ]
    try await apply(json, object.id, as: Self.replicasManager, force: false)
  }
}

extension ProvisionerState.Step {
  fileprivate var isDeletion: Bool {
    if case .delete = self { true } else { false }
  }
}

private struct ForeignObject: Error { let message: String }

/// The state behind its lock.
private final class ProvisionerMemory: Sendable {
  private let state = Mutex(ProvisionerState())

  func with<T: Sendable>(_ body: (inout ProvisionerState) -> T) -> T { state.withLock { body(&$0) } }
}
