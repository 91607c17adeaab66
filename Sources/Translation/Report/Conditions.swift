import KubernetesAPI

/// A finding about an object, from which a condition is made: its reason for machines and its message for people.
struct Finding: Equatable, Sendable, Error {
  var reason: ConditionReason
  var message: String

  init(_ reason: ConditionReason, _ message: String) {
    self.reason = reason
    self.message = message
  }

  /// One with the reason of the first and the messages of all; `nil` if there are none.
  init?(_ findings: [Finding]) {
    guard let first = findings.first else { return nil }
    self.init(first.reason, findings.map(\.message).joined(separator: "; "))
  }
}

extension Condition {
  /// A condition that holds unless there is a `problem`.
  init(
    _ type: ConditionType, unless problem: Finding?, reason: ConditionReason, _ message: String,
    of metadata: ObjectMeta
  ) {
    self.init(
      type, ConditionStatus(problem == nil), problem?.reason ?? reason, problem?.message ?? message, of: metadata)
  }
}
