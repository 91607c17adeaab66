/// One aspect of an object's state.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/> (`metav1.Condition`).
public struct Condition: Codable, Sendable, Equatable {
  /// The aspect, for example `Accepted`; unique in its list.
  @OrEmpty public var type: String
  /// `True`, `False` or `Unknown`.
  @OrEmpty public var status: String
  /// The generation of the object that this was said of.
  public var observedGeneration: Int64?
  /// When `status` last changed; `nil` until a writer sets it.
  public var lastTransitionTime: Timestamp?
  /// Why, in one CamelCase word.
  @OrEmpty public var reason: String
  /// Why, for a person.
  @OrEmpty public var message: String

  /// A condition.
  public init(
    type: String, status: String, reason: String, message: String, observedGeneration: Int64? = nil,
    lastTransitionTime: Timestamp? = nil
  ) {
    self.type = type
    self.status = status
    self.reason = reason
    self.message = message
    self.observedGeneration = observedGeneration
    self.lastTransitionTime = lastTransitionTime
  }

  private enum CodingKeys: String, CodingKey {
    case type, status, observedGeneration, lastTransitionTime, reason, message
  }

  /// Writes every member that the schema requires, the message even when it is empty.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(type, forKey: .type)
    try container.encode(status, forKey: .status)
    try container.encodeIfPresent(observedGeneration, forKey: .observedGeneration)
    try container.encodeIfPresent(lastTransitionTime, forKey: .lastTransitionTime)
    try container.encode(reason, forKey: .reason)
    try container.encode(message, forKey: .message)
  }
}
