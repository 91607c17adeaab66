import Foundation
import JSONText
import KubernetesAPI

/// What goes with an object that goes: the objects of a kind, the content of a namespace.
extension APIHandler {
  /// Removes an object, or marks it when finalizers hold it.
  ///
  /// - Returns: its last state, and whether it is gone.
  func remove(
    _ old: JSONValue, _ resource: ResourceName, _ key: String, _ state: inout ClusterStorage.State, orphan: Bool
  ) -> (JSONValue, Bool) {
    if resource == Self.namespaces { return (removeNamespace(old, key, &state), true) }
    if resource == KindRegistry.definitions { removeInstances(of: old, &state) }
    guard isHeld(old, resource, state) else {
      let last = state.remove(resource, key) ?? old
      followUp(last, resource, &state, orphan: orphan)
      return (last, true)
    }
    if old.isTerminating { return (old, false) }
    var marked = old
    marked["metadata", "deletionTimestamp"] = .string(timestamp)
    marked["metadata", "deletionGracePeriodSeconds"] = 0
    if resource == KindRegistry.definitions { DefinitionStatus.terminate(&marked, now: timestamp) }
    if let generation = old["metadata", "generation"]?.integerValue {
      marked["metadata", "generation"] = .integer(generation + 1)
    }
    return (state.put(resource, key, marked), false)
  }

  /// Whether something keeps a deleted object: a finalizer, or a definition's objects.
  func isHeld(_ object: JSONValue, _ resource: ResourceName, _ state: ClusterStorage.State) -> Bool {
    !object.objectFinalizers.isEmpty || resource == KindRegistry.definitions && Self.hasInstances(object, state)
  }

  /// Takes an object away whose last finalizer has gone.
  func finishRemoval(_ object: JSONValue, _ resource: ResourceName, _ key: String, _ state: inout ClusterStorage.State)
  {
    guard let last = state.remove(resource, key) else { return }
    followUp(last, resource, &state, orphan: false)
  }

  private func followUp(
    _ removed: JSONValue, _ resource: ResourceName, _ state: inout ClusterStorage.State, orphan: Bool
  ) {
    if !orphan { state.gone.insert(removed.objectUID) }
    finishDefinition(of: resource, &state)
    let namespace = removed.objectNamespace
    if let holder = state.store.object(Self.namespaces, namespace), holder.isTerminating {
      finishNamespace(namespace, &state)
    }
  }

  private static func instances(of definition: JSONValue) -> ResourceName {
    ResourceName(
      group: definition["spec", "group"]?.stringValue ?? "",
      plural: definition["spec", "names", "plural"]?.stringValue ?? "")
  }

  private static func hasInstances(_ definition: JSONValue, _ state: ClusterStorage.State) -> Bool {
    !state.store.isEmpty(instances(of: definition))
  }

  /// Objects of a kind go with its definition, whether a version of it is served or not; those with finalizers keep the
  /// definition until they are gone.
  private func removeInstances(of definition: JSONValue, _ state: inout ClusterStorage.State) {
    let resource = Self.instances(of: definition)
    for (key, object) in state.store.objects(resource) { _ = remove(object, resource, key, &state, orphan: false) }
  }

  /// A definition that was only waiting for the last object of its kind goes with it.
  private func finishDefinition(of resource: ResourceName, _ state: inout ClusterStorage.State) {
    guard let definition = state.store.object(KindRegistry.definitions, resource.description), definition.isTerminating,
      definition.objectFinalizers.isEmpty, !Self.hasInstances(definition, state)
    else { return }
    finishRemoval(definition, KindRegistry.definitions, resource.description, &state)
  }

  private func removeNamespace(_ old: JSONValue, _ key: String, _ state: inout ClusterStorage.State) -> JSONValue {
    var marked = old
    if !old.isTerminating { marked["metadata", "deletionTimestamp"] = .string(timestamp) }
    marked["status", "phase"] = "Terminating"
    let stored = state.put(Self.namespaces, key, marked)
    for resource in state.store.resources {
      for (key, object) in state.store.objects(resource, namespace: old.objectName) {
        _ = remove(object, resource, key, &state, orphan: true)
      }
    }
    finishNamespace(old.objectName, &state)
    return stored
  }

  /// A namespace goes when nothing is left in it.
  private func finishNamespace(_ name: String, _ state: inout ClusterStorage.State) {
    let isEmpty = state.store.collections.keys.allSatisfy { state.store.isEmpty($0, namespace: name) }
    if isEmpty { state.remove(Self.namespaces, name) }
  }
}
