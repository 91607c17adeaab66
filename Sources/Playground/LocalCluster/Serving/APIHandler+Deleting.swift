import Foundation
import JSONText
import KubernetesAPI
import KubernetesSchema

extension APIHandler {
  func delete(_ request: APIRequest, _ path: ResourcePath, _ name: String) throws(StatusError) -> APIResponse {
    guard path.subresource == nil else { throw .methodNotAllowed() }
    let options = try deleteOptions(request)
    let kind = path.kind
    let (object, gone) = try write { (state) throws(StatusError) in
      let key = ObjectStore.key(path.namespace, name)
      guard let old = state.store.object(kind.resource, key) else { throw .notFound(kind.resource, name) }
      try checkDeletion(options, old, kind)
      if options.isDryRun { return (old, true) }
      return remove(old, kind.resource, key, &state, orphan: options.orphans)
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
    let removed = try write { (state) throws(StatusError) in
      let found = state.store.objects(path.kind.resource, namespace: path.namespace)
        .filter { selection.matches($0.value) }
      guard !options.isDryRun else { return found.map(\.value) }
      return found.map { remove($0.value, path.kind.resource, $0.key, &state, orphan: options.orphans).0 }
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
    let policy = body["propagationPolicy"]?.stringValue ?? request.query["propagationPolicy"]
    return DeleteOptions(
      uid: body["preconditions", "uid"]?.stringValue, version: body["preconditions", "resourceVersion"]?.stringValue,
      orphans: policy == "Orphan" || body["orphanDependents"] == true,
      isDryRun: request.isDryRun || !(body["dryRun"]?.arrayValue ?? []).isEmpty)
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

  private static func deleted(_ object: JSONValue, _ kind: ServedKind) -> JSONValue {
    var details: JSONValue = [
      "name": .string(object.objectName), "kind": .string(kind.plural), "uid": .string(object.objectUID),
    ]
    if !kind.group.isEmpty { details["group"] = .string(kind.group) }
    return ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "details": details]
  }
}
