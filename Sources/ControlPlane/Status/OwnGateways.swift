import KubernetesAPI

/// The Gateways that this controller serves.
struct OwnGateways: Equatable, Sendable {
  /// Those that it serves now.
  private(set) var now: Set<ObjectKey> = []
  /// Those that it served at some time since the process started; a name is small, and a cluster has few Gateways.
  private(set) var ever: Set<ObjectKey> = []

  /// Serves exactly these from now on.
  mutating func serve(_ gateways: Set<ObjectKey>) {
    now = gateways
    ever.formUnion(gateways)
  }

  /// Whether an entry of a v1alpha2 InferencePool was written by this controller: those entries name none.
  ///
  /// What stands for a Gateway of ours is ours. Of the rest only entries with the two conditions that no other program
  /// writes can be, and they are taken for ours if the Gateway was ours since this process started, or is gone. An
  /// entry of another controller therefore stays in any case, also while we do not know its Gateway. The price: after a
  /// restart, an entry of ours stays for a Gateway that changed to another class while we were away. That is the lesser
  /// evil: it could as well be of a second Switchyard under another name, and two that take away each other's entries
  /// would never rest, while an entry too many harms nobody.
  ///
  /// - Parameter isPresent: whether a Gateway is known at all.
  func wrote(_ entry: PoolParentStatus, namespace: String, isPresent: (ObjectKey) -> Bool) -> Bool {
    let reference = entry.parentRef.explicit(in: namespace)
    guard reference.kind == "Gateway" else { return false }
    let gateway = ObjectKey(namespace: reference.namespace ?? namespace, name: reference.name)
    if now.contains(gateway) { return true }
    let isLikeOurs = Self.marks.isSubset(of: entry.conditions.map(\.type))
    return isLikeOurs && (ever.contains(gateway) || !isPresent(gateway))
  }

  /// Condition types that only this program gives to a pool.
  private static let marks = Set([ConditionType.endpointsReady, .acceleratorsFound].map(\.rawValue))
}
