import Foundation
import KubernetesAPI

extension APIHandler {
  func update(_ request: APIRequest, _ path: ResourcePath, _ name: String) throws(StatusError) -> APIResponse {
    let object = try BodyReader.object(request, path)
    guard object.objectName == name else {
      throw .badRequest(
        "the name of the object (\(object.objectName)) does not match the name on the URL (\(name))")
    }
    if object.objectVersion == 0, path.kind.isCustom {
      throw .invalid(
        group: path.kind.group, kind: path.kind.kind, name: name,
        [.invalid("metadata.resourceVersion", "0", "must be specified for an update")])
    }
    let (stored, warnings) = try storage.write { (state) throws(StatusError) in
      guard let old = state.store.object(path.kind.resource, ObjectStore.key(path.namespace, name)) else {
        throw .notFound(path.kind.resource, name)
      }
      return try replace(old, with: object, request, path, &state) { Self.strictError(path.kind, $0) }
    }
    return respond(200, stored, request, path.kind, warnings: warnings)
  }

  /// Stores the next state of an object: the part that the path may change, with generation, ownership and finalizers.
  ///
  /// - Parameter strictError: the error for unknown fields, whose words differ between update and patch.
  func replace(
    _ old: JSONValue, with submitted: JSONValue, _ request: APIRequest, _ path: ResourcePath,
    _ state: inout ClusterStorage.State, record: Bool = true, strictError: (String) -> StatusError
  ) throws(StatusError) -> (JSONValue, [String]) {
    let kind = path.kind
    try checkPreconditions(old, submitted, kind)
    var object = submitted
    let rules = ObjectRules(kind: kind, request: request)
    let warnings: [String]
    do { warnings = try rules.normalize(&object) } catch { throw strictError(error.list) }
    restrict(&object, old, path)
    keepMetadata(&object, old, kind)
    try rules.check(object, old: old)
    let changed = object.withoutBookkeeping != old.withoutBookkeeping
    guard changed else { return (old, warnings) }
    if kind.countsGenerations, Self.desired(object) != Self.desired(old) {
      object.plant(.integer((old.dig("metadata", "generation")?.integerValue ?? 0) + 1), "metadata", "generation")
    }
    if record {
      FieldOwnership.recordUpdate(
        &object, old: old, kind: kind, manager: request.fieldManager, subresource: path.subresource, now: timestamp)
    }
    if request.isDryRun { return (object, warnings) }
    let key = ObjectStore.key(path.namespace, old.objectName)
    let stored = state.put(kind.resource, key, object)
    if stored.isTerminating, stored.objectFinalizers.isEmpty, kind.resource != Self.namespaces {
      finishRemoval(stored, kind.resource, key, &state)
    }
    return (stored, warnings)
  }

  private func checkPreconditions(_ old: JSONValue, _ object: JSONValue, _ kind: ServedKind) throws(StatusError) {
    if object.objectVersion != 0, object.objectVersion != old.objectVersion {
      throw .modified(kind.resource, old.objectName)
    }
    if !object.objectUID.isEmpty, object.objectUID != old.objectUID {
      throw .conflict(
        kind.resource, old.objectName,
        "Precondition failed: UID in precondition: \(object.objectUID), UID in object meta: \(old.objectUID)")
    }
  }

  /// A write to the status changes nothing but the status, and a write to the object leaves the status alone.
  private func restrict(_ object: inout JSONValue, _ old: JSONValue, _ path: ResourcePath) {
    if path.subresource == "status" {
      let status = object["status"]
      let managed = object.dig("metadata", "managedFields")
      object = old
      object["status"] = status
      if managed != nil { object.plant(managed, "metadata", "managedFields") }
    } else if path.subresource == nil, path.kind.hasStatus {
      object["status"] = old["status"]
    }
  }

  private func keepMetadata(_ object: inout JSONValue, _ old: JSONValue, _ kind: ServedKind) {
    for field in [
      "name", "namespace", "uid", "creationTimestamp", "generation", "resourceVersion", "deletionTimestamp",
      "deletionGracePeriodSeconds",
    ] { object.plant(old.dig("metadata", field), "metadata", field) }
    object["apiVersion"] = old["apiVersion"]
    object["kind"] = old["kind"]
    if object.dig("metadata", "managedFields") == nil {
      object.plant(old.dig("metadata", "managedFields"), "metadata", "managedFields")
    }
    for field in ["labels", "annotations"] where object.dig("metadata", field) == [:] {
      object.plant(old.dig("metadata", field) == [:] ? .some([:]) : .none, "metadata", field)
    }
    if object.dig("metadata", "finalizers") == [] { object.plant(nil, "metadata", "finalizers") }
    if kind.resource == Self.namespaces, object["spec"] == nil { object["spec"] = old["spec"] }
  }

  /// What a user asks for: everything but metadata and status.
  private static func desired(_ object: JSONValue) -> [String: JSONValue] {
    object.fieldMap.filter { !["metadata", "status", "apiVersion", "kind"].contains($0.key) }
  }
}

extension JSONValue {
  /// The object without what a write that changes nothing would still touch.
  var withoutBookkeeping: JSONValue {
    var object = self
    object.plant(nil, "metadata", "managedFields")
    object.plant(nil, "metadata", "resourceVersion")
    object["apiVersion"] = nil
    return object
  }
}
