import JSONText
import KubernetesAPI

/// Dependents go with their owners.
extension APIHandler {
  /// Changes the state, and then takes away what the change left without an owner.
  func write<Result>(_ body: (inout ClusterStorage.State) throws(StatusError) -> Result) throws(StatusError) -> Result {
    try storage.write { (state) throws(StatusError) in
      let result = try body(&state)
      collectGarbage(&state)
      return result
    }
  }

  /// Deletes what has no other owner, as the garbage collector of a real cluster does; what has one forgets the others.
  ///
  /// What goes here may leave others without an owner, so it goes on until nothing more went.
  private func collectGarbage(_ state: inout ClusterStorage.State) {
    guard !state.gone.isEmpty else { return }
    var alive = Self.identities(state)
    while !state.gone.isEmpty {
      let gone = state.gone
      state.gone = []
      for (resource, key) in Self.dependents(of: gone, state) {
        alive.subtract(state.gone)
        settle(resource, key, alive, &state)
      }
      alive.subtract(state.gone)
    }
  }

  private static func identities(_ state: ClusterStorage.State) -> Set<String> {
    Set(state.store.collections.values.flatMap { $0.objects.values.map(\.objectUID) })
  }

  private static func dependents(
    of gone: Set<String>, _ state: ClusterStorage.State
  ) -> [(resource: ResourceName, key: String)] {
    state.store.resources.flatMap { resource in
      (state.store.collections[resource]?.objects ?? [:])
        .filter { entry in entry.value.ownerReferences.contains { gone.contains($0["uid"]?.stringValue ?? "") } }
        .keys.sorted().map { (resource, $0) }
    }
  }

  /// The object is read anew, since it may have gone or changed with another dependent.
  private func settle(
    _ resource: ResourceName, _ key: String, _ alive: Set<String>, _ state: inout ClusterStorage.State
  ) {
    guard var object = state.store.object(resource, key), !object.isTerminating else { return }
    let left = object.ownerReferences.filter { alive.contains($0["uid"]?.stringValue ?? "") }
    guard !left.isEmpty else {
      _ = remove(object, resource, key, &state, orphan: false)
      return
    }
    guard left.count < object.ownerReferences.count else { return }
    object["metadata", "ownerReferences"] = .array(left)
    state.put(resource, key, object)
  }
}

extension JSONValue {
  fileprivate var ownerReferences: [JSONValue] { self["metadata", "ownerReferences"]?.arrayValue ?? [] }
}
