import KubernetesAPI

/// Joins the statuses we wish for with what the live object has: pure functions.
enum StatusMerge {
  /// The condition types that Switchyard writes, and two of the schemas' defaults that nobody writes any more. Those of others stay.
  static let ownTypes = Set(ConditionType.allCases.map(\.rawValue) + ["Ready", "Scheduled"])

  /// The wished conditions with their times: a condition keeps its time while its `status` stays the same. Live conditions of types
  /// that are not ours stay, after ours.
  ///
  /// - Parameters:
  ///   - live: what the object has.
  ///   - desired: what it shall have; times in it are ignored.
  ///   - now: the time for conditions that are new or whose status flips.
  static func conditions(
    live: [Condition], desired: [Condition], now: Timestamp
  ) -> [Condition] {
    let present = Dictionary(live.map { ($0.type, $0) }, uniquingKeysWith: { first, _ in first })
    let ours = desired.map { condition in
      var condition = condition
      let old = present[condition.type]
      condition.lastTransitionTime = old?.status == condition.status ? old?.lastTransitionTime ?? now : now
      return condition
    }
    let wished = Set(desired.map(\.type))
    let others = live.filter { !wished.contains($0.type) && !ownTypes.contains($0.type) }
    return inOrder(of: live, ours + others)
  }

  /// Known types at their old places, new ones after them: order alone is never a reason to write.
  private static func inOrder(of live: [Condition], _ conditions: [Condition]) -> [Condition] {
    let places = Dictionary(live.enumerated().map { ($1.type, $0) }, uniquingKeysWith: { first, _ in first })
    return conditions.enumerated().sorted { left, right in
      (places[left.element.type] ?? live.count, left.offset) < (places[right.element.type] ?? live.count, right.offset)
    }.map(\.element)
  }
}
