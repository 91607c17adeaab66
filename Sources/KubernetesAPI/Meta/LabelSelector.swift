/// A test of labels: all of `matchLabels` and all of `matchExpressions`.
///
/// Source: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/>
public struct LabelSelector: Codable, Sendable, Equatable {
  /// Labels that must be there with these values.
  @OrEmpty public var matchLabels: [String: String]
  /// Further requirements.
  @OrEmpty public var matchExpressions: [LabelSelectorRequirement]

  /// Makes the value from its parts.
  public init(matchLabels: [String: String] = [:], matchExpressions: [LabelSelectorRequirement] = []) {
    self.matchLabels = matchLabels
    self.matchExpressions = matchExpressions
  }

  /// Whether `labels` meet every requirement; an empty selector takes all, an unknown operator takes none.
  public func matches(_ labels: [String: String]) -> Bool {
    matchLabels.allSatisfy { labels[$0.key] == $0.value } && matchExpressions.allSatisfy { $0.matches(labels) }
  }
}

/// One requirement of a ``LabelSelector``.
public struct LabelSelectorRequirement: Codable, Sendable, Equatable {
  /// The label.
  @OrEmpty public var key: String
  /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
  @OrEmpty public var `operator`: String
  /// Values for `In` and `NotIn`.
  @OrEmpty public var values: [String]

  /// Makes the value from its parts.
  public init(key: String, operator: String, values: [String] = []) {
    self.key = key
    self.operator = `operator`
    self.values = values
  }

  /// Whether `labels` meet it. A label that is missing meets `NotIn`.
  public func matches(_ labels: [String: String]) -> Bool {
    switch self.operator {
    case "In": labels[key].map(values.contains) ?? false
    case "NotIn": !(labels[key].map(values.contains) ?? false)
    case "Exists": labels[key] != nil
    case "DoesNotExist": labels[key] == nil
    default: false
    }
  }
}
