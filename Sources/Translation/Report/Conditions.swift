import KubernetesAPI

/// A finding about an object, from which a condition is made: its reason for machines and its message for people.
struct Finding: Equatable, Sendable, Error {
  var reason: String
  var message: String

  init(_ reason: String, _ message: String) {
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
  /// A condition of an object of this generation, without a time.
  init(_ type: String, _ holds: Bool, _ reason: String, _ message: String, of metadata: ObjectMeta) {
    self.init(
      type: type, status: holds ? "True" : "False", reason: reason, message: bounded(message),
      observedGeneration: metadata.generation)
  }

  /// A condition that holds unless there is a `problem`.
  init(_ type: String, unless problem: Finding?, reason: String, _ message: String, of metadata: ObjectMeta) {
    self.init(type, problem == nil, problem?.reason ?? reason, problem?.message ?? message, of: metadata)
  }
}

/// The API takes 32768 characters of message and refuses the whole status for one more; nobody reads a tenth of that.
private func bounded(_ message: String) -> String {
  message.unicodeScalars.count <= 3000 ? message : String(message.unicodeScalars.prefix(3000)) + " … and more"
}
