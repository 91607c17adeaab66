import KubernetesAPI

extension DesiredStatus {
  /// Conditions whose message counts what comes and goes with every pod.
  private static let counting: [ConditionType] = [.endpointsReady, .acceleratorsFound, .pickerReady]

  /// Whether nobody has to hear of the difference at once: the same conditions with the same statuses and reasons, of the
  /// same generation, and other counts.
  func saysTheSameButForNumbers(as old: DesiredStatus) -> Bool {
    self == old || withoutNumbers == old.withoutNumbers
  }

  private var withoutNumbers: DesiredStatus {
    switch self {
    case .inferencePool(let parents): .inferencePool(parents.map(Self.withoutNumbers))
    case .inferencePoolV1Alpha2(let parents, let gateways):
      .inferencePoolV1Alpha2(parents.map(Self.withoutNumbers), gateways: gateways)
    default: self
    }
  }

  private static func withoutNumbers(_ entry: PoolParentStatus) -> PoolParentStatus {
    var entry = entry
    for index in entry.conditions.indices where counting.contains(where: entry.conditions[index].is) {
      entry.conditions[index].message = ""
    }
    return entry
  }
}
