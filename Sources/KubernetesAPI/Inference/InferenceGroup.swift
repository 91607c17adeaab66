/// An API group that has InferenceObjective and InferenceModelRewrite. They moved from one to another, and kept their shape.
public protocol InferenceGroup: Sendable {
  /// The group's name.
  static var name: String { get }
}

/// `llm-d.ai`, where they are now.
public enum LLMDGroup: InferenceGroup {
  /// The group's name.
  public static let name = "llm-d.ai"
}

/// `inference.networking.x-k8s.io`, where Gateway API Inference Extension had them from v1.0 to v1.5.
public enum ExperimentalInferenceGroup: InferenceGroup {
  /// The group's name.
  public static let name = "inference.networking.x-k8s.io"
}

/// An object of which controllers say nothing but conditions.
public protocol ConditionBearing: Resource {
  /// What controllers say.
  var status: PlainStatus? { get set }
}

/// A status that has conditions only.
public struct PlainStatus: Codable, Sendable, Equatable {
  /// Conditions by type.
  @OrEmpty public var conditions: [Condition]

  /// Makes the value from its parts.
  public init(conditions: [Condition] = []) {
    self.conditions = conditions
  }
}
