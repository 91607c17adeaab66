import KubernetesAPI
import Translation

/// Decides which objects of Gateways are applied and deleted next. Does no I/O; times are monotonic nanoseconds passed in.
///
/// An object is left alone when the cluster shows the hash of what is planned, so that nothing is written in a steady state, nor by a
/// process that takes over. What was just applied is given time to show.
struct ProvisionerState: Sendable {
  /// What to do with one object.
  enum Step: Equatable, Sendable {
    case apply(ProvisionedObject, isThere: Bool)
    /// Only the one with this uid.
    case delete(uid: String?)
  }

  typealias Queue = StatusQueue<ProvisionedID, Step>

  /// How long a watch has to show what was applied, in nanoseconds; then it is applied again.
  static let patience: UInt64 = 10_000_000_000

  private struct Unseen {
    var step: Step
    var until: UInt64
  }

  private var queue: Queue
  private var plans: [ObjectKey: GatewayPlan]?
  /// What was done and does not show yet.
  private var unseen: [ProvisionedID: Unseen] = [:]
  private var failed: [ProvisionedID: (gateway: ObjectKey?, message: String)] = [:]

  init(configuration: Queue.Configuration = Queue.Configuration()) { queue = Queue(configuration: configuration) }

  /// Takes new plans for all Gateways.
  mutating func plan(_ plans: [ObjectKey: GatewayPlan]) { self.plans = plans }

  /// Compares what is planned with what is there. Nothing is done before there is a plan.
  mutating func look(at live: [ProvisionedID: LiveObject], now: UInt64) {
    guard let plans else { return }
    var steps: [ProvisionedID: Step] = [:]
    var gateways: [ProvisionedID: ObjectKey] = [:]
    var kept: Set<GatewayOwner> = []
    for (gateway, plan) in plans {
      guard case .objects(let objects) = plan else {
        kept.insert(GatewayOwner(gateway))
        continue
      }
      for object in objects {
        gateways[object.id] = gateway
        steps[object.id] = Self.step(object, live[object.id])
      }
    }
    for (id, object) in live where gateways[id] == nil && !kept.contains(object.owner) && !object.isTerminating {
      steps[id] = .delete(uid: object.uid)
    }
    unseen = unseen.filter { id, done in now < done.until && steps[id].map { Self.isSame($0, done.step) } == true }
    for id in unseen.keys { steps[id] = nil }
    failed = failed.filter { steps[$0.key] != nil }.mapValuesWithKeys { (gateways[$0] ?? $1.gateway, $1.message) }
    queue.submit(steps.mapValues { Queue.Wish(desired: $0, version: nil) })
  }

  private static func step(_ object: ProvisionedObject, _ live: LiveObject?) -> Step? {
    guard let live else { return .apply(object, isThere: false) }
    // One that is going cannot be kept: its successor is made when it is gone.
    if live.isTerminating || live.hash == object.hash { return nil }
    return .apply(object, isThere: true)
  }

  private static func isSame(_ one: Step, _ other: Step) -> Bool {
    if case .apply(let one, _) = one, case .apply(let other, _) = other { return one.hash == other.hash }
    return one == other
  }

  /// The steps to begin now, marked as under way.
  mutating func take(now: UInt64) -> [(key: ProvisionedID, desired: Step)] { queue.take(now: now) }

  /// Notes the end of a step that ``take(now:)`` began.
  ///
  /// - Parameter problem: what people have to know of one that failed.
  mutating func finished(_ id: ProvisionedID, _ step: Step, outcome: Queue.Outcome, problem: String?, now: UInt64) {
    queue.finished(id, outcome: outcome, now: now)
    switch outcome {
    case .done, .gone:
      unseen[id] = Unseen(step: step, until: now + Self.patience)
      failed[id] = nil
      queue.forget(id)
    case .conflict: break
    case .failed: failed[id] = problem.map { (gateway(of: id), $0) }
    }
  }

  private func gateway(of id: ProvisionedID) -> ObjectKey? {
    plans?.first { _, plan in
      if case .objects(let objects) = plan { objects.contains { $0.id == id } } else { false }
    }?.key
  }

  /// What could not be made or brought up to date, by Gateway.
  var failures: [ObjectKey: String] {
    failed.sorted { $0.key < $1.key }.reduce(into: [:]) { failures, entry in
      guard let gateway = entry.value.gateway else { return }
      failures[gateway] = (failures[gateway].map { "\($0); " } ?? "") + entry.value.message
    }
  }

  /// When to look again; `nil` while nothing waits.
  var nextDue: UInt64? { [queue.nextDue, unseen.values.map(\.until).min()].compactMap(\.self).min() }
}

extension Dictionary {
  fileprivate func mapValuesWithKeys<T>(_ transform: (Key, Value) -> T) -> [Key: T] {
    [Key: T](uniqueKeysWithValues: map { ($0.key, transform($0.key, $0.value)) })
  }
}
