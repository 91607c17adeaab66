import KubernetesAPI

/// One line for `kubectl describe`.
struct EventNote: Hashable, Sendable {
  /// `Normal` or `Warning`.
  var type: String
  var reason: String
  var message: String
}

/// What a change of conditions is worth telling: pure functions.
enum EventNotes {
  /// The condition types whose flips people want to read of.
  private static let told: Set<String> = ["Accepted", "Programmed", "ResolvedRefs", "EndpointsReady", "Conflicted"]
  /// Those of them that are worth a line already when they are good from the start.
  private static let toldAtFirst: Set<String> = ["Accepted", "Programmed", "EndpointsReady"]

  /// The notes for what flipped from `old` to `new`, in order.
  ///
  /// What is bad is told when it is first seen; what is good from the start only where people wait for it. A group
  /// that went away is not told of: its owner took it away.
  static func flips(from old: [ConditionGroup], to new: [ConditionGroup]) -> [EventNote] {
    new.flatMap { group -> [EventNote] in
      let before = old.first { $0.subject == group.subject }?.conditions ?? []
      return group.conditions.compactMap { condition in
        let status = before.first { $0.type == condition.type }?.status
        return note(condition, before: status ?? "Unknown", of: group)
      }
    }
  }

  private static func note(_ condition: Condition, before: String, of group: ConditionGroup) -> EventNote? {
    guard told.contains(condition.type), condition.status != before, condition.status != "Unknown" else { return nil }
    let isGood = (condition.status == "True") != (condition.type == "Conflicted")
    let isWaitedFor = toldAtFirst.contains(condition.type) && !group.isDetail
    if isGood, before == "Unknown", !isWaitedFor { return nil }
    let start = group.subject.isEmpty ? "" : "\(group.subject): "
    let message = condition.message.isEmpty ? "\(condition.type) is \(condition.status)" : condition.message
    return EventNote(type: isGood ? "Normal" : "Warning", reason: condition.reason, message: start + message)
  }
}
