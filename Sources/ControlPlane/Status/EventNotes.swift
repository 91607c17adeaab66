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

  /// The notes for what flipped from `old` to `new`, in order.
  ///
  /// A condition seen for the first time counts as a flip, except that `Conflicted` is only told when it is true, and
  /// a group that went away is not told of: its owner took it away.
  static func flips(from old: [ConditionGroup], to new: [ConditionGroup]) -> [EventNote] {
    new.flatMap { group -> [EventNote] in
      let before = old.first { $0.subject == group.subject }?.conditions ?? []
      return group.conditions.compactMap { condition in
        let status = before.first { $0.type == condition.type }?.status
        return note(condition, before: status, subject: group.subject)
      }
    }
  }

  private static func note(_ condition: Condition, before: String?, subject: String) -> EventNote? {
    guard told.contains(condition.type), condition.status != before else { return nil }
    let isGood = (condition.status == "True") != (condition.type == "Conflicted")
    if condition.status == "Unknown" || (condition.type == "Conflicted" && isGood && before == nil) { return nil }
    let start = subject.isEmpty ? "" : "\(subject): "
    let message = condition.message.isEmpty ? "\(condition.type) is \(condition.status)" : condition.message
    return EventNote(type: isGood ? "Normal" : "Warning", reason: condition.reason, message: start + message)
  }
}
