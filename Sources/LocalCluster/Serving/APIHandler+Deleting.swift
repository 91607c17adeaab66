import Foundation
import KubernetesAPI

extension APIHandler {
  func delete(_ request: APIRequest, _ path: ResourcePath, _ name: String) throws(StatusError) -> APIResponse {
    guard path.subresource == nil else { throw .methodNotAllowed() }
    let options = try deleteOptions(request)
    let kind = path.kind
    let (object, gone) = try storage.write { (state) throws(StatusError) in
      let key = ObjectStore.key(path.namespace, name)
      guard let old = state.store.object(kind.resource, key) else { throw .notFound(kind.resource, name) }
      try checkDeletion(options, old, kind)
      if options.isDryRun { return (old, true) }
      return remove(old, kind, key, &state, orphan: options.orphans)
    }
    if gone, kind.isCustom || !["pods", "namespaces"].contains(kind.plural) {
      return .json(200, Self.deleted(object, kind))
    }
    return respond(200, object, request, kind)
  }

  func deleteCollection(_ request: APIRequest, _ path: ResourcePath) throws(StatusError) -> APIResponse {
    guard path.kind.verbs.contains("deletecollection") else { throw .methodNotAllowed() }
    let options = try deleteOptions(request)
    let selection = try selection(request, path)
    let removed = try storage.write { (state) throws(StatusError) in
      let found = state.store.objects(path.kind.resource, namespace: path.namespace)
        .filter { selection.matches($0.value) }
      guard !options.isDryRun else { return found.map(\.value) }
      return found.map { remove($0.value, path.kind, $0.key, &state, orphan: options.orphans).0 }
    }
    let version = storage.read { $0.store.version }
    let renderer = ObjectRenderer(kind: path.kind, shape: .negotiate(request.accept), query: request.query, now: now())
    return .json(200, renderer.list(removed, metadata: ["resourceVersion": .string(String(version))]))
  }

  private struct DeleteOptions {
    var uid: String?
    var version: String?
    var orphans: Bool
    var isDryRun: Bool
  }

  private func deleteOptions(_ request: APIRequest) throws(StatusError) -> DeleteOptions {
    var body: JSONValue = [:]
    if !request.body.isEmpty { body = try BodyReader.value(request, kind: "DeleteOptions") }
    let policy = body.digText("propagationPolicy") ?? request.query["propagationPolicy"]
    return DeleteOptions(
      uid: body.digText("preconditions", "uid"), version: body.digText("preconditions", "resourceVersion"),
      orphans: policy == "Orphan" || body["orphanDependents"] == true,
      isDryRun: request.isDryRun || !(body["dryRun"]?.itemList ?? []).isEmpty)
  }

  private func checkDeletion(_ options: DeleteOptions, _ old: JSONValue, _ kind: ServedKind) throws(StatusError) {
    // The real server names the kind, not the resource, in these two messages.
    let named = ResourceName(group: kind.group, plural: kind.kind)
    if let uid = options.uid, uid != old.objectUID {
      throw .conflict(
        named, old.objectName,
        "the UID in the precondition (\(uid)) does not match the UID in record (\(old.objectUID)). "
          + "The object might have been deleted and then recreated")
    }
    if let version = options.version, version != String(old.objectVersion) {
      throw .conflict(
        named, old.objectName,
        "the ResourceVersion in the precondition (\(version)) does not match the ResourceVersion in record "
          + "(\(old.objectVersion)). The object might have been modified")
    }
    if kind.resource == Self.namespaces, ["default", "kube-system", "kube-public"].contains(old.objectName) {
      throw .forbidden(kind.resource, old.objectName, "this namespace may not be deleted")
    }
  }

  /// Removes an object, or marks it when finalizers hold it.
  ///
  /// - Returns: its last state, and whether it is gone.
  func remove(
    _ old: JSONValue, _ kind: ServedKind, _ key: String, _ state: inout ClusterStorage.State, orphan: Bool
  ) -> (JSONValue, Bool) {
    if kind.resource == Self.namespaces { return (removeNamespace(old, key, &state), true) }
    guard !old.objectFinalizers.isEmpty else {
      let last = state.remove(kind.resource, key) ?? old
      followUp(last, kind.resource, &state, orphan: orphan)
      return (last, true)
    }
    if old.isTerminating { return (old, false) }
    var marked = old
    marked.plant(.string(timestamp), "metadata", "deletionTimestamp")
    marked.plant(0, "metadata", "deletionGracePeriodSeconds")
    if let generation = old.dig("metadata", "generation")?.integerValue {
      marked.plant(.integer(generation + 1), "metadata", "generation")
    }
    return (state.put(kind.resource, key, marked), false)
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
    if resource == KindRegistry.definitions { removeInstances(of: removed, &state) }
    if !orphan { removeDependents(of: removed.objectUID, &state) }
    let namespace = removed.objectNamespace
    if let holder = state.store.object(Self.namespaces, namespace), holder.isTerminating {
      finishNamespace(namespace, &state)
    }
  }

  /// Objects of a kind go with its definition.
  private func removeInstances(of definition: JSONValue, _ state: inout ClusterStorage.State) {
    let resource = ResourceName(
      group: definition.digText("spec", "group") ?? "", plural: definition.digText("spec", "names", "plural") ?? "")
    for (key, _) in state.store.objects(resource) { state.remove(resource, key) }
  }

  /// Deletes what names the removed object as its only owner, as the garbage collector of a real cluster does.
  private func removeDependents(of uid: String, _ state: inout ClusterStorage.State) {
    for (resource, collection) in state.store.collections {
      for (key, object) in collection.objects {
        let owners = object.dig("metadata", "ownerReferences")?.itemList ?? []
        guard owners.count == 1, owners[0].digText("uid") == uid,
          let kind = state.kinds.kinds.first(where: { $0.resource == resource })
        else { continue }
        _ = remove(object, kind, key, &state, orphan: false)
      }
    }
  }

  private func removeNamespace(_ old: JSONValue, _ key: String, _ state: inout ClusterStorage.State) -> JSONValue {
    var marked = old
    if !old.isTerminating { marked.plant(.string(timestamp), "metadata", "deletionTimestamp") }
    marked.plant("Terminating", "status", "phase")
    let stored = state.put(Self.namespaces, key, marked)
    for kind in state.kinds.kinds where kind.namespaced && kind.isStorageVersion {
      for (key, object) in state.store.objects(kind.resource, namespace: old.objectName) {
        _ = remove(object, kind, key, &state, orphan: true)
      }
    }
    finishNamespace(old.objectName, &state)
    return stored
  }

  /// A namespace goes when nothing is left in it.
  private func finishNamespace(_ name: String, _ state: inout ClusterStorage.State) {
    let isEmpty = state.kinds.kinds.allSatisfy { kind in
      !kind.namespaced || state.store.isEmpty(kind.resource, namespace: name)
    }
    if isEmpty { state.remove(Self.namespaces, name) }
  }

  private static func deleted(_ object: JSONValue, _ kind: ServedKind) -> JSONValue {
    var details: JSONValue = [
      "name": .string(object.objectName), "kind": .string(kind.plural), "uid": .string(object.objectUID),
    ]
    if !kind.group.isEmpty { details["group"] = .string(kind.group) }
    return ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "details": details]
  }
}
