/// Whether an aspect of an object's state is there.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/> (`metav1.Condition`).
public enum ConditionStatus: String, Sendable, CaseIterable {
  /// It is.
  case `true` = "True"
  /// It is not.
  case `false` = "False"
  /// Whoever writes it does not know, or says nothing of it.
  case unknown = "Unknown"

  /// What is known for sure.
  public init(_ holds: Bool) { self = holds ? .true : .false }
}

extension Condition {
  /// A condition of an object of this generation, without a time.
  ///
  /// Only its beginning is taken of a message that is too long: the API takes 32768 characters and refuses the whole status
  /// for one more, and nobody reads a tenth of that.
  public init(
    _ type: ConditionType, _ status: ConditionStatus, _ reason: ConditionReason, _ message: String,
    of metadata: ObjectMeta
  ) {
    self.init(
      type: type.rawValue, status: status.rawValue, reason: reason.rawValue, message: Self.bounded(message),
      observedGeneration: metadata.generation)
  }

  /// Whether it is of this type.
  public func `is`(_ type: ConditionType) -> Bool { self.type == type.rawValue }

  private static func bounded(_ message: String) -> String {
    message.unicodeScalars.count <= 3000 ? message : String(message.unicodeScalars.prefix(3000)) + " … and more"
  }
}
