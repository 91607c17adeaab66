import KubernetesAPI

/// An object whose status this controller writes, as the events that tell of its changes see it.
protocol StatusBearing: Resource {
  /// The conditions that a controller writes, in groups; not those of others, where entries say whose they are.
  func conditionGroups(of controllerName: String) -> [ConditionGroup]
}

/// Conditions that belong to one part of an object.
struct ConditionGroup: Equatable, Sendable {
  /// What tells a part from all others of the object.
  enum Part: Equatable, Sendable {
    case whole
    case listener(String)
    /// Written out: two entries for one Gateway may differ in nothing but the port.
    case parent(ParentReference)
  }

  var part: Part
  var conditions: [Condition]

  /// The part, as people name it; empty for the object itself.
  var subject: String {
    switch part {
    case .whole: ""
    case .listener(let name): "listener \(name)"
    case .parent(let reference): Self.text(of: reference)
    }
  }

  /// The condition of this type.
  func condition(_ type: ConditionType) -> Condition? { conditions.first { $0.is(type) } }

  /// Whether the object's own conditions sum it up, so that it need not be told when all is well.
  var isDetail: Bool { if case .listener = part { true } else { false } }

  private static func text(of reference: ParentReference) -> String {
    let section = reference.sectionName.map { ", section \($0)" } ?? ""
    let port = reference.port.map { ", port \($0)" } ?? ""
    return "\(reference.kind ?? "") \(reference.namespace ?? "")/\(reference.name)\(section)\(port)"
  }
}

extension ConditionGroup {
  init(whole conditions: [Condition]?) {
    self.init(part: .whole, conditions: conditions ?? [])
  }

  /// Those of an object with listeners.
  static func groups(_ whole: [Condition]?, _ listeners: [ListenerStatus]?) -> [ConditionGroup] {
    [ConditionGroup(whole: whole)]
      + (listeners ?? []).map { ConditionGroup(part: .listener($0.name), conditions: $0.conditions) }
  }

  init(_ entry: some ParentEntry, in namespace: String) {
    self.init(part: .parent(entry.parentRef.explicit(in: namespace)), conditions: entry.conditions)
  }
}

extension GatewayClass: StatusBearing {
  func conditionGroups(of controllerName: String) -> [ConditionGroup] { [ConditionGroup(whole: status?.conditions)] }
}

extension Gateway: StatusBearing {
  func conditionGroups(of controllerName: String) -> [ConditionGroup] {
    ConditionGroup.groups(status?.conditions, status?.listeners)
  }
}

extension ListenerSet: StatusBearing {
  func conditionGroups(of controllerName: String) -> [ConditionGroup] {
    ConditionGroup.groups(status?.conditions, status?.listeners)
  }
}

extension HTTPRoute: StatusBearing {}

extension GRPCRoute: StatusBearing {}

extension TLSRoute: StatusBearing {}

extension TransportRoute: StatusBearing {}

extension StatusBearing where Self: Route {
  func conditionGroups(of controllerName: String) -> [ConditionGroup] {
    (status?.parents ?? []).filter { $0.controllerName == controllerName }
      .map { ConditionGroup($0, in: metadata.namespace) }
  }
}

extension InferencePool: StatusBearing {
  func conditionGroups(of controllerName: String) -> [ConditionGroup] {
    (status?.parents ?? []).filter { $0.controllerName == controllerName }
      .map { ConditionGroup($0, in: metadata.namespace) }
  }
}

extension InferencePoolV1Alpha2: StatusBearing {
  /// All entries: they name no controller, and those of others are the same before and after a write of ours.
  func conditionGroups(of controllerName: String) -> [ConditionGroup] {
    (status?.parent ?? []).map { ConditionGroup($0, in: metadata.namespace) }
  }
}

extension BackendTLSPolicy: StatusBearing {
  func conditionGroups(of controllerName: String) -> [ConditionGroup] {
    (status?.ancestors ?? []).filter { $0.controllerName == controllerName }
      .map { ConditionGroup($0, in: metadata.namespace) }
  }
}

extension InferenceModel: StatusBearing {}

extension InferenceObjective: StatusBearing {}

extension InferenceModelRewrite: StatusBearing {}

extension StatusBearing where Self: ConditionBearing {
  func conditionGroups(of controllerName: String) -> [ConditionGroup] { [ConditionGroup(whole: status?.conditions)] }
}
