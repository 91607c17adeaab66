import KubernetesAPI
package import Translation

extension StatusReport {
  /// The conditions as samples of `switchyard_conditions`: kind, namespace, name, type and status, each once however many
  /// parents or listeners say so. What is not `True` comes first, so that a limit leaves out what is well.
  ///
  /// A listener is of kind `Listener` and named `GATEWAY/LISTENER`; one of a ListenerSet is of kind `ListenerEntry` and named
  /// `LISTENERSET/LISTENER`.
  package func conditionSamples(limit: Int = 10_000) -> [[String]] {
    var samples: Set<[String]> = []
    func add(_ kind: String, _ key: ObjectKey, _ conditions: [Condition]) {
      for condition in conditions {
        samples.insert([kind, key.namespace, key.name, condition.type, condition.status])
      }
    }
    for (key, status) in gatewayClasses { add("GatewayClass", key, status.conditions) }
    for (key, status) in gateways {
      add("Gateway", key, status.conditions)
      for listener in status.listeners { add("Listener", key.entry(listener.name), listener.conditions) }
    }
    for (key, status) in listenerSets {
      add("ListenerSet", key, status.conditions)
      for listener in status.listeners { add("ListenerEntry", key.entry(listener.name), listener.conditions) }
    }
    for (kind, statuses) in routes {
      for (key, parents) in statuses { add(kind.rawValue, key, parents.flatMap(\.conditions)) }
    }
    for (key, parents) in inferencePools { add("InferencePool", key, parents.flatMap(\.conditions)) }
    for (key, parents) in inferencePoolsV1Alpha2 {
      add("InferencePool.v1alpha2", key, parents.flatMap(\.conditions))
    }
    for (key, ancestors) in backendTLSPolicies { add("BackendTLSPolicy", key, ancestors.flatMap(\.conditions)) }
    for (type, statuses) in plain {
      // The group is no label: of two objects of one name, in two groups, one is hardly ever accepted.
      for (key, conditions) in statuses { add(type.kind, key, conditions) }
    }
    let sorted = samples.sorted { left, right in
      let isWell = { (sample: [String]) in sample[4] == "True" }
      return isWell(left) == isWell(right) ? left.lexicographicallyPrecedes(right) : isWell(right)
    }
    return Array(sorted.prefix(limit))
  }
}

extension ObjectKey {
  /// What stands for one listener of the object.
  fileprivate func entry(_ listener: String) -> ObjectKey {
    ObjectKey(namespace: namespace, name: "\(name)/\(listener)")
  }
}
