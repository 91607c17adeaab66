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
  private static let told: Set<ConditionType> = [
    .accepted, .programmed, .resolvedRefs, .endpointsReady, .conflicted, partial,
  ]
  /// Is there only while it holds, so that it flips by coming and going; another message tells of other rules.
  private static let partial = ConditionType.partiallyInvalid
  /// Those that are bad news when they hold.
  private static let badWhenTrue: Set<ConditionType> = [.conflicted, partial]
  /// Those of them that are worth a line already when they are good from the start.
  private static let toldAtFirst: Set<ConditionType> = [.accepted, .programmed, .endpointsReady]
  /// Those that say the same in every group, so that they are told once and without the group's name.
  private static let shared: Set<ConditionType> = [.endpointsReady]
  /// Those that everything begins with: a pool exists a moment before its pods. Bad is news only once it was good.
  private static let badAtBirth: Set<ConditionType> = [.endpointsReady]

  /// The notes for what flipped from `old` to `new`, in order.
  ///
  /// What is bad is told when it is first seen, but for what is always bad at first; what is good from the start only
  /// where people wait for it. A group that went away is not told of: its owner took it away.
  static func flips(from old: [ConditionGroup], to new: [ConditionGroup]) -> [EventNote] {
    var notes: [EventNote] = []
    for group in new {
      for condition in group.conditions {
        guard let type = ConditionType(rawValue: condition.type), told.contains(type) else { continue }
        let before = status(of: type, in: group, before: old)
        guard let note = note(condition, type, before: before, of: group), !notes.contains(note) else { continue }
        notes.append(note)
      }
      notes += partialNotes(of: group, before: old.first { $0.part == group.part })
    }
    return notes
  }

  /// What is told of the rules that a route was served without, and is served without no more or in place of others.
  private static func partialNotes(of group: ConditionGroup, before old: ConditionGroup?) -> [EventNote] {
    guard let before = old?.condition(partial), let accepted = group.condition(.accepted), accepted.status == "True"
    else { return [] }
    let now = group.condition(partial)
    if before.message == now?.message { return [] }
    return [
      EventNote(
        type: now == nil ? "Normal" : "Warning", reason: now?.reason ?? accepted.reason,
        message: "\(group.subject): \(now?.message ?? "all rules of the route are served")")
    ]
  }

  /// What a condition said before; `Unknown` if nothing.
  private static func status(of type: ConditionType, in group: ConditionGroup, before old: [ConditionGroup]) -> String {
    let same = old.first { $0.part == group.part }
    let others = shared.contains(type) ? old : []
    return ([same].compactMap(\.self) + others).flatMap(\.conditions).first { $0.is(type) }?.status
      ?? ConditionStatus.unknown.rawValue
  }

  private static func note(
    _ condition: Condition, _ type: ConditionType, before: String, of group: ConditionGroup
  ) -> EventNote? {
    guard condition.status != before, condition.status != "Unknown" else { return nil }
    let isGood = (condition.status == "True") != badWhenTrue.contains(type)
    let isWaitedFor = toldAtFirst.contains(type) && !group.isDetail
    if before == "Unknown", isGood ? !isWaitedFor : badAtBirth.contains(type) { return nil }
    let start = group.subject.isEmpty || shared.contains(type) ? "" : "\(group.subject): "
    return EventNote(
      type: isGood ? "Normal" : "Warning", reason: condition.reason, message: start + message(of: condition))
  }

  /// The condition's message, which for endpoints is made for a narrow column, with what it means.
  private static func message(of condition: Condition) -> String {
    if condition.is(.endpointsReady), condition.status == "False" { return "\(condition.message); requests get 503" }
    return condition.message.isEmpty ? "\(condition.type) is \(condition.status)" : condition.message
  }
}
