import KubernetesAPI
import Translation

/// One condition that a translation gives, with whose it is.
struct SaidCondition: Hashable {
  /// The kind; `Listener` of a Gateway, `ListenerEntry` of a ListenerSet.
  var kind: String
  /// Namespace and name, of a listener with its own name behind.
  var object: String
  var type: String
  var status: String
  var reason: String
  var message: String

  /// Without the object and what is told to people.
  var word: String { "\(kind) \(type)=\(status) \(reason)" }
}

extension StatusReport {
  /// All conditions of the report.
  var said: [SaidCondition] {
    var all: [SaidCondition] = []
    func add(_ kind: String, _ object: String, _ conditions: [Condition]) {
      all += conditions.map {
        SaidCondition(
          kind: kind, object: object, type: $0.type, status: $0.status, reason: $0.reason, message: $0.message)
      }
    }
    for (key, status) in gatewayClasses { add("GatewayClass", key.name, status.conditions) }
    for (key, status) in gateways {
      add("Gateway", "\(key)", status.conditions)
      for listener in status.listeners { add("Listener", "\(key)/\(listener.name)", listener.conditions) }
    }
    for (key, status) in listenerSets {
      add("ListenerSet", "\(key)", status.conditions)
      for listener in status.listeners { add("ListenerEntry", "\(key)/\(listener.name)", listener.conditions) }
    }
    for (kind, statuses) in routes {
      for (key, parents) in statuses { add(kind.rawValue, "\(key)", parents.flatMap(\.conditions)) }
    }
    for (key, ancestors) in backendTLSPolicies { add("BackendTLSPolicy", "\(key)", ancestors.flatMap(\.conditions)) }
    for (key, parents) in inferencePools { add("InferencePool", "\(key)", parents.flatMap(\.conditions)) }
    for (key, parents) in inferencePoolsV1Alpha2 {
      add("InferencePool v1alpha2", "\(key)", parents.flatMap(\.conditions))
    }
    for (type, statuses) in plain {
      for (key, conditions) in statuses { add(type.kind, "\(key)", conditions) }
    }
    return all
  }
}

extension GoldenCase {
  /// What all cases say, by their names.
  static let said: Result<[String: [SaidCondition]], any Error> = Result {
    try Dictionary(uniqueKeysWithValues: all.map { ($0.name, translate(try $0.load().state).statuses.said) })
  }
}
