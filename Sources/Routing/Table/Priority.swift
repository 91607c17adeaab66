/// How a request stands against others of its pool: the higher is served first, and below 0 it is shed first.
///
/// Source: `spec.priority` of InferenceObjective v1alpha2, llm-d-router.
public struct Priority: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
  /// What ``Criticality/critical`` means as a number.
  public static let critical = Priority(rawValue: 100)
  /// What ``Criticality/standard`` means, and what a request has of which nothing is said.
  public static let standard = Priority(rawValue: 0)
  /// What ``Criticality/sheddable`` means.
  public static let sheddable = Priority(rawValue: -100)

  /// The number, as objects have it.
  public let rawValue: Int32

  /// A priority of that number.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// The priority of a criticality. The gaps between them are for objectives.
  public init(_ criticality: Criticality) {
    switch criticality {
    case .critical: self = .critical
    case .standard: self = .standard
    case .sheddable: self = .sheddable
    }
  }

  /// The criticality whose rules hold for it: Sheddable below 0, Critical from 100 on, Standard between them.
  public var criticality: Criticality {
    if self < .standard { return .sheddable }
    return self < .critical ? .standard : .critical
  }

  /// The number.
  public var description: String { String(rawValue) }

  /// Orders from what is served last to what is served first.
  public static func < (left: Priority, right: Priority) -> Bool { left.rawValue < right.rawValue }
}

/// How important requests for a model are to the pool's owner.
///
/// Source: `spec.criticality` of InferenceModel v1alpha2, Gateway API Inference Extension.
public enum Criticality: String, Sendable, Hashable, CaseIterable {
  /// Shed first.
  case sheddable = "Sheddable"
  /// The default.
  case standard = "Standard"
  /// Shed last.
  case critical = "Critical"
}
