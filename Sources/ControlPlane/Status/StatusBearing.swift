import KubernetesAPI

/// An object whose status this controller writes, as the events that tell of its changes see it.
protocol StatusBearing: Resource {
  /// Its conditions, in groups.
  var conditionGroups: [ConditionGroup] { get }
}

/// Conditions that belong to one part of an object.
struct ConditionGroup: Equatable, Sendable {
  /// The part, as people name it; empty for the object itself.
  var subject: String
  var conditions: [Condition]
  /// Whether the object's own conditions sum it up, so that it need not be told when all is well.
  var isDetail = false
}

extension GatewayClass: StatusBearing {
  var conditionGroups: [ConditionGroup] { [ConditionGroup(subject: "", conditions: status?.conditions ?? [])] }
}

extension Gateway: StatusBearing {
  var conditionGroups: [ConditionGroup] {
    [ConditionGroup(subject: "", conditions: status?.conditions ?? [])]
      + (status?.listeners ?? []).map {
        ConditionGroup(subject: "listener \($0.name)", conditions: $0.conditions, isDetail: true)
      }
  }
}

extension HTTPRoute: StatusBearing {
  var conditionGroups: [ConditionGroup] { (status?.parents ?? []).map { group($0, in: metadata.namespace) } }
}

extension InferencePool: StatusBearing {
  var conditionGroups: [ConditionGroup] { (status?.parents ?? []).map { group($0, in: metadata.namespace) } }
}

extension InferencePoolV1Alpha2: StatusBearing {
  var conditionGroups: [ConditionGroup] { (status?.parent ?? []).map { group($0, in: metadata.namespace) } }
}

extension InferenceModel: StatusBearing {
  var conditionGroups: [ConditionGroup] { [ConditionGroup(subject: "", conditions: status?.conditions ?? [])] }
}

private func group(_ entry: some ParentEntry, in namespace: String) -> ConditionGroup {
  let reference = entry.parentRef.explicit(in: namespace)
  let section = reference.sectionName.map { ", section \($0)" } ?? ""
  let parent = "\(reference.kind ?? "") \(reference.namespace ?? "")/\(reference.name)\(section)"
  return ConditionGroup(subject: parent, conditions: entry.conditions)
}
